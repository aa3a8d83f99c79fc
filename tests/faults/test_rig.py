"""The whole rig loses its power at every flash operation of a session: boot, sets, notes, confirmation, erasing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.rigs import Afternoon, make_board

from rigcore.decode import RawSet
from rigcore.session import UNWRITTEN_MS
from rigcore.setrun import STILL_S

UNWRITTEN_US = (
    UNWRITTEN_MS * 1000 + 500_000
)  # from then on a movement is in the log, with all that came so far


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("board") / "flash.bin"
    make_board(path)
    return path


@pytest.fixture(scope="module")
def whole(
    board: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[int, RawSet], list[tuple[int, int]]]:
    """The session without a cut: its sets, and (operations so far, uptime) at each operation."""
    with Afternoon(board, tmp_path_factory.mktemp("whole")) as afternoon:
        afternoon.run()
        sets = afternoon.sets()
        assert [raw.end["reason"] for raw in sets.values()] == ["still", "still"]
        return sets, afternoon.steps


def check(afternoon: Afternoon, whole: dict[int, RawSet], cut_us: int) -> None:
    """What ended before the cut is there as in the uncut session, what ran lacks at most its last second.

    A movement that is not in the log yet may be lost as a whole.
    The end is known after three seconds of stillness, most of which no set needs: that much later it is on flash.
    """
    found = afternoon.sets()
    for no, complete in whole.items():
        ended_us = complete.end["end_us"] + STILL_S * 1_000_000
        is_young = complete.header["start_us"] > cut_us - UNWRITTEN_US
        if complete.header["start_us"] > cut_us:
            continue  # a start that was cut off before it had its number has no sets, the next one its number
        raw = found.get(no)
        if raw is None:
            assert is_young, f"set {no} is lost"
            continue
        n = len(raw.t_us)
        assert (raw.t_us, raw.count, raw.code) == (complete.t_us[:n], complete.count[:n], complete.code[:n])
        assert raw.header["start_us"] == complete.header["start_us"] and raw.lost_blocks == 0
        last_us = raw.t_us[-1] if raw.t_us else raw.header["start_us"]
        assert n == len(complete.t_us) or last_us > cut_us - 1_000_000 or is_young
        assert raw.end == complete.end or (raw.end is None and cut_us < ended_us + 500_000)


def test_power_cut_at_every_flash_operation(board, whole, thin, tried, tmp_path: Path) -> None:
    complete, steps = whole
    chosen = thin(range(steps[-1][0]), 3)
    for cut in chosen:
        with Afternoon(board, tmp_path / str(cut)) as afternoon:
            afternoon.run(cut, fraction=(cut % 5) / 5)
            assert not afternoon.rig.is_powered
            afternoon.recover()
            check(afternoon, complete, afternoon.uptime_us)
    tried("power cuts of the whole rig", len(chosen))


def test_power_cut_again_during_the_recovery(board, whole, thin, tried, tmp_path: Path) -> None:
    complete, steps = whole
    chosen = thin(range(1, steps[-1][0], 2), 1)
    for cut in chosen:
        with Afternoon(board, tmp_path / str(cut)) as afternoon:
            afternoon.run(cut)
            afternoon.recover(cut=cut % 3, fraction=0.3)
            check(afternoon, complete, afternoon.uptime_us)
    tried("power cuts of the whole rig, and again while it recovers", len(chosen))
