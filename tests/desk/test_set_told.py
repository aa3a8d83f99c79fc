"""A set's page by a plain client: its numbers, the sets beside it, lines over it, what is noted and trimmed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.desk.test_closed import Client
from tests.desk.test_troubles import asked, said

from retrorig.desk.pages import set_page
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.library import Library
from retrorig.report import words

FIRST, SECOND, THIRD, FOURTH = (f"rr-test-0003-0000{number}" for number in range(1, 5))
YARD_M = 0.9144


def told(client: Client, path: str) -> dict[str, Any]:
    status, text = said(client, path)
    assert status == 200, text
    return json.loads(text)


@pytest.mark.parametrize(
    ("near_n", "of", "near"),
    [
        (12, SECOND, [THIRD, FIRST]),
        (12, FIRST, [SECOND, THIRD]),
        (12, FOURTH, []),
        (1, FIRST, [THIRD]),
        (1, THIRD, [SECOND]),
    ],
)
def test_sets_of_the_same_day_and_the_newest_of_the_same_person_stand_beside_it(
    filled: Path, monkeypatch: pytest.MonkeyPatch, near_n: int, of: str, near: list[str]
) -> None:
    monkeypatch.setattr(set_page, "NEAR_N", near_n)
    with Library(filled) as library:
        assert [row.set_id for row in set_page._near(library, library.set(of))] == near


def test_of_a_day_with_very_many_sets_as_many_are_offered_as_a_list_can_hold() -> None:
    """Twice as many as the newest that are offered on any other day."""
    day = [f"set-{n:03d}" for n in range(100)]
    library = SimpleNamespace(
        choose=lambda words, athlete, on=None: day, set=lambda set_id: SimpleNamespace(set_id=set_id)
    )
    near = set_page._near(
        cast("Any", library), cast("Any", SimpleNamespace(set_id=day[3], athlete="Anna", label="a1", day=1))
    )
    assert [row.set_id for row in near] == [each for each in day if each != day[3]][: 2 * set_page.NEAR_N]


def test_at_most_so_many_sets_are_drawn_over_one_and_never_itself(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_page, "OTHERS_MAX_N", 2)
    with asked(filled) as client:
        for names, drawn in (
            (f"{FIRST}+{THIRD}", 2),
            (f"{FIRST}&with={THIRD}+{SECOND}", 2),
            (SECOND, 0),
            ("", 0),
        ):
            found = told(client, f"/sets/{SECOND}/traces?with={names}")
            assert len(found["others"]) == drawn, names
        assert said(client, f"/sets/{SECOND}/traces?with={FIRST}+{THIRD}+{FOURTH}")[0] == 422


def test_what_is_drawn_ends_with_the_longest_of_the_sets(filled: Path) -> None:
    with asked(filled) as client:
        ends = {each: told(client, f"/sets/{each}/traces")["last"] for each in (FIRST, SECOND, THIRD, FOURTH)}
        short, *_, long = sorted(ends, key=lambda each: ends[each])
        assert ends[short] < ends[long]
        for one, other in ((short, long), (long, short)):
            found = told(client, f"/sets/{one}/traces?with={other}")
            assert found["stop"] == pytest.approx(ends[long], abs=0.02)
            assert max(found["others"][0]["stop"], found["last"]) == pytest.approx(ends[long], abs=0.02)


@pytest.mark.parametrize("others", ["", f"&with={FIRST}", f"&with={FIRST}+{THIRD}"])
def test_a_part_that_was_looked_at_closely_stays_that_part_whatever_is_drawn_over_it(
    filled: Path, others: str
) -> None:
    with asked(filled) as client:
        whole = told(client, f"/sets/{SECOND}/traces?along=time{others}")
        start, stop = whole["stop"] * 0.25, whole["stop"] * 0.5
        part = told(client, f"/sets/{SECOND}/traces?along=time&from={start}&to={stop}{others}")
    assert part["stop"] == pytest.approx(stop, abs=0.05) and part["stop"] < whole["stop"] * 0.6
    assert len(part["others"]) == len(whole["others"])


def test_a_line_drawn_over_a_set_has_its_day_and_its_load(folder: Path) -> None:
    with Library(folder) as library:
        library.edit([FIRST], {"load_kg": 20.5})
        started = library.set(FIRST).started
    with asked(folder) as client:
        (heavy,) = told(client, f"/sets/{SECOND}/traces?with={FIRST}")["others"]
        (plain,) = told(client, f"/sets/{SECOND}/traces?with={THIRD}")["others"]
    assert heavy["name"] == f"{started:%Y-%m-%d %H:%M}, 20.5 kg" and "kg" not in plain["name"]
    assert set(heavy) == {"name", "speed", "force", "power", "stop"}


def test_stretches_are_asked_for_and_told_in_the_users_unit(folder: Path) -> None:
    with asked(folder) as client:
        metres = told(client, f"/sets/{SECOND}/traces?along=distance")
        seconds = told(client, f"/sets/{SECOND}/traces")
        write_settings(folder, DeskSettings(distance="yd"))
        yards = told(client, f"/sets/{SECOND}/traces?along=distance")
        assert yards["last"] == pytest.approx(metres["last"] / YARD_M)
        part = told(client, f"/sets/{SECOND}/traces?along=distance&from=1&to=2")
        assert (part["start"], part["stop"]) == (pytest.approx(1), pytest.approx(2))
        assert told(client, f"/sets/{SECOND}/traces")["last"] == seconds["last"], "a second is everybody's"
        rows_n = said(client, f"/sets/{SECOND}/splits?every=0.1")[1].count("<tr") - 1
    assert abs(rows_n - metres["last"] / YARD_M / 0.1) <= 1


def test_every_quantity_that_was_measured_is_there_with_its_interval(filled: Path) -> None:
    with Library(filled) as library:
        row = library.set(SECOND)
    known = [key for key in words.QUANTITIES if words.value(row, key)]
    with asked(filled) as client:
        page = said(client, f"/sets/{SECOND}")[1]
    assert 5 < len(known) < len(words.QUANTITIES)
    for key in known:
        assert words.value(row, key) in page and words.plus_minus(row, key) in page, key


@pytest.mark.parametrize(
    ("asked_for", "offered"), [("?undo=7", "/undo/7"), ("?undo=x", ""), ("?undo=-7", ""), ("", "")]
)
def test_the_last_change_is_offered_to_be_taken_back(filled: Path, asked_for: str, offered: str) -> None:
    with asked(filled) as client:
        page = said(client, f"/sets/{SECOND}{asked_for}")[1]
    assert re.findall(r'hx-post="(/undo/[^"]*)"', page) == [offered] * bool(offered)


def test_what_is_trimmed_is_told_and_given_back_by_an_empty_field(folder: Path) -> None:
    with asked(folder) as client:
        path = f"/sets/{SECOND}/trim"
        assert (
            said(client, path, "POST", "trim_start_s=0,5&trim_end_s=1&was_start=null&was_end=null")[0] == 204
        )
        with Library(folder) as library:
            row = library.set(SECOND)
        assert (row.trim_start_s, row.trim_end_s) == (0.5, 1.0)
        assert words.trimmed(row) in said(client, f"/sets/{SECOND}")[1]
        assert said(client, path, "POST", "trim_start_s=&trim_end_s=1&was_start=0.5&was_end=1.0")[0] == 204
        assert said(client, path, "POST", "trim_start_s=&trim_end_s=&was_start=null&was_end=1.0")[0] == 204
        with Library(folder) as library:
            whole = library.set(SECOND)
        assert (whole.trim_start_s, whole.trim_end_s) == (None, None)


def test_the_first_foot_is_noted_and_taken_off(folder: Path) -> None:
    with asked(folder) as client:
        for body, foot in (("foot=left", "left"), ("foot=", None)):
            assert said(client, f"/sets/{SECOND}/foot", "POST", body)[0] == 204
            with Library(folder) as library:
                assert library.set(SECOND).first_foot == foot
