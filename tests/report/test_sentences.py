"""Every sentence on a set holds where a number is missing, zero, tiny or huge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig.measure.budget import CLAIM_REL
from retrorig.measure.quality import grade
from retrorig.measure.samples import sample_set
from retrorig.measure.zero import Zero
from retrorig.report import words
from retrorig.set_row import SetRow

NUMBERS = st.sampled_from([None, 0, 0.0, -0.0, 1e-9, -1e-9, 0.04, 1.0, -3.0, 99.96, 1e4, -1e4, 1e7])
NOT_NEGATIVE = NUMBERS.map(lambda number: None if number is None else abs(number))
SIGNED = (
    "asymmetry_first_pct", "step_time_asymmetry_first_pct", "zero_before_n", "zero_after_n", "zero_drift_n",
)  # fmt: skip
UNSIGNED = (
    "peak_filter_pct", "smoothness_pct", "asymmetry_pm_pct", "step_time_asymmetry_pct", "step_time_asymmetry_pm_pct",
)  # fmt: skip
SESSION = ("rest_s", "paused_s", "over_speed_s", "over_force_s")
(RAW,) = record(Walk(Gait(steps=20)), Errors(), 86.0, seed=3)
SAMPLES = sample_set(RAW)
NO_NUMBER = re.compile(r"\b(nan|inf|none|null|true|false)\b|e[+-]\d|-0\.0+\b|\{", re.IGNORECASE)


@st.composite
def rows(draw: st.DrawFn) -> SetRow:
    keys = [key for key in words.QUANTITIES if key not in ("rpe", "pain", "load_kg")]
    values: dict[str, Any] = {key: draw(NOT_NEGATIVE) for key in keys}
    never_null = {key: values[key] or 0.0 for key in ("duration_s", "backward_m", "forward_m")}
    return SetRow(
        **values | never_null | {"negative_work_j": draw(NUMBERS), "mean_speed_mps": draw(NUMBERS)},
        trim_start_s=draw(NOT_NEGATIVE),
        trim_end_s=draw(NOT_NEGATIVE),
        first_foot=draw(st.sampled_from([None, "left", "right"])),
        gait={key: draw(NUMBERS) for key in SIGNED}
        | {key: draw(NOT_NEGATIVE) for key in UNSIGNED}
        | {"snaps": draw(st.sampled_from([None, 0, 1, 2]))}
        | {"asymmetry_is_certain": draw(st.sampled_from([None, True, False]))},
        session={key: draw(NOT_NEGATIVE) for key in SESSION} | {"undone": draw(st.booleans())},
        uncertainty={key: abs(draw(NUMBERS) or 0.0) for key in keys if draw(st.booleans())},
        null_reasons={key: "the set is too short" for key in keys if values[key] is None},
    )  # fmt: skip


def told(row: SetRow) -> Iterator[str]:
    yield from words.caveats(row, SAMPLES)
    yield from words.around(row)
    yield from words.beside(row)
    yield from words.blanks(row)
    for key in words.QUANTITIES:
        yield words.value(row, key) + words.plus_minus(row, key)


@given(rows())
def test_no_sentence_of_a_report_has_a_hole(row: SetRow) -> None:
    for sentence in told(row):
        assert not NO_NUMBER.search(sentence), sentence


@given(
    st.fixed_dictionaries(dict.fromkeys(("mean_force_n", "mean_power_w", "mean_speed_mps", "work_j"), NUMBERS)),
    st.fixed_dictionaries(dict.fromkeys(("slack_s", "forward_m", "backward_m", "duration_s"), NOT_NEGATIVE)),
    st.fixed_dictionaries(dict.fromkeys(CLAIM_REL, NOT_NEGATIVE)),
    st.tuples(NUMBERS, NUMBERS),
)  # fmt: skip
def test_no_reason_of_a_grade_has_a_hole(
    values: dict[str, Any], sums: dict[str, Any], widths: dict[str, Any], rest_n: tuple[Any, Any]
) -> None:
    """And what is known to as much as itself is said to be lost in its interval, not to be known to 100 % and more."""
    known = {key: width for key, width in widths.items() if width is not None}
    _, said = grade(RAW, SAMPLES, Zero(*rest_n), values | sums, known)
    for reason in said:
        assert reason and not NO_NUMBER.search(reason), reason
        for percent in re.findall(r"known to ([\d.]+) %", reason):
            assert float(percent) <= 100


def test_a_hole_is_seen() -> None:
    for sentence in ("known to nan %", "None N", "a pull of 1e+07 N", "-0.0 N", "{} steps"):
        assert NO_NUMBER.search(sentence)
    assert not NO_NUMBER.search("mean speed is only known to 1.3 %")
