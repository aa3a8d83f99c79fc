"""Which sets a report is about when nobody names them."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.library import Choice, Library, SetRow
from retrorig.report import session

from .conftest import NAMES

DAY_S = 86_400.0


def test_the_last_session_is_the_last_day(tmp_path: Path) -> None:
    walk = Gait(steps=5)
    times = [(1, 0.0, "a1"), (2, DAY_S, "a1"), (3, DAY_S + 60, "a2"), (4, None, "a1")]
    ids = fill(tmp_path, [walk_blob(no, at_s, walk, athlete=label) for no, at_s, label in times], NAMES)
    with Library(tmp_path) as library:
        names = [row.set_id for row in session.choose(library, [])]
        assert names == ids[1:3]
        assert [row.set_id for row in session.choose(library, [], Choice(NAMES[1]))] == [ids[2]]
        named = session.choose(library, [ids[3], ids[2].upper(), ids[0], ids[0]])
        assert [row.set_id for row in named] == [ids[0], ids[2], ids[3]]
        with pytest.raises(InputError, match="Nobody here is called Zoe"):
            session.choose(library, [], Choice("Zoe"))
        with pytest.raises(InputError, match="no set nix"):
            session.choose(library, ["nix"])


def test_sets_without_a_date_are_a_session_by_the_rigs_start(tmp_path: Path) -> None:
    walk = Gait(steps=5)
    ids = fill(tmp_path, [walk_blob(no, None, walk, boot=boot) for no, boot in ((1, 3), (2, 4), (3, 4))])
    with Library(tmp_path) as library:
        rows = session.choose(library, [])
        assert [row.set_id for row in rows] == ids[1:]
        assert session.when(rows) == "date unknown"


def test_days_are_local_and_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    row = SetRow(started_utc="2026-11-22T23:30:00.000Z")
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    try:
        assert row.day == date(2026, 11, 23)
        assert (
            session.when([row, SetRow(started_utc="2026-11-22T12:00:00.000Z")])
            == "22 November 2026 to 23 November 2026"
        )
    finally:
        monkeypatch.undo()
        time.tzset()


def test_people_get_letters_in_the_order_in_which_they_come_and_nobody_another_s() -> None:
    rows = [SetRow(set_id=f"s{n}", name=f"Person {n % 730}") for n in range(800)]
    letters = [row.name for row in session.without_names(rows)]
    assert letters[:3] == ["athlete A", "athlete B", "athlete C"]
    assert [letters[n] for n in (25, 26, 27, 51, 52, 701, 702, 729)] == [
        f"athlete {letter}" for letter in ("Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA", "ABB")
    ]
    assert len(set(letters)) == 730
    assert letters[730:] == letters[:70]


def test_sums_are_over_what_is_known() -> None:
    rows = [SetRow(backward_m=2.0, duration_s=3.0, work_j=5.0), SetRow(backward_m=1.0, duration_s=4.0)]
    assert session.totals(rows) == {"sets": 2, "backward_m": 3.0, "duration_s": 7.0, "work_j": 5.0}
    assert session.totals(rows[1:])["work_j"] is None


def test_days_are_told_from_the_first_to_the_last() -> None:
    first, last = (
        SetRow(started_utc=f"2026-{month}-{day}T12:00:00.000Z") for month, day in (("02", "03"), ("11", "22"))
    )
    assert session.when([last, first, SetRow()]) == "3 February 2026 to 22 November 2026"
    assert session.when([last, last]) == "22 November 2026"
    assert session.when([SetRow()]) == "date unknown"
