"""What `replay` is asked reaches the rig: when the belt began to move, who walked, which plan; losses are told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from retrorig import selftest
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.playback import ReplayResult
from retrorig.recording import Recording
from retrorig.replaying import replay
from retrorig.simulate import serve_virtual_rig

WALKED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """How recordings and walkers were played."""
    calls: list[dict[str, Any]] = []

    def play(what: Any, library: Library, plan: Any = None, **how: Any) -> ReplayResult:
        calls.append({"what": what, "plan": plan, **how})
        return ReplayResult(notices=["of the rig"])

    monkeypatch.setattr("retrorig.replaying.replay_recording", play)
    monkeypatch.setattr("retrorig.replaying.replay_walker", play)
    return calls


def recorded(folder: Path, first_s: float) -> Path:
    file = folder / "rec.csv"
    rows = (f"{first_s + n / 100:.2f},{n * 0.01:.2f},80\n" for n in range(300))
    file.write_text("time_s,belt_m,force_n\n" + "".join(rows))
    return file


@pytest.mark.parametrize(
    ("first_s", "given", "began"),
    [
        (0.0, None, None),
        (WALKED.timestamp(), None, WALKED),
        (0.0, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        (WALKED.timestamp(), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
    ],
)
def test_a_belt_began_to_move_when_it_is_said_or_else_when_the_recording_says(
    tmp_path: Path,
    played: list[dict[str, Any]],
    first_s: float,
    given: datetime | None,
    began: datetime | None,
) -> None:
    with Library(tmp_path / "library", create=True) as library:
        result = replay(recorded(tmp_path, first_s), library, date=given)
    assert played[0]["began"] == began
    assert result.notices[-1] == "of the rig"
    assert len(result.notices) == 1 + (first_s > 0), "what was read otherwise than it says is told first"


def test_a_day_without_an_hour_is_its_noon(tmp_path: Path, played: list[dict[str, Any]]) -> None:
    with Library(tmp_path / "library", create=True) as library:
        replay(recorded(tmp_path, 0.0), library, date=date(2026, 5, 6))
    began = played[0]["began"]
    assert (began.date(), began.hour, began.minute) == (date(2026, 5, 6), 12, 0)
    assert began.utcoffset() is not None


def test_who_where_and_by_which_plan_reach_the_rig(tmp_path: Path, played: list[dict[str, Any]]) -> None:
    told: list[tuple[float, float]] = []
    with Library(tmp_path / "library", create=True) as library:
        replay(
            recorded(tmp_path, 0.0), library, plan="light-sled", rig=tmp_path / "rig.toml", athlete="Anna", seed=7,
            progress=lambda now, end: told.append((now, end)),
        )  # fmt: skip
        replay(None, library, walker="even", plan="light-sled", seed=3)
    first, second = played
    assert (first["athlete"], first["seed"], first["rig_file"]) == ("Anna", 7, tmp_path / "rig.toml")
    assert first["plan"]["id"] == second["plan"]["id"] == "light-sled"
    assert second["rig_file"] is second["athlete"] is None
    first["watch"](None, 1.5)
    assert told == [(1.5, pytest.approx(2.99))]
    assert isinstance(first["what"], Recording) and not isinstance(second["what"], Recording)


@pytest.mark.parametrize(("recording", "walker"), [(None, None), ("rec.csv", "even")])
def test_one_thing_is_played(tmp_path: Path, recording: str | None, walker: str | None) -> None:
    with (
        Library(tmp_path / "library", create=True) as library,
        pytest.raises(InputError, match="Name one thing"),
    ):
        replay(recording, library, walker=walker)


@pytest.mark.parametrize(("board", "belt", "lost"), [(7, 7, 0), (5, 7, 2), (9, 7, 2), (-3, 7, 10), (0, 7, 7)])
def test_counts_that_board_and_belt_differ_by_are_lost(board: int, belt: int, lost: int) -> None:
    assert ReplayResult(board_counts=board, belt_counts=belt).counts_lost == lost


@pytest.mark.parametrize(("written", "passed"), [(None, False), (b"", False), (b"x", True)])
def test_a_file_without_a_byte_is_no_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes | None, passed: bool
) -> None:
    def export(library: Library, ids: object, kind: str, path: Path) -> None:
        if written is not None:
            path.write_bytes(written)

    monkeypatch.setattr(Library, "export", export)
    with Library(tmp_path / "library", create=True) as library:
        checks = list(selftest._files(library, ["x"], tmp_path))
    assert {check.passed for check in checks} == {passed}
    assert {"export as csv", "export as fit"} <= {check.name for check in checks}


@pytest.mark.parametrize(
    ("sets_n", "counts", "expected"), [(0, (5, 5), (False, True)), (0, (4, 5), (False, False))]
)
def test_a_selftest_without_its_set_or_with_lost_counts_fails(
    tmp_path: Path, sets_n: int, counts: tuple[int, int], expected: tuple[bool, bool]
) -> None:
    result = ReplayResult(board_counts=counts[0], belt_counts=counts[1])
    with Library(tmp_path / "library", create=True) as library:
        checks = list(selftest._sets(result, library, Any))  # type: ignore[arg-type]
    assert tuple(check.passed for check in checks) == expected


def test_a_virtual_board_is_known_by_its_flash_and_a_new_one_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []

    class Built(Exception):
        pass

    def build(belt: object, **how: Any) -> None:
        made.append(how)
        raise Built

    monkeypatch.setattr("retrorig.virtual.rig.VirtualRig", build)
    monkeypatch.chdir(tmp_path)
    for flash in (None, None, Path("flash.bin"), tmp_path / "flash.bin", Path("other.bin")):
        with pytest.raises(Built):
            serve_virtual_rig(walker="even/1", announce=lambda port: None, flash=flash, seed=4)
    new, newer, one, same, other = (how["identity"] for how in made)
    assert new != newer, "its sets are new, too"
    assert one == same == str((tmp_path / "flash.bin").resolve()).encode()
    assert other not in (new, one)
    assert len({how["chance"] for how in made}) == 5, "an erased flash begins anew"
    assert {how["seed"] for how in made} == {4}


@pytest.mark.parametrize(
    ("levels", "passed", "evidence"),
    [
        (("ok", "warn", "unknown"), True, "3 parts judged"),
        (("ok", "fail", "warn"), False, "part 1: seen 1"),
        (("fail", "fail"), False, "part 0: seen 0; part 1: seen 1"),
    ],
)
def test_a_selftest_whose_doctor_finds_a_fault_fails_with_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, levels: tuple[str, ...], passed: bool, evidence: str
) -> None:
    client = Mock()
    client.monotonic.return_value = 5.0
    verdicts = [Mock(part=f"part {n}", evidence=f"seen {n}", level=level) for n, level in enumerate(levels)]
    monkeypatch.setattr(selftest, "RigClient", Mock(return_value=client))
    monkeypatch.setattr("retrorig.doctor.gather", Mock())
    monkeypatch.setattr("retrorig.doctor.judged", Mock(return_value=verdicts))
    monkeypatch.setattr(selftest, "pull", Mock(return_value=Mock(new=["a"])))
    with Library(tmp_path / "library", create=True) as library:
        checks = {check.name: check for check in selftest._rig(Mock(), library)}
    found = checks["the doctor finds no fault"]
    assert (found.passed, found.evidence) == (passed, evidence)
    assert checks["it tells of itself live"].passed is False, "no moment came"
    assert checks["a second pull brings nothing"].passed is False
