"""One foot against the other, by name where the coach named the foot of the first step."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.library import Library, SetRow
from retrorig.report import words


@pytest.mark.parametrize(
    ("first_foot", "stronger", "weaker"), [("left", "left", "right"), ("right", "right", "left")]
)
def test_the_named_foot_is_the_one_that_pushed_first(
    tmp_path: Path, first_foot: str, stronger: str, weaker: str
) -> None:
    (set_id,) = fill(tmp_path, [walk_blob(1, 0.0, Gait(steps=30, asymmetry_pct=25, strength_pct=3))])
    with Library(tmp_path) as library:
        assert "foot pushed" not in " ".join(words.beside(library.set(set_id)))
        library.edit([set_id], {"first_foot": first_foot})
        row = library.set(set_id)
        with pytest.raises(InputError, match="'both' is no first foot: choose left or right"):
            library.edit([set_id], {"first_foot": "both"})
    assert row.first_foot == first_foot and row.as_dict()["first_foot"] == first_foot
    assert (
        f"The {stronger} foot pushed {row.asymmetry_pct:.1f} % more than the {weaker}" in words.feet(row)[0]
    )


@pytest.mark.parametrize(
    ("first_foot", "percent", "says"),
    [
        (None, -8.0, "from one foot's step to the other's is 8.0 % longer than back again (± 2.0)"),
        ("left", 8.0, "from a left step to a right one is 8.0 % longer than the other way round (± 2.0)"),
        ("left", -8.0, "from a right step to a left one is 8.0 % longer"),
    ],
)
def test_times_from_step_to_step_are_told_apart(first_foot: str | None, percent: float, says: str) -> None:
    gait = {"step_time_asymmetry_first_pct": percent, "step_time_asymmetry_pm_pct": 2.0}
    (sentence,) = words.feet(SetRow(first_foot=first_foot, gait=gait))
    assert says in sentence


def test_why_the_times_are_not_compared_is_said() -> None:
    row = SetRow(null_reasons={"step_time_asymmetry_pct": "6 steps in a row, at least 16 are needed"})
    assert words.blanks(row) == [
        "One foot's step time against the other's: 6 steps in a row, at least 16 are needed."
    ]
