"""A cell that a disk damaged or another program wrote is told with what is to be done; all else is as it was."""

from __future__ import annotations

import binascii
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.checking import check
from retrorig.library.clocks import Boot
from retrorig.library.row_check import DamagedRowError

NO_SET = b"no set at all"
SECOND = "WHERE set_id = 'rr-test-0003-00002'"
DEEP = "[" * 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path, *(walk(no, 1.0) for no in (1, 2, 3)))
    return tmp_path


@pytest.mark.parametrize(
    ("sql", "values", "why"),
    [
        ("UPDATE raw_sets SET data = ?, bytes = ?, crc32 = ?", (NO_SET, len(NO_SET), binascii.crc32(NO_SET)),
         "its bytes can't be read ("),
        ("UPDATE raw_sets SET data = ?", (NO_SET,), "its bytes are not those that were stored"),
        ("UPDATE raw_sets SET crc32 = crc32 + 1", (), "its bytes are not those that were stored"),
        ("UPDATE raw_sets SET bytes = bytes + 1", (), "its bytes are not those that were stored"),
        ("UPDATE raw_sets SET crc32 = ?", ("text",), "its bytes can't be read (What is stored of set "),
        ("UPDATE raw_sets SET label = ?", (b"\0",), "its bytes can't be read (What is stored of set "),
        ("UPDATE sets SET tags = ?", ("[[[",), "its row was changed by something else"),
        ("UPDATE sets SET tags = ?", ("{}",), "its row was changed by something else"),
        ("UPDATE sets SET quality_reasons = ?", (DEEP,), "its row was changed by something else"),
        ("UPDATE sets SET tail = ?", ("{}",), "its row was changed by something else"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_cell_of_a_set_is_told_beside_its_set_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, sql: str, values: tuple[object, ...], why: str
) -> None:
    monkeypatch.setattr("retrorig.library.checking.RECOMPUTED_N", 2)
    with Library(folder) as library:
        library.db.rows(f"{sql} {SECOND}", values)
        (fault,) = check(library)
        assert fault.where == name_of(2) and fault.is_damage and fault.what.startswith(why), fault
        assert [library.set(name_of(no)).set_id for no in (1, 3)] == [name_of(1), name_of(3)]


@pytest.mark.parametrize("ask", ["raw", "samples"])
def test_bytes_that_are_no_set_are_told_when_the_set_is_asked_for(folder: Path, ask: str) -> None:
    with Library(folder) as library:
        library.db.rows(f"UPDATE raw_sets SET data = ? {SECOND}", (NO_SET,))
        with pytest.raises(
            InputError, match=rf"^Set {name_of(2)} can't be read \(.+\): `retrorig library check`"
        ):
            getattr(library, ask)(name_of(2))
        assert getattr(library, ask)(name_of(1))


@pytest.mark.parametrize("text", ["[[[", "{}", "[]", DEEP])
def test_a_row_that_can_not_be_one_is_told_with_its_set(folder: Path, text: str) -> None:
    with Library(folder) as library:
        library.db.rows(f"UPDATE sets SET session = ?, tags = ? {SECOND}", (text, text))
        with pytest.raises(
            DamagedRowError, match=f"{name_of(2)} is damaged: `retrorig library check` tells more"
        ):
            library.set(name_of(2))
        assert library.listed(name_of(2)) is None
        library.recompute([name_of(2)])
        assert library.set(name_of(2)).tags == []


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("text", ["[[[", "7", "[]", "{}", '{"id": "x", "rig": 5, "kind": "belt", "made_utc": ""}',
                                  '{"id": "x", "rig": "r", "kind": "odd", "made_utc": ""}', DEEP])  # fmt: skip
def test_a_calibration_that_is_none_counts_for_nothing_and_is_told(folder: Path, text: str, n: int) -> None:
    sound = {"id": "c", "rig": "r", "kind": "belt", "made_utc": "2026-01-01T00:00:00Z", "person": None}
    with Library(folder) as library:
        library.calibrations.add(sound)
        for number in range(n):
            library.db.rows(
                "INSERT INTO calibrations VALUES (?, 'r', 'belt', 'now', NULL, ?)", (str(number), text)
            )
        assert library.calibrations.all("r") == [sound] and library.calibrations.senseless_n() == n
        with pytest.raises(InputError, match="There is no calibration 0: `retrorig calibrate list`"):
            library.calibrations.get("0")
        (fault,) = check(library)
        assert (fault.where, fault.what) == (
            "calibrations",
            f"{n} of them can't be read and count for nothing",
        )


def test_people_and_clocks_that_can_not_be_are_counted(folder: Path) -> None:
    with Library(folder) as library:
        library.people.add("Anna")
        library.add_anchor(Boot("r", 1, 1), 5, 1.79e12, 10)
        for number in range(2):
            library.db.rows("INSERT INTO athletes VALUES (?, ?)", (f"b{number}".encode(), f"name {number}"))
            library.db.rows("INSERT INTO anchors VALUES ('r', 1, 2, ?, -5, 10)", (number,))
        faults = {fault.where: fault.what for fault in check(library)}
        assert set(faults) == {"people", "clocks"}
        assert all(what.startswith("2 ") and "count for nothing" in what for what in faults.values())
        assert library.people.names() == {"a2": "Anna"}
        assert [clock["boot"] for clock in library.clocks.all()] == [1]
