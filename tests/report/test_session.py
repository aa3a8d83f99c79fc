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
