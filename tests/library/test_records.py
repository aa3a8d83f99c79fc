"""Records of calibrations: each has an id of its own, and what this program could not have made is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.library.test_kept_calibrations import OLD

from retrorig.errors import InputError
from retrorig.library.calibration_record import (
    checked_record,
    checked_values,
    id_of,
    new_record,
    second_later,
    values_of,
)

MADE = datetime(2026, 11, 23, 11, 59, 59, 900_000, tzinfo=UTC)


def record(made: datetime = MADE, old: dict[str, Any] = OLD) -> dict[str, Any]:
    return new_record("belt", "rr-1", old, {"circumference_um": 251_250}, {"distance": "10 m"}, "Kim", made)


def test_a_calibration_of_the_second_of_the_one_before_is_dated_a_second_later() -> None:
    first = record()
    assert first["made_s"] == int(MADE.timestamp()) and first["made_utc"] == "2026-11-23T11:59:59Z"
    again = record(old=values_of(first))
    assert again["made_s"] == first["made_s"] + 1 and again["made_utc"] == "2026-11-23T12:00:00Z"
    assert again["id"] != first["id"] and again["replaces"] == first["id"]
    later = record(datetime(2026, 11, 23, 12, tzinfo=UTC), values_of(first))
    assert later["id"] == again["id"], "the same values, measured in that second"


def test_a_copy_a_second_later_is_the_same_calibration_under_another_id() -> None:
    first = record()
    later = second_later(first)
    assert later["made_s"] == first["made_s"] + 1 and later["made_utc"] == "2026-11-23T12:00:00Z"
    assert later["id"] == id_of(values_of(later)) != first["id"]
    own = ("id", "made_s", "made_utc")
    assert {key: later[key] for key in later if key not in own} == {
        key: first[key] for key in first if key not in own
    }
    assert checked_record(later) == later


@pytest.mark.parametrize(
    "changed",
    [
        {"circumference_um": 251_251}, {"id": "0badcafe"}, {"made_s": int(MADE.timestamp()) + 1},
        {"counts_per_rev": 0}, {"counts_per_rev": "2400"}, {"id": None}, {"id": "a\nb", "made_s": None},
    ],
)  # fmt: skip
def test_values_that_somebody_has_changed_are_refused(changed: dict[str, Any]) -> None:
    values = values_of(record())
    assert checked_values(values) == values
    with pytest.raises(InputError, match="ake another backup"):
        checked_values({**values, **changed})


def test_values_that_were_never_dated_have_whatever_id_they_have() -> None:
    """Those of a new rig, which nobody has calibrated."""
    values = values_of({**OLD, "made_s": None})
    assert checked_values(values) == values


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "length"}, {"kind": None}, {"rig": "a\nb"}, {"rig": 7}, {"made_utc": None}, {"person": "a\0"},
        {"person": 7}, {"evidence": []}, {"evidence": "10 m"},
    ],
)  # fmt: skip
def test_a_record_whose_words_can_not_be_is_refused(changed: dict[str, Any]) -> None:
    assert checked_record(record()) == record()
    assert checked_record({**record(), "person": None})["person"] is None
    with pytest.raises(InputError, match="record is damaged: take another backup"):
        checked_record({**record(), **changed})
