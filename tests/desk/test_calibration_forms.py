"""What the forms of calibrations and of computing anew mean, and how their answers are written: no rig, no browser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.datastructures import FormData

from retrorig.calibration.belt import Marked, Turned
from retrorig.desk.pages import calibrations, care
from retrorig.desk.pages.forms import Form
from retrorig.errors import InputError
from retrorig.library.editing import Change

STANDARD_GRAVITY = 9.80665


def form(**fields: str) -> Form:
    return Form(FormData(fields))


def belt(**fields: str) -> tuple[Any, int, bool]:
    """What a job is asked for by the form of the belt."""
    job = SimpleNamespace(belt=lambda by, repeats, is_new: (by, repeats, is_new))
    return cast("Any", calibrations._belt(form(**fields))(cast("Any", job)))


def force(**fields: str) -> tuple[list[Any], float, bool]:
    job = SimpleNamespace(force=lambda weights, pm_rel, is_new: (weights, pm_rel, is_new))
    return cast("Any", calibrations._force(form(**fields))(cast("Any", job)))


@pytest.mark.parametrize(
    ("typed", "repeats"), [("", 3), ("x", 3), ("1", 3), ("4", 4), ("50", 50), ("51", 50), ("1000", 50)]
)
def test_pushes_are_as_many_as_were_asked_for_within_what_tells_something(typed: str, repeats: int) -> None:
    assert belt(length="10m", repeats=typed)[1:] == (repeats, False)


def test_the_belt_is_pushed_by_a_marked_distance_or_by_turns_of_the_roller() -> None:
    by, _, is_new = belt(length="10m", new="on")
    assert isinstance(by, Marked) and (by.by.value, by.pm.value, is_new) == (10_000.0, 10.0, True)
    by = belt(length="10m", length_pm="2mm")[0]
    assert by.pm.value == 2.0
    by = belt(turns="5", circumference="250mm")[0]
    assert isinstance(by, Turned) and by.circumference
    assert (by.turns, by.circumference.value, by.pm.value) == (5, 250.0, 0.5)
    for neither in ({}, {"turns": "many"}, {"length": "10m", "turns": "5"}):
        with pytest.raises(InputError):
            belt(**neither)


@pytest.mark.parametrize(
    "typed",
    [
        "5kg, 10kg, 20kg",
        "5kg 10kg;20kg",
        "5kg;10kg,,20kg,",
        "5 kg 10 kg  20 kg",
        "5 kg,10 kg; 20 kg",
        ", 5kg 10 kg\n20kg",
    ],
)
def test_weights_are_typed_with_any_sign_between_them_and_a_blank_before_their_unit(typed: str) -> None:
    weights, pm_rel, is_new = force(weights=typed)
    assert [each.value for each in weights] == [pytest.approx(kg * STANDARD_GRAVITY) for kg in (5, 10, 20)]
    assert (pm_rel, is_new) == (0.005, False)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("5,5kg 10kg", "write it with a point, as 5.5kg"), ("5 10", "with its unit"), ("kg", "'kg'")],
)
def test_what_is_no_weight_is_named_as_it_was_typed(typed: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        force(weights=typed)
    assert force(weights=" ")[0] == []


def test_how_well_the_weights_are_known_is_typed_in_percent() -> None:
    assert force(weights="5kg", weights_pm="1,5", new="on")[1:] == (pytest.approx(0.015), True)
    assert force(weights="5kg", weights_pm="0")[1] == 0.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ([], "–"),
        (0, "0"),
        (1.23456789, "1.23457"),
        (["torn", "gap"], "torn; gap"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 57 + "..."),
    ],
)
def test_a_value_that_became_another_is_written_shortly(value: Any, text: str) -> None:
    assert care._row(Change("s", "steps", value, 1.0)) == ("s", "steps", text, "1")
    assert care._row(Change("s", "steps", 1.0, value)) == ("s", "steps", "1", text)


def test_what_follows_from_other_values_is_not_told_again() -> None:
    told = Change("s", "steps", 9, 10)
    found = care._told([told, Change("s", "uncertainty", {}, {"steps": 1}), Change("s", "edited", 0, 1)])
    assert found == [told]
