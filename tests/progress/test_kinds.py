"""Kinds of set that show what an athlete can do: warm-ups and cool-downs are slow on purpose and don't count."""

from __future__ import annotations

import dataclasses
import json

import pytest
from tests.progress.haul import Haul, samples
from tests.progress.rows import row

from retrorig.export.json_schema import schema_text
from retrorig.progress.change import typical_error
from retrorig.progress.conditions import work_sets
from retrorig.progress.day import day_of
from retrorig.progress.fatigue import GO_ON, fatigue_of
from retrorig.progress.sides import sides_of
from retrorig.progress.trend import trend_of
from retrorig.vocabulary import EFFORT_KINDS, END_REASONS, KINDS
from rigcore import plan, settings_schema, state_machine, vocabulary

HELD_BACK = ("warmup", "cooldown")
SPEEDS_MPS = (1.0, 0.99, 0.98)
WALK = Haul(distance_m=8.0)


def test_a_cool_down_is_no_loss_of_speed() -> None:
    speeds = (*SPEEDS_MPS, 0.5)
    kinds = ("work", "work", "work", "cooldown")
    walks = [samples(dataclasses.replace(WALK, speed_mps=speed)) for speed in speeds]
    rows = [row(i, minute=2 * i, kind=kind, cadence_spm=60 * WALK.step_hz) for i, kind in enumerate(kinds)]
    made = dict(zip((each.set_id for each in rows), walks))
    found = fatigue_of(rows, made.__getitem__, 20.0)
    assert [each.set_id for each in found.sets] == [each.set_id for each in rows[:3]]
    assert found.advice[0].verdict == GO_ON
    assert found.advice[0].loss_pct == pytest.approx(2.0, abs=1.2)


@pytest.mark.parametrize("kind", HELD_BACK)
def test_a_set_that_is_held_back_changes_no_answer_but_the_sums(kind: str) -> None:
    sides = ["left", "left", "left", "right", "right", "right"]
    rows = [row(i, minute=4 * i, side=sides[i], mean_speed_mps=1.0 + 0.01 * i) for i in range(6)]
    slow = [row(10 + i, minute=60 + i, kind=kind, side=sides[i], mean_speed_mps=0.4) for i in range(6)]
    assert day_of([*rows, *slow]).speeds == day_of(rows).speeds
    assert day_of([*rows, *slow]).totals.backward_m == 120.0
    assert trend_of([*rows, *slow]).weeks[0].speed_mps == trend_of(rows).weeks[0].speed_mps
    assert sides_of([*rows, *slow]) == sides_of(rows)
    assert typical_error([*rows, *slow]) == typical_error(rows)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_an_effort_or_held_back(kind: str) -> None:
    assert (kind in HELD_BACK) != (kind in EFFORT_KINDS)
    assert bool(work_sets([row(kind=kind)])) == (kind in EFFORT_KINDS)


def test_board_plans_settings_and_schema_speak_one_language() -> None:
    """A list that somebody copies must not drift from the one that all others use."""
    assert plan.KINDS == vocabulary.PLAN_KINDS
    assert set(plan.WORDS["side"]) - {None} == set(vocabulary.SIDES)
    assert tuple(plan.WORDS["target"]) == (
        vocabulary.DISTANCE, vocabulary.TIME, vocabulary.STEPS, vocabulary.OPEN,
    )  # fmt: skip
    choices = {name: set(possible) for name, (_, possible) in settings_schema.SETTINGS.items()}
    assert choices["machine"] == set(vocabulary.MACHINES)
    assert choices["converter"] == set(vocabulary.CONVERTERS)
    assert choices["display"] == set(vocabulary.DISPLAYS)
    assert state_machine.COUNTDOWN == vocabulary.COUNTDOWN and state_machine.FAULT == vocabulary.FAULTY
    properties = json.loads(schema_text())["$defs"]["set"]["properties"]
    assert properties["kind"]["enum"] == list(KINDS)
    assert set(properties["end_reason"]["enum"]) == set(END_REASONS)
