"""What a report says of a number: its name, its unit, the digits that are sure, and the sentences beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.errors import InputError
from retrorig.report import words
from retrorig.report.html import _title
from retrorig.report.units import UNIT_CHOICES, Units
from retrorig.set_row import SetRow

PRINTED = {
    "backward_m": ("backward distance", "1234.57 m"),
    "forward_m": ("forward distance", "1234.57 m"),
    "duration_s": ("duration", "1234.6 s"),
    "mean_speed_mps": ("mean speed", "1234.57 m/s"),
    "peak_speed_mps": ("peak speed", "1234.57 m/s"),
    "mean_force_n": ("mean force", "1235 N"),
    "peak_force_n": ("peak force", "1235 N"),
    "impulse_ns": ("impulse", "1235 N s"),
    "work_j": ("work", "1235 J"),
    "positive_work_j": ("work done", "1235 J"),
    "negative_work_j": ("work braked", "1235 J"),
    "mean_power_w": ("mean power", "1235 W"),
    "peak_power_w": ("peak power", "1235 W"),
    "steps": ("steps", "1235"),
    "cadence_spm": ("cadence", "1235 steps/min"),
    "step_length_m": ("step length", "1234.57 m"),
    "asymmetry_pct": ("one foot against the other", "1234.6 %"),
    "slack_s": ("slack line", "1234.6 s"),
    "stalls": ("stalls", "1235"),
    "rpe": ("effort", "1235 of 10"),
    "pain": ("pain", "1235 of 10"),
    "load_kg": ("load", "1234.6 kg"),
}
"""By key its name, and 1234.567 of it: distances to the centimetre, speeds to the centimetre a second, times and loads
to a tenth, forces, work and power to the whole unit."""

EXACT = {
    "yd": 1 / 0.9144,
    "km/h": 3.6,
    "mph": 3600 / 1609.344,
    "kgf": 1 / 9.80665,
    "lbf": 1 / (0.45359237 * 9.80665),
}
"""How many of each unit an SI unit is, by the international definitions."""


def row_of(**values: Any) -> SetRow:
    made = SetRow(
        gait=values.pop("gait", {}),
        uncertainty=values.pop("uncertainty", {}),
        session=values.pop("session", {}),
    )
    for key, value in values.items():
        object.__setattr__(made, key, value)
    return made


@pytest.mark.parametrize("key", words.QUANTITIES)
def test_each_quantity_has_its_name_unit_and_digits(key: str) -> None:
    name, text = PRINTED[key]
    row = row_of(**{key: 1234.567})
    assert words.QUANTITIES[key][0] == name
    assert words.value(row, key) == text
    assert words.usual(row, key) == text.partition(" ")[0]
    assert words.value(row_of(**{key: None}), key) == words.usual(row_of(**{key: None}), key) == ""
    assert words.plus_minus(row, key) == "", "of what nobody knows how sure it is"


@pytest.mark.parametrize(
    ("error", "value", "interval"),
    [
        (0.004, "1.006 m/s", "± 0.004"),
        (0.0126, "1.006 m/s", "± 0.013"),
        (0.0299, "1.006 m/s", "± 0.030"),
        (0.0301, "1.01 m/s", "± 0.03"),
        (0.5, "1.01 m/s", "± 0.50"),
        (12.0, "1.01 m/s", "± 12.00"),
        (0.0001, "1.006 m/s", "± 0.001"),
    ],
)
def test_a_number_has_the_digits_that_are_sure_and_its_interval_the_same(
    error: float, value: str, interval: str
) -> None:
    row = row_of(mean_speed_mps=1.00567, uncertainty={"mean_speed_mps": error})
    assert (words.value(row, "mean_speed_mps"), words.plus_minus(row, "mean_speed_mps")) == (value, interval)


@given(st.floats(1e-6, 1e3), st.sampled_from(("backward_m", "mean_speed_mps", "mean_force_n")), st.booleans())
def test_an_interval_is_never_narrower_than_what_is_known_to_its_last_digit(
    error: float, key: str, is_si: bool
) -> None:
    units = Units() if is_si else Units("yd", "mph", "lbf")
    row = row_of(**{key: 123.4}, uncertainty={key: error})
    digits = len(words.value(row, key, units).partition(" ")[0].partition(".")[2])
    shown = float(words.plus_minus(row, key, units).removeprefix("± "))
    true = error * units.factor(words.QUANTITIES[key][1])
    assert shown > 0
    assert shown >= true - 0.5000001 * 10.0**-digits
    assert shown <= max(true + 0.5000001 * 10.0**-digits, 10.0**-digits * 1.0000001)
    assert digits <= 3


def test_the_feet_s_difference_has_its_own_interval() -> None:
    row = row_of(asymmetry_pct=4.2, gait={"asymmetry_pm_pct": 0.7}, uncertainty={"asymmetry_pct": 9.0})
    assert words.plus_minus(row, "asymmetry_pct") == "± 0.7"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert words.value(row_of(forward_m=-0.001), "forward_m") == "0.00 m"


@pytest.mark.parametrize(("si", "unit"), [(si, unit) for si, some in UNIT_CHOICES.items() for unit in some])
def test_each_unit_is_as_long_fast_or_strong_as_it_is(si: str, unit: str) -> None:
    words_of = {"m": "distance", "m/s": "speed", "N": "force"}
    units = Units(**{words_of[si]: unit})
    assert units.name(si) == unit
    assert units.factor(si) == pytest.approx(EXACT.get(unit, 1.0), rel=1e-12)
    assert units.name("J") == "J" and units.factor("J") == 1.0
    with pytest.raises(InputError, match=f"can't be shown for {si}: choose {si}, "):
        Units(**{words_of[si]: "furlong"})


AROUND = [
    ({"undone": 1}, "took this set back"),
    ({"rest_s": 89.6}, "Rested 90 s before."),
    ({"paused_s": 2.25}, "Stood still for 2.2 s within"),
    ({"over_speed_s": 1.25}, "limit of speed for 1.2 s"),
    ({"over_force_s": 3.0}, "limit of force for 3.0 s"),
    ({"paused_s": 0.0, "pace_mps": 0.8}, "Ended 2.0 m ahead of the plan's pace of 0.80 m/s."),
    ({"paused_s": 0.0, "pace_mps": 1.25}, "Ended 2.5 m behind the plan's pace of 1.25 m/s."),
    ({"paused_s": 2.0, "pace_mps": 1.25}, "Ended 0.0 m ahead of the plan's pace of 1.25 m/s."),
    ({"cadence_asked_spm": [90, 100]}, "asked for 90 to 100 steps/min."),
]


@pytest.mark.parametrize(("session", "sentence"), AROUND)
def test_what_was_around_a_set_is_told(session: dict[str, Any], sentence: str) -> None:
    """Ten metres in ten seconds."""
    told = words.around(row_of(backward_m=10.0, duration_s=10.0, session=session))
    assert sentence in told[-1]
    assert len(told) == 1 + bool(session.get("paused_s") and "pace_mps" in session)
    assert words.around(row_of(session={})) == []


BESIDE = [
    ({"peak_filter_pct": 0.5}, "made the peak force 0.5 % smaller"),
    ({"peak_filter_pct": 0.49}, None),
    ({"smoothness_pct": 91.4}, "Evenness of speed: 91 %"),
    ({"step_time_asymmetry_pct": 3.14, "step_time_asymmetry_pm_pct": 0.55}, "by 3.1 % from the way back (± 0.6)."),
    ({"step_time_asymmetry_pct": 3.14}, None),
    ({"zero_before_n": 0.4, "zero_after_n": -0.26}, "read +0.4 N before the set and -0.3 N after the set."),
    ({"zero_after_n": -0.01, "zero_drift_n": 0.04}, "read +0.0 N after the set, so it did not move."),
    ({"zero_before_n": 1.0, "zero_drift_n": -0.06}, "read +1.0 N before the set, so it moved by -0.1 N."),
]  # fmt: skip


@pytest.mark.parametrize(("gait", "sentence"), BESIDE)
def test_what_stands_beside_a_set_is_told(gait: dict[str, Any], sentence: str | None) -> None:
    told = words.beside(row_of(gait=gait))
    assert [sentence in each for each in told if sentence] == [True] * len(told)
    assert len(told) == (sentence is not None)


@pytest.mark.parametrize(
    ("start_s", "end_s", "sentence"),
    [
        (1.5, None, "Without the first 1.5 s, as noted by hand."),
        (None, 2.0, "Without the last 2 s, as noted by hand."),
        (1.0, 2.0, "Without the first 1 s and the last 2 s, as noted by hand."),
    ],
)
def test_seconds_that_were_left_out_are_told(
    start_s: float | None, end_s: float | None, sentence: str
) -> None:
    assert words.trimmed(row_of(trim_start_s=start_s, trim_end_s=end_s)) == sentence


@pytest.mark.parametrize(
    ("steps", "length_m", "is_told"), [(20, 1.31, True), (20, 1.29, False), (0, 9.0, False)]
)
def test_a_rhythm_too_slow_for_two_feet_is_told(steps: int, length_m: float, is_told: bool) -> None:
    """At 100 steps a minute nobody's step is longer than 1.3 m."""
    row = row_of(steps=steps, step_length_m=length_m, cadence_spm=100.0)
    assert bool(words.rhythm(row)) == is_told


