"""How a belt is played and what is waited for, on a rig of a few lines: time in slices, stillness, counts, the date."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig import playback
from retrorig.errors import RetrorigError, RigRefusedError
from retrorig.playback import ReplayResult
from rigcore.vocabulary import IDLE, RATING, RUNNING

HELLO = {"rig": "r1", "era": 1, "boot": 1, "board_us": 5_000_000}


class Rig:
    """Time that passes when it is told to; its client answers `told` in turn, the last of them for ever."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.now_us, self.told, self.belt_counts, self.slices_us = 10_000_000, list(told), 0, list[int]()
        self.begun_us: int | None = None

    def power_on(self) -> None:
        self.now_us += 2_000_000

    def open_port(self) -> Rig:
        return self

    def start_belt(self) -> None:
        self.begun_us = self.now_us

    def run_for(self, microseconds: int) -> None:
        self.now_us += microseconds
        self.slices_us.append(microseconds)

    def hello(self) -> dict[str, Any]:
        return HELLO

    def athlete(self, label: str) -> None:
        self.label = label

    def info(self) -> dict[str, Any]:
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]


def rig(*told: dict[str, Any]) -> Any:
    return Rig(*told)


def test_a_belt_is_watched_each_quarter_of_a_second_and_played_to_its_end_exactly() -> None:
    made, seen = rig({}), list[float]()
    playback._play(made, lambda _, t_s: seen.append(t_s), lambda t_s: t_s < 1.125, 1.125)
    assert made.begun_us == 10_000_000
    assert made.slices_us == [250_000] * 4 + [125_000]
    assert seen == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.125])


@pytest.mark.parametrize(("end_s", "is_refused"), [(math.inf, True), (30.0, False)])
def test_who_is_never_through_is_given_up_and_a_long_recording_is_not(
    monkeypatch: pytest.MonkeyPatch, end_s: float, is_refused: bool
) -> None:
    monkeypatch.setattr(playback, "LONGEST_S", 20.0)
    made = rig({})
    if is_refused:
        with pytest.raises(RetrorigError, match="six hours"):
            playback._play(made, playback._ignore, lambda t_s: t_s < 1000, end_s)
        assert sum(made.slices_us) == 20_250_000
        return
    playback._play(made, playback._ignore, lambda t_s: t_s < end_s, end_s)
    assert sum(made.slices_us) == 30_000_000


RUNS, ASKS, RESTS = (
    {"state": RUNNING, "phase": RUNNING},
    {"state": IDLE, "phase": RATING},
    {"state": IDLE, "phase": IDLE},
)


def test_a_set_and_its_questions_are_waited_for() -> None:
    made = rig(*(told for told in (RUNS, RUNS, ASKS, RESTS) for _ in range(2)))
    playback._await_idle(made, made)
    assert 3 <= len(made.slices_us) <= 8 and set(made.slices_us) == {250_000}


def test_a_set_that_never_ends_is_a_fault_and_one_of_ten_minutes_is_none() -> None:
    made = rig(RUNS)
    with pytest.raises(RigRefusedError, match="did not end"):
        playback._await_idle(made, made)
    assert 600e6 < sum(made.slices_us) < 800e6


@pytest.mark.parametrize(
    ("board", "belt", "found", "looks_n"),
    [
        ([7], [7], (7, 7), 1),
        ([7, 8, 8], [8, 7, 8], (8, 8), 3),
        ([5], [9], (5, 9), playback.COMPARE_N),
        ([3, 5], [9, 6, 9], (5, 6), playback.COMPARE_N),
    ],
)
def test_an_edge_that_trembles_is_no_lost_count_and_a_lost_one_is_told(
    board: list[int], belt: list[int], found: tuple[int, int], looks_n: int
) -> None:
    looks = []

    def look() -> dict[str, int]:
        looks.append(True)
        made.belt_counts = belt[min(len(looks), len(belt)) - 1]
        return {"counts": board[min(len(looks), len(board)) - 1]}

    made = SimpleNamespace(info=look, belt_counts=0)
    assert playback._compare_counts(cast("Any", made), cast("Any", made)) == found
    assert len(looks) == looks_n


def test_counts_that_differ_are_lost_whichever_has_more() -> None:
    assert ReplayResult(board_counts=7, belt_counts=9).counts_lost == 2
    assert ReplayResult(board_counts=9, belt_counts=7).counts_lost == 2 and not ReplayResult().counts_lost


@pytest.mark.parametrize("began", [datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), None])
def test_the_belt_began_to_move_when_it_is_said_or_else_ends_now(
    monkeypatch: pytest.MonkeyPatch, began: datetime | None
) -> None:
    """The board's clock is tied to the date by its greeting, which came before the belt began."""
    made, anchors = rig({**RESTS, "counts": 0}), list[tuple[Any, ...]]()
    library = SimpleNamespace(
        people=SimpleNamespace(label_for=lambda name: {"Anna": "a1"}[name]),
        add_anchor=lambda boot, board_us, utc_ms, half_rtt_us: anchors.append(
            (board_us, utc_ms, half_rtt_us)
        ),
    )
    monkeypatch.setattr(playback, "RigClient", lambda port: port)
    monkeypatch.setattr(playback, "pull", lambda *_: SimpleNamespace(new=["s1"], known_n=2, notices=["told"]))
    monkeypatch.setattr(playback, "time", SimpleNamespace(time=lambda: 1_790_000_000.0))
    belt = cast("Any", SimpleNamespace(end_s=30.0))
    result = playback.play_and_pull(made, belt, cast("Any", library), "Anna", began=began)
    assert result == ReplayResult(["s1"], 2, 0, 0, ["told"]) and made.label == "a1"
    greeted_us, settled_us = 12_000_000, 13_000_000
    assert made.begun_us == settled_us
    first_ms = began.timestamp() * 1000 if began else 1_790_000_000_000 - 30_000
    assert anchors == [
        (5_000_000, pytest.approx(first_ms - (settled_us - greeted_us) / 1000, rel=0, abs=1), 0)
    ]
