"""The library's page by a plain client: what was taken out comes back, is erased, is written and is checked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.desk.test_troubles import asked, done, said

from retrorig.desk.pages.cells import CELLS, shown, typed
from retrorig.desk.settings import DeskSettings, read_settings
from retrorig.desk.wording import words_in
from retrorig.library import Change, Library
from retrorig.report import Units
from retrorig.set_row import SetRow

FIRST, SECOND, THIRD, FOURTH = (f"rr-test-0003-0000{number}" for number in range(1, 5))


def listed(folder: Path) -> set[str]:
    with Library(folder) as library:
        return {row.set_id for row in library.sets()}


def test_sets_that_were_taken_out_come_back_those_that_were_ticked_or_all_that_were_deleted(
    folder: Path,
) -> None:
    with Library(folder) as library:
        library.delete([FIRST, SECOND])
        library.hide([THIRD])
    with asked(folder) as client:
        assert said(client, "/library/restore", "POST", f"set={SECOND}")[0] == 204
        assert listed(folder) == {SECOND, FOURTH}
        assert said(client, "/library/restore", "POST", f"set={THIRD}")[0] == 204
        assert listed(folder) == {SECOND, THIRD, FOURTH}
        assert said(client, "/library/restore", "POST", "")[0] == 204
        assert listed(folder) == {FIRST, SECOND, THIRD, FOURTH}
        assert "tick the sets first" in said(client, "/library/restore", "POST", "")[1]


def test_what_was_deleted_can_be_erased_for_good(folder: Path) -> None:
    with Library(folder) as library:
        library.delete([FIRST, SECOND])
        library.hide([THIRD])
    with asked(folder) as client:
        assert "Sets erased for good: 2." in done(client, "/library/compact")
        assert "Sets erased for good: 0." in done(client, "/library/compact")
        assert "Nothing is lost or wrong." in done(client, "/library/check")
        assert "Files written: 1." in done(client, "/library/samples")
    with Library(folder) as library:
        assert [row.set_id for row in library.sets(removed="hidden")] == [THIRD]


def test_of_many_faults_and_changes_a_hundred_are_listed_and_all_are_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [SimpleNamespace(where=f"place {n}", what="odd", is_damage=n % 2) for n in range(250)]
    changes = [Change(FIRST, f"quantity_{n}", n, n + 1) for n in range(250)]
    monkeypatch.setattr(Library, "check", lambda library, report, thorough: faults)
    monkeypatch.setattr("retrorig.desk.pages.care._computed", lambda *_: (changes, ["Computed."]))
    with asked(folder) as client:
        text = done(client, "/library/check")
        assert words_in("en")["said"]["damaged"].format(125) in text
        assert [f"place {n}:" in text for n in (0, 99, 100, 249)] == [True, True, False, False]
        text = done(client, "/library/recompute")
        assert "250" in text and [f"quantity_{n}<" in text for n in (0, 99, 100)] == [True, True, False]


@pytest.mark.parametrize(
    ("choice", "kept"), [("&sets=delete", 1), ("&sets=keep", 4), ("", 4), ("&sets=all", 4)]
)
def test_a_forgotten_person_s_sets_go_only_where_that_was_chosen(
    folder: Path, choice: str, kept: int
) -> None:
    with asked(folder) as client:
        _, told = said(
            client, "/library/forget", "POST", f"label=a1&sure=ANNA+%3Cb%3Em%C3%BCller%3C%2Fb%3E{choice}"
        )
    with Library(folder) as library:
        assert len(library.sets()) == kept, told
        assert f"Sets {'deleted' if kept == 1 else 'kept as nobody'}" in told
        assert list(library.people.names().values()) == ["Ben"]
        assert {row.name for row in library.sets()} <= {"Ben", None, ""}


def test_sets_are_computed_anew_under_a_kept_calibration_that_of_now_or_the_rigs_own(folder: Path) -> None:
    with Library(folder) as library:
        own = library.set(SECOND).backward_m
        half = library.corrected(circumference_um=library.raw(SECOND).header["circumference_um"] // 2)
        library.recompute([SECOND], half)
        halved = library.set(SECOND).backward_m
        assert own and halved == pytest.approx(own / 2, rel=0.01)
    with asked(folder) as client:
        for fields, metres in (("", halved), ("&zero=1", halved), ("&calibration=own&zero=1", own)):
            assert "Sets computed: 1" in done(client, "/library/recompute", f"words={SECOND}{fields}")
            with Library(folder) as library:
                assert library.set(SECOND).backward_m == metres, fields
        with Library(folder) as library:
            assert set(library.notes.of(SECOND)["calibration"]) == {"zero"}
            library.recompute([SECOND], half)
        assert "backward_m" in done(client, "/library/recompute", f"words={SECOND}&calibration=own")
    with Library(folder) as library:
        assert library.set(SECOND).backward_m == own
        assert "calibration" not in library.notes.of(SECOND)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("ends_with_last_tab=1&distance=yd&speed=mph&force=lbf", DeskSettings(True, "yd", "mph", "lbf")),
        ("speed=km/h", DeskSettings(False, speed="km/h")),
        ("", DeskSettings()),
    ],
)
def test_the_desks_own_settings_are_kept_as_they_were_ticked(
    folder: Path, body: str, kept: DeskSettings
) -> None:
    with asked(folder) as client:
        assert "Saved." in said(client, "/library/settings", "POST", body)[1]
        assert read_settings(folder) == kept
        assert "Saved." not in said(client, "/library/settings", "POST", "speed=parsec")[1]
        assert read_settings(folder) == kept


ROW = SetRow(
    set_id=FIRST, started_utc="2026-11-22T12:34:56.000Z", kind="work", side="left", load_kg=20.5, backward_m=9.144,
    rpe=7.0, notes="tired", duration_s=61.0, quality="B",
)  # fmt: skip


def test_a_table_shows_each_value_with_its_digits_and_nothing_where_there_is_none() -> None:
    assert ROW.started
    by_key = {cell.key: cell.shown(ROW) for cell in CELLS}
    assert by_key["started"] == f"{ROW.started:%H:%M}" and len(by_key["started"]) == 5
    assert [by_key[key] for key in ("kind", "side", "load_kg", "quality", "notes")] == [
        "work", "left", "20.5", "B", "tired",
    ]  # fmt: skip
    assert shown(ROW, "backward_m", Units(distance="yd")).startswith("10")
    empty = SetRow()
    nothing = ("started", "side", "load_kg", "mean_speed_mps", "mean_force_n", "rpe", "pain", "notes")
    assert [shown(empty, key) for key in nothing] == [""] * len(nothing)
    assert [typed(ROW, key) for key in ("load_kg", "rpe", "side", "pain")] == ["20.5", "7", "left", ""]