def test_what_is_blank_is_told_by_its_reason() -> None:
    why = {
        "work_j": "no zero",
        "steps": "too few",
        "mean_power_w": "no zero",
        "step_time_asymmetry_pct": "too few",
    }
    row = row_of(null_reasons={**why, "colour": "of tomorrow"})
    assert words.blanks(row) == [
        "Work, mean power: no zero.",
        "Steps, one foot's step time against the other's: too few.",
    ]
    assert words.reasons(row_of(quality_reasons=["few steps", "A gap."])) == ["Few steps.", "A gap."]


@pytest.mark.parametrize("along", ["time", "distance"])
def test_a_plot_is_told_in_words_to_who_can_not_see_it(along: str) -> None:
    known = {"mean_speed_mps": 1.0, "peak_speed_mps": 2.0, "mean_force_n": 50.0, "peak_force_n": 90.0}
    begins = f"Set 3: speed, force and power over {along}; mean speed 1.00 m/s, peak speed 2.00 m/s, "
    assert _title(3, row_of(**known), along, Units()) == f"{begins}mean force 50 N, peak force 90 N"
    assert (
        _title(3, row_of(**{**known, "mean_force_n": None}), along, Units())
        == f"{begins}force was not measured"
    )
    assert "2.24 mph" in _title(3, row_of(**known), along, Units("yd", "mph", "lbf"))
