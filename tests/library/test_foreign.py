"""Other people's libraries: whatever is wrong in them is told and left out, and nothing of it gets in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.host.sets import MadeSet, blob_of, ramped
from tests.library.test_kept_calibrations import OLD

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.calibration_record import checked_record, new_record
from retrorig.library.clocks import Anchor, Boot, agreeing
from retrorig.library.clocks import utc_ms as dated_ms
from retrorig.library.private_copy import copy_of

BLOBS = [
    blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header={"no": no, "athlete": "anna"}))
    for no in (1, 2)
]


def merged(folder: Path, *statements: str) -> tuple[list[str], list[str]]:
    """New sets and notices of a merge with a library of two sets in which somebody has been at work."""
    with Library(folder / "theirs", create=True) as theirs:
        for blob in BLOBS:
            theirs.add_set(blob)
    with closing(sqlite3.connect(folder / "theirs" / "library.sqlite3")) as file, file:
        for statement in statements:
            file.execute(statement)
    told: list[str] = []
    with Library(folder / "ours", create=True) as ours, copy_of(folder / "theirs", told.append) as other:
        result = ours.merge(other)
        assert not any(fault.is_damage for fault in ours.check())
    return result.new, told + result.notices


def test_a_sound_library_is_taken_whole(tmp_path: Path) -> None:
    new, told = merged(tmp_path)
    assert len(new) == 2 and not told


FIRST = "WHERE no = 1"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (f"UPDATE raw_sets SET data = substr(data, 1, length(data) - 9) {FIRST}", "bytes are not those that"),
        (
            f"UPDATE raw_sets SET data = zeroblob(length(data)) {FIRST}",
            "bytes are not those that were stored",
        ),
        (f"UPDATE raw_sets SET data = 'text' {FIRST}", "cells make no sense"),
        (f"UPDATE raw_sets SET crc32 = 'text' {FIRST}", "cells make no sense"),
        (f"UPDATE raw_sets SET set_id = '../outside/pwned' {FIRST}", "bytes are another set's"),
        (f"UPDATE raw_sets SET set_id = 'rr-test-0003-00007' {FIRST}", "bytes are another set's"),
        (f"UPDATE raw_sets SET no = 5 {FIRST}", "number is not that of its bytes"),
        (f"UPDATE raw_sets SET boot = boot + 1 {FIRST}", "number is not that of its bytes"),
        (f"UPDATE raw_sets SET era = 9 {FIRST}", "number is not that of its bytes"),
        (f"UPDATE raw_sets SET rig = 'other' {FIRST}", "number is not that of its bytes"),
        (f"UPDATE raw_sets SET no = 3.5 {FIRST}", "cells make no sense"),
        (f"UPDATE raw_sets SET rig = x'00ff' {FIRST}", "cells make no sense"),
        (f"UPDATE raw_sets SET label = x'00ff' {FIRST}", "cells make no sense"),
        (f"UPDATE raw_sets SET label = 'a' || char(7) {FIRST}", "label is none"),
        (
            f"INSERT INTO edits SELECT set_id, 'rpe', '\"six\"', '2026-01-01' FROM raw_sets {FIRST}",
            "a note beside",
        ),
        (
            f"INSERT INTO edits SELECT set_id, 'notes', '[[[', '2026-01-01' FROM raw_sets {FIRST}",
            "a note beside",
        ),
        (f"INSERT INTO edits SELECT set_id, 'rpe', '6', char(7) FROM raw_sets {FIRST}", "a note beside"),
        (
            f"INSERT INTO edits SELECT set_id, x'00', '1', 7 FROM raw_sets {FIRST}",
            "a note beside it makes no sense",
        ),
    ],
)
def test_a_set_with_what_can_not_be_is_told_why_and_left_out(
    tmp_path: Path, statement: str, why: str
) -> None:
    new, told = merged(tmp_path, statement)
    assert len(new) == 1 and len(told) == 1, (new, told)
    assert told[0].startswith("Set ") and " was left out: " in told[0] and why in told[0], told


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO anchors VALUES ('a', 1, 1, 5, 9e999, 0)",
        "INSERT INTO anchors VALUES ('a', 1, -1, 'x', 1.7e12, 0)",
        "INSERT INTO athletes VALUES ('x', '')",
        "INSERT INTO athletes VALUES (x'00', 'Anna')",
        "INSERT INTO calibrations VALUES ('x', 'r', 'belt', 'now', NULL, '{\"id\": \"x\"}')",
        "INSERT INTO calibrations VALUES ('x', 'r', 'belt', 'now', NULL, '7')",
        "INSERT INTO calibrations VALUES ('x', 'r', 'belt', 'now', NULL, "
        '\'{"id": "x", "rig": "r", "kind": "belt", "made_utc": "now"}\')',
        "DROP TABLE calibrations",
    ],
)
def test_what_stands_beside_sets_is_looked_at_too(tmp_path: Path, statement: str) -> None:
    new, told = merged(tmp_path, statement)
    assert len(new) == 2 and len(told) == 1, told


def test_a_calibration_that_is_another_one_here_stays_and_is_told(tmp_path: Path) -> None:
    """Its values are the same, which make its id; who made it is told otherwise there."""
    record = new_record(
        "belt", "rr-1", OLD, {"circumference_um": 251_250}, {}, None, datetime(2026, 11, 23, tzinfo=UTC)
    )
    with Library(tmp_path / "theirs", create=True) as theirs, Library(tmp_path / "ours", create=True) as ours:
        theirs.add_set(BLOBS[0])
        theirs.calibrations.add({**record, "person": "Kim"})
        ours.calibrations.add(record)
        result = ours.merge(theirs)
        assert ours.calibrations.all() == [record] and len(result.new) == 1
    (told,) = result.notices
    assert "Another calibration" in told and record["id"] in told


@pytest.mark.parametrize("left_out_n", [1, 3])
def test_times_that_can_not_be_are_counted_and_those_that_can_are_taken(
    tmp_path: Path, left_out_n: int
) -> None:
    odd = [f"INSERT INTO anchors VALUES ('rig', 1, {boot}, 5, -1.0, 0)" for boot in range(left_out_n)]
    odd[-1] = "INSERT INTO anchors VALUES ('../rig', 1, 7, 3600000000, 1.79e12, 5000)"
    sound = "INSERT INTO anchors VALUES ('rig', 1, 9, 3600000000, 1.79e12, 5000)"
    new, told = merged(tmp_path, sound, *odd)
    assert len(new) == 2 and told == [f"Times there that can't be were left out: {left_out_n}."]
    with Library(tmp_path / "ours") as ours:
        assert [boot.boot for boot, *_ in ours.clocks.exchanges()] == [9]


def test_what_was_computed_there_is_computed_here(tmp_path: Path) -> None:
    new, _ = merged(tmp_path, "UPDATE sets SET backward_m = 999, quality = 'A+'")
    with Library(tmp_path / "ours") as ours:
        assert all(ours.set(name).backward_m < 10 for name in new)


@pytest.mark.parametrize("version", [-1, 0, 2, 2**31 - 1])
def test_another_version_is_refused(tmp_path: Path, version: int) -> None:
    with pytest.raises(InputError):
        merged(tmp_path, f"PRAGMA user_version = {version}")


@pytest.mark.parametrize("record", [None, 7, [], {}, {"id": "x"}, {"id": "x", "counts_per_rev": "2400"}])
def test_a_calibration_that_is_none_is_refused(record: object) -> None:
    with pytest.raises(InputError):
        checked_record(record)


def test_one_laptop_with_a_wrong_clock_dates_nothing_against_two_others() -> None:
    """Whichever of the three it was, and however near it is to the set."""
    right = [Anchor(at * 3_600_000_000, 1.79e12 + at * 3_600_000, 5000) for at in (1, 2, 3)]
    for wrong in range(3):
        for off_ms in (-8.64e7, 7.2e6, 3.2e10):
            anchors = list(right)
            anchors[wrong] = Anchor(right[wrong].board_us, right[wrong].utc_ms + off_ms, 10)
            assert anchors[wrong] not in agreeing(anchors)
            assert dated_ms(anchors, right[wrong].board_us) == pytest.approx(right[wrong].utc_ms, abs=50)


def test_exchanges_that_contradict_are_counted(tmp_path: Path) -> None:
    boot = Boot("rig", 1, 1)
    with Library(tmp_path, create=True) as library:
        for at, off_ms in ((1, 0), (2, 0), (3, 9e7)):
            library.add_anchor(boot, at * 3_600_000_000, 1.79e12 + at * 3_600_000 + off_ms, 10)
        assert library.clocks.contradicting_n(boot) == 1
        assert library.clocks.all()[0]["contradicting"] == 1


def test_a_corrected_date_stays_whatever_clocks_say(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        set_id, _ = library.add_set(BLOBS[0])
        library.edit([set_id], {"started_utc": "2026-11-22T18:30:00+01:00"})
        assert library.set(set_id).started_utc == "2026-11-22T17:30:00.000Z"
        stored = library.raw_sets.get(set_id)
        library.add_anchor(Boot(stored.rig, stored.era, stored.boot), 5, 1.79e12, 10)
        assert library.set(set_id).started_utc == "2026-11-22T17:30:00.000Z"
        library.edit([set_id], undo=["started_utc"])
        assert library.set(set_id).started_utc != "2026-11-22T17:30:00.000Z"
