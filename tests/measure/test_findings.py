"""What costs a set its A: faults of the converter, losses and ends, each from where on and in which words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure.quality import end_reason, grade
from retrorig.measure.samples import Samples, sample_set
from retrorig.measure.sensors import sensor_findings
from retrorig.measure.zero import Zero
from rigcore.decode import RawSet
from rigcore.force import FAULT_DESYNC
from rigcore.plausibility import NO_PULL


@cache
def recorded() -> tuple[RawSet, Samples]:
    (raw,) = record(Walk(Gait(steps=14)), Errors(), 86.0, seed=4)
    return raw, sample_set(raw)


def graded(
    samples: Samples | None = None, end: Any = ..., lost_blocks: int = 0, **header: Any
) -> tuple[str, str]:
    """Grade and reasons of a sound set but for these."""
    raw, sound = recorded()
    other = RawSet()
    other.t_us, other.count, other.code = raw.t_us, raw.count, raw.code
    other.header, other.end = {**raw.header, **header}, raw.end if end is ... else end
    other.note, other.lost_blocks = raw.note, lost_blocks
    found, said = grade(other, samples or sound, Zero(0.0, 0.0), {}, {})
    return found, "; ".join(said)


def cell(**changes: Any) -> Samples:
    """The samples with other conversions; a slice stands for flags that are set there."""
    samples = recorded()[1]
    for name, value in changes.items():
        if isinstance(value, slice):
            flags = np.full(len(samples.conversions.code), name == "sound")
            flags[value] = not flags[0]
            changes[name] = flags
    return replace(samples, conversions=replace(samples.conversions, **changes))


def test_a_sound_set_costs_nothing() -> None:
    assert graded() == ("A", "") and sensor_findings(*recorded()) == []


@pytest.mark.parametrize(
    ("nominal_hz", "rate_hz", "grade_", "words"),
    [
        (80, 72.1, "A", ""), (80, 71.9, "B", "clock is off: 71.9 instead of 80 a second"),
        (80, 94.7, "A", ""), (80, 94.9, "B", "clock is off: 94.9 instead of 80"),
        (80, 29.9, "C", "runs at 30 instead of 80 conversions a second: check its RATE pin"),
        (10, 10.0, "A", ""), (10, 8.0, "B", "clock is off: 8.0 instead of 10"), (0, 50.0, "A", ""),
    ],
)  # fmt: skip
def test_a_converters_rate(nominal_hz: int, rate_hz: float, grade_: str, words: str) -> None:
    """From nine tenths of what it should be to what the quickest modules have; too slow for steps is another matter."""
    found, said = graded(cell(period_us=1e6 / rate_hz), rate_mhz=1000 * nominal_hz)
    assert found == grade_ and words in said and bool(said) == bool(words)


def test_codes_that_jump_about_are_the_only_thing_said_of_a_cell() -> None:
    found, said = graded(cell(is_loose=True, overloaded=slice(5, 9)))
    assert found == "C" and "jump about" in said and "range" not in said


def test_a_pull_beyond_the_range_says_for_how_long() -> None:
    found, said = graded(cell(overloaded=slice(100, 143), sound=slice(100, 143)))
    assert found == "C" and "beyond the load cell's range for 0.50 s" in said


@pytest.mark.parametrize(("code", "is_told"), [(6_291_400, False), (6_291_500, True), (-6_291_500, True)])
def test_codes_beyond_what_any_cell_gives_are_told(code: int, is_told: bool) -> None:
    codes = recorded()[1].conversions.code.copy()
    codes[200] = code
    found, said = graded(cell(code=codes))
    assert (found == "C") == ("what a load cell of 3 mV/V is made for" in said) == is_told


def test_a_code_that_stands_still_and_lost_steps_are_told() -> None:
    codes = recorded()[1].conversions.code.copy()
    codes[200:203] = FAULT_DESYNC
    found, said = graded(cell(code=codes, sound=slice(200, 203), stuck=slice(210, 250)))
    assert found == "C" and "stood still for a time" in said and "lost their step: 3" in said


@pytest.mark.parametrize(("doubt", "grade_"), [(NO_PULL, "B"), ("anything else", "C")])
def test_the_rigs_own_doubt_is_told(doubt: str, grade_: str) -> None:
    found, said = graded(end={"reason": "still", "doubt": doubt})
    assert found == grade_ and said == f"the rig doubted its sensors: {doubt}"


@pytest.mark.parametrize(("more_n", "grade_"), [(0, "B"), (1, "C")])
def test_losses_beyond_one_percent_are_doubtful(more_n: int, grade_: str) -> None:
    samples = recorded()[1]
    lost_n = len(samples.time_s) // 100 + more_n
    lossy = replace(samples)
    lossy.__dict__["lost_n"] = lost_n
    assert graded(lossy) == (grade_, f"lost readings of the load cell: {lost_n}")


def test_damaged_blocks_are_counted() -> None:
    assert graded(lost_blocks=2) == ("C", "damaged blocks of the log: 2")


@pytest.mark.parametrize(
    ("end", "reason", "grade_", "words"),
    [
        (None, "power_lost", "C", "power was lost"), ({"reason": "power_lost"}, "power_lost", "C", "power was lost"),
        ({"reason": "fault"}, "fault", "C", "because of a fault"), ({"reason": "target"}, "target", "A", ""),
    ],
)  # fmt: skip
def test_how_a_set_ended(end: dict[str, Any] | None, reason: str, grade_: str, words: str) -> None:
    found, said = graded(end=end)
    assert found == grade_ and words in said
    raw = RawSet()
    raw.end = end
    assert end_reason(raw) == reason
