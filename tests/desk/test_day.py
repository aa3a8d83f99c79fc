"""The first page by a plain client: a day among others, values, removing, moving, and each of them taken back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.desk.test_closed import Client
from tests.desk.test_troubles import FORM, asked, said

from retrorig.desk.wording import words_in
from retrorig.library import Library

FIRST, SECOND, THIRD, FOURTH = (f"rr-test-0003-0000{number}" for number in range(1, 5))


def shown_sets(text: str) -> list[str]:
    return re.findall(r'name="set"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="set"', text)


def sets_of(text: str) -> set[str]:
    return {one or other for one, other in shown_sets(text)}


def days(folder: Path) -> list[date]:
    with Library(folder) as library:
        return sorted({row.day for row in library.sets() if row.day})


def sent(client: Client, path: str, body: str = "") -> tuple[int, str, str | None]:
    answer = client.ask(path, "POST", body, Origin=client.origin, Accept_Language="en", **FORM)
    return answer.status, answer.text, answer.getheader("HX-Trigger")  # type: ignore[attr-defined]


def undone(client: Client, text: str) -> str:
    """What taking it back says; each may be taken back once."""
    found = re.search(r'hx-post="(/undo/\d+)"', text)
    assert found, text
    status, back, trigger = sent(client, found[1])
    assert (status, trigger) == (200, "sets-changed")
    assert sent(client, found[1])[0] == 422, "once"
    return back


def test_a_day_leads_to_the_days_beside_it_that_have_sets(filled: Path) -> None:
    earlier, latest = days(filled)
    with asked(filled) as client:
        for path, sets, before, after in (
            ("/", {SECOND, THIRD, FOURTH}, earlier, None),
            (f"/?day={latest}", {SECOND, THIRD, FOURTH}, earlier, None),
            (f"/?day={earlier}", {FIRST}, None, latest),
            ("/?day=2020-01-01", set(), None, earlier),
            ("/?day=2040-01-01", set(), latest, None),
        ):
            text = said(client, path)[1]
            assert sets_of(text) == sets, path
            assert re.findall(r'href="/\?day=([\d-]+)"', text) == [str(day) for day in (before, after) if day]
        assert said(client, "/?day=tomorrow%20or%20so")[0] == 422


def test_who_looks_at_an_earlier_day_stays_there_when_sets_come(filled: Path) -> None:
    earlier, latest = days(filled)
    with asked(filled) as client:
        assert f'hx-get="/today/sets?day={earlier}"' in said(client, f"/?day={earlier}")[1]
        assert 'hx-get="/today/sets"' in said(client, f"/?day={latest}")[1], "the newest is always the last"


@pytest.mark.parametrize(
    ("key", "typed", "kept", "was"),
    [
        ("load_kg", "20,5", 20.5, "null"),
        ("side", "left", "left", "null"),
        ("notes", "tired", "tired", "null"),
    ],
)
def test_a_value_is_noted_shown_taken_off_and_taken_back(
    folder: Path, key: str, typed: str, kept: object, was: str
) -> None:
    def value() -> object:
        with Library(folder) as library:
            return library.set(SECOND).value(key)

    with asked(folder) as client:
        assert sent(client, f"/sets/{SECOND}/edit/{key}", f"value={typed}&was={was}")[0] == 200
        assert value() == kept
        form = said(client, f"/sets/{SECOND}/edit/{key}")[1]
        assert (
            typed.replace(",", ".") in form
            and typed.replace(",", ".") in said(client, f"/sets/{SECOND}/cell/{key}")[1]
        )
        text = sent(client, f"/sets/{SECOND}/edit/{key}", f"value={typed}&was={form_value(form)}")[1]
        assert "/undo/" not in text, "nothing was changed"
        text = sent(client, f"/sets/{SECOND}/edit/{key}", f"value=&was={form_value(form)}")[1]
        assert value() is None
        undone(client, text)
        assert value() == kept
        assert sent(client, f"/sets/{SECOND}/edit/{key}", "value=1&was=%22another%22")[0] == 422
        assert sent(client, f"/sets/{SECOND}/edit/{key}", "value=1&was=%7B")[0] == 422
        assert sent(client, f"/sets/{SECOND}/edit/duration_s", "value=1&was=null")[0] == 422
    assert value() == kept


def form_value(form: str) -> str:
    """What the field says that it was, as a browser sends it."""
    found = re.search(r"""name="was" value=(?:"([^"]*)"|'([^']*)')""", form)
    assert found, form
    text = (found[1] or found[2]).replace("&#34;", '"').replace("&quot;", '"')
    return text.replace('"', "%22")


@pytest.mark.parametrize(("how", "word"), [("delete", "deleted"), ("hide", "hidden")])
def test_sets_are_taken_out_and_taken_back(folder: Path, how: str, word: str) -> None:
    with asked(folder) as client:
        status, text, trigger = sent(client, f"/today/remove/{how}", f"set={SECOND}&set={FOURTH}")
        assert (status, trigger) == (200, "sets-changed")
        assert words_in("en")["changed"][word].format(2) in text
        with Library(folder) as library:
            assert {row.set_id for row in library.sets(removed=word)} == {SECOND, FOURTH}
        assert sets_of(said(client, "/")[1]) == {THIRD}
        undone(client, text)
        assert sets_of(said(client, "/")[1]) == {SECOND, THIRD, FOURTH}
        assert sent(client, f"/today/remove/{how}", "athlete=Ben")[0] == 422, "none was ticked"


@pytest.mark.parametrize("name", ["Ben", "Somebody new"])
def test_sets_are_given_to_who_walked_them(folder: Path, name: str) -> None:
    def whose() -> list[str | None]:
        with Library(folder) as library:
            return [library.set(set_id).athlete for set_id in (SECOND, THIRD)]

    before = whose()
    with asked(folder) as client:
        assert sent(client, "/today/move", f"set={SECOND}&athlete=")[0] == 422, "nobody was named"
        text = sent(client, "/today/move", f"set={SECOND}&athlete={name}")[1]
        assert whose() == [name, before[1]]
        assert name in said(client, "/")[1]
        undone(client, text)
    assert whose() == before


def test_a_library_without_any_date_shows_all_its_sets(folder: Path) -> None:
    with Library(folder) as library:
        library.db.rows("UPDATE sets SET started_utc = NULL")
    with asked(folder) as client:
        assert sets_of(said(client, "/")[1]) == {FIRST, SECOND, THIRD, FOURTH}
