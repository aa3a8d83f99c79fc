"""Forms and tables of the desk's pages, without a browser: what a form makes of a plan, and how numbers are written."""

from __future__ import annotations

from types import SimpleNamespace as Facts
from typing import Any

import pytest
from starlette.datastructures import FormData
from tests.progress.rows import row

from retrorig.desk.pages import part
from retrorig.desk.pages.athlete_weeks import _about_speeds
from retrorig.desk.pages.forms import Form, number, value_of
from retrorig.desk.pages.plan_form import NEW_BLOCK, fields_of, rest_of, rest_of_block, table_from
from retrorig.desk.pages.today import _by_athlete
from retrorig.desk.wording import SaidError
from retrorig.progress import Estimate
from retrorig.report import Units

PLAN: dict[str, Any] = {
    "schema": 1, "id": "p", "name": "Three", "ask": ["rpe"], "rule": {"stop": 5},
    "block": [
        {"kind": "warmup", "time_s": 120},
        {"kind": "work", "times": 4, "distance_m": 10, "rest_s": 60, "speed_mps": [0.8, 1], "load_kg": 20.5,
         "side": "left", "attachment": "hip", "of_another_version": 0.9},
        {"kind": "cooldown", "steps": 50},
    ],
}  # fmt: skip


def sent(table: dict[str, Any], **changed: str) -> Form:
    """The form as the page sends it."""
    found: dict[str, str] = {
        "id": table["id"],
        "name": table["name"],
        "rest": rest_of(table),
        "blocks": str(len(table["block"])),
    }
    found |= {f"ask-{question}": "on" for question in table.get("ask", ())}
    for place, block in enumerate(table["block"]):
        for key, value in block.items():
            if key in ("distance_m", "time_s", "steps"):
                found |= {f"target-{place}": key, f"amount-{place}": str(value)}
            elif isinstance(value, list):
                found |= {f"{key}-low-{place}": str(value[0]), f"{key}-high-{place}": str(value[1])}
            else:
                found[f"{key}-{place}"] = str(value)
        found[f"rest-{place}"] = rest_of_block(block)
    return Form(FormData(found | {name.replace("_", "-"): text for name, text in changed.items()}))


def test_a_form_that_nobody_changed_makes_the_same_plan_with_what_it_has_no_field_for() -> None:
    assert table_from(sent(PLAN)) == PLAN


def test_a_form_says_whether_there_is_more_than_it_shows() -> None:
    def has_more(table: dict[str, Any]) -> bool:
        found = fields_of(table)
        assert found
        return found.has_more

    simple = {**PLAN, "block": [PLAN["block"][0]]}
    simple.pop("rule")
    assert has_more(PLAN) and has_more({**simple, "rule": {}}) and not has_more(simple)
    assert has_more({**simple, "block": [PLAN["block"][1]]}), "one of its keys has no field"
    assert fields_of({"block": [1]}) is None and fields_of({"block": "x"}) is None and not has_more({})


def test_buttons_add_the_last_block_again_take_one_away_and_move_one_up() -> None:
    first, second, third = PLAN["block"]

    def after(press: str, table: dict[str, Any] = PLAN) -> list[dict[str, Any]]:
        return table_from(sent(table, press=press))["block"]

    assert after("add") == [first, second, third, third]
    assert after("add", {**PLAN, "block": []}) == [NEW_BLOCK]
    assert after("remove-1") == [first, third] and after("up-2") == [first, third, second]
    assert after("up-0") == after("up-3") == after("remove-3") == after("") == [first, second, third]


def test_what_is_no_number_is_kept_for_the_check_to_name() -> None:
    form = Form(
        FormData(
            {"id": "a", "name": "b", "blocks": "1", "load_kg-0": "heavy", "rest_s-0": "1,5", "times-0": "3.0"}
        )
    )
    (block,) = table_from(form)["block"]
    assert block == {"load_kg": "heavy", "rest_s": 1.5, "times": 3} and type(block["times"]) is int
    for odd in ("[1]", "{"):
        with pytest.raises(SaidError):
            table_from(Form(FormData({"rest": odd})))


def test_numbers_are_typed_with_a_point_or_a_comma() -> None:
    assert number("1.5") == number("1,5") == 1.5 and number("") is None
    for wrong in ("x", "1.2.3", "nan", "inf"):
        with pytest.raises(SaidError):
            number(wrong)
    assert value_of("rpe", "7") == 7 and value_of("side", "left") == "left" and value_of("side", "") is None


def test_a_value_is_written_in_the_users_unit_with_its_interval() -> None:
    asked = part.Asked(library=Any, rows=(), units=Units(distance="yd"))  # type: ignore[arg-type]
    assert (
        asked.number(91.44, 1, "m") == "100.0"
        and asked.number(2.345, 2) == "2.35"
        and asked.number(None, 1) == part.NONE
    )
    assert asked.estimate(Estimate(10.0, 0.5), 1, 2.0) == "20.0 ± 1.0"
    assert part.with_pm(1.25, 0.5, 2) == "1.25 ± 0.50" and part.with_pm(1.25, None, 1) == "1.2"
    assert part.with_pm(None, 1.0, 1) == part.NONE
    assert (
        part.grew(12.4, 3.2) == "+12 ± 3"
        and part.grew(-2.0, None, 1) == "-2.0"
        and part.grew(None, 1.0) == ""
    )


def test_what_a_trends_speeds_rest_on_is_said_where_it_is_known() -> None:
    def said(**facts: Any) -> list[tuple[str, tuple[Any, ...]]]:
        known = {
            "speed_conditions": "",
            "typical_error_pct": None,
            "typical_error_between": None,
            "undated": 0,
        }
        return [(one.key, tuple(map(str, one.parts))) for one in _about_speeds(Facts(**{**known, **facts}))]  # type: ignore[arg-type]

    assert said() == []
    assert [key for key, _ in said(speed_conditions="sled, 20 kg", undated=2)] == ["speeds_of", "undated"]
    ((key, values),) = said(typical_error_pct=2.345, typical_error_between="days")
    assert key == "typical_error" and values[0] == "2.3" and "days" in values[1]


def test_a_days_sets_stand_under_their_people_by_name_and_nobodys_come_last() -> None:
    rows = [row(n, athlete=name) for n, name in enumerate((None, "Zoë", "Anna", None, "Zoë"), 1)]
    groups = [(name, [one.set_id for one in sets]) for name, sets in _by_athlete(rows)]
    ids = [one.set_id for one in rows]
    assert groups == [("Anna", [ids[2]]), ("Zoë", [ids[1], ids[4]]), (None, [ids[0], ids[3]])]


def test_a_moment_is_written_by_this_computers_clock_and_one_without_a_date_as_none() -> None:
    dated = row(1)
    assert dated.started and part.when(dated) == dated.started.astimezone().strftime("%Y-%m-%d %H:%M")
    assert part.when(row(1, started_utc=None)) == part.NONE
