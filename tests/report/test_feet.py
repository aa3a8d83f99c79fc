"""One foot against the other, by name where the coach named the foot of the first step."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.library import Library, SetRow
from retrorig.report import words


@pytest.mark.parametrize("foot, other", [("left", "right"), ("right", "left")])
def test_the_named_foot_is_the_one_that_pushed_first(tmp_path: Path, foot: str, other: str) -> None:
    """The foot of the first step pushes harder in this walk, and so the coach's word decides which it is."""
    (set_id,) = fill(tmp_path, [walk_blob(1, 0.0, Gait(steps=30, asymmetry_pct=25, strength_pct=3))])
    with Library(tmp_path) as library:
        assert f"the {foot} foot" not in " ".join(words.beside(library.set(set_id)))
        library.edit([set_id], {"first_foot": foot})
        row = library.set(set_id)
        with pytest.raises(InputError, match="'both' is no first foot: choose left or right"):
            library.edit([set_id], {"first_foot": "both"})
    assert row.first_foot == foot and row.as_dict()["first_foot"] == foot
    said = f"Steps of the {foot} foot have {row.asymmetry_pct:.1f} % more impulse than the {other}'s"
    assert said in " ".join(words.beside(row))


@pytest.mark.parametrize(
    ("first_foot", "percent", "says"),
    [
        (None, -8.0, "from one foot's step to the other's differs by 8.0 % from the way back (± 2.0)"),
        (
            "left",
            8.0,
            "From a step of the left foot to the next one it takes 8.0 % longer than from the right's",
        ),
        ("left", -8.0, "From a step of the right foot to the next one it takes 8.0 % longer"),
    ],
)
def test_times_from_step_to_step_are_told_apart(first_foot: str | None, percent: float, says: str) -> None:
    gait = {
        "step_time_asymmetry_pct": 8.0,
        "step_time_asymmetry_first_pct": percent,
        "step_time_asymmetry_pm_pct": 2.0,
    }
    assert says in " ".join(words.beside(SetRow(first_foot=first_foot, gait=gait)))


def test_why_the_times_are_not_compared_is_said() -> None:
    row = SetRow(null_reasons={"step_time_asymmetry_pct": "6 steps in a row, at least 16 are needed"})
    (said,) = words.blanks(row)
    assert said == "One foot's step time against the other's: 6 steps in a row, at least 16 are needed."
