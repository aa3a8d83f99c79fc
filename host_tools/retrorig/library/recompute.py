"""Computes sets again, after an update of this program or under a corrected calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.library.editing import Change, differences
from retrorig.library.notes import CALIBRATION
from retrorig.measure.recalibrate import CALIBRATION_KEYS

if TYPE_CHECKING:
    from retrorig.library.library import Library

Progress = Callable[[int, int], None]

OF_THE_DAY = "zero"
"""The load cell's zero belongs to a session's tare, not to a calibration: a record's own is not used."""

REST = "rest"
"""In place of a zero: what the slack line read beside each set."""

SIZE_MAX = 2**31 - 1
"""No size of a calibration, and no code of a converter, takes more than 31 bits."""


@dataclass
class Recomputed:
    """How many sets were computed, what changed in them, and why some could not be."""

    sets_n: int = 0
    changes: list[Change] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def calibration_of(
    library: Library, calibration_id: str | None, values: dict[str, int | str | None]
) -> dict[str, Any]:
    """What is to be noted beside sets: the sizes of a kept record, and `values` (of CALIBRATION_KEYS) over them.

    InputError when there is no such record, or it holds no size, or a value can't be one.
    """
    noted: dict[str, Any] = {}
    if calibration_id is not None:
        record = library.calibrations.get(calibration_id)
        noted = {
            key: record[key] for key in CALIBRATION_KEYS if record.get(key) is not None and key != OF_THE_DAY
        }
        if not set(noted) - {"cal"}:
            raise InputError(f"Calibration {calibration_id} holds no size that a set could be computed with.")
        noted["cal"] = calibration_id
    for key, value in values.items():
        if value == REST:
            continue
        if isinstance(value, str):
            raise InputError(f"{key} takes a number, or `rest`, not {value!r}.")
        if value is not None and key != OF_THE_DAY and value <= 0:
            raise InputError(f"{key} must be above 0, not {value}.")
        if value is not None and abs(value) > SIZE_MAX:
            raise InputError(f"{key} is out of range: give at most {SIZE_MAX}.")
    return noted | {key: value for key, value in values.items() if value is not None}


def recompute(
    library: Library,
    set_ids: Sequence[str],
    calibration: Mapping[str, Any] | None = None,
    progress: Progress = lambda done, total: None,
) -> Recomputed:
    """Compute sets anew from their bytes and notes, under `calibration` from now on if one is given.

    Each set is stored by itself, so that what was done stays done when this is interrupted. What a calibration does
    not speak of stays as it was noted before.
    """
    result = Recomputed()
    for number, set_id in enumerate(set_ids):
        try:
            result.changes += _again(library, set_id.lower(), calibration)
            result.sets_n += 1
        except ValueError as error:
            result.notices.append(
                f"Set {set_id} can't be read ({error}): `retrorig library check` tells more."
            )
        progress(number + 1, len(set_ids))
    return result


def _zero_at_rest(library: Library, set_id: str) -> int:
    from retrorig.measure.samples import sample_set
    from retrorig.measure.zero import rest_zero

    raw = library.raw(set_id)
    zero = rest_zero(raw, sample_set(raw))
    if zero is None:
        raise ValueError("the line was never slack beside it, so its zero stays")
    return zero


def _again(library: Library, set_id: str, calibration: Mapping[str, Any] | None) -> list[Change]:
    old, edits = library.listed(set_id), library.notes.of(set_id)
    if calibration and calibration.get(OF_THE_DAY) == REST:
        calibration = {**calibration, OF_THE_DAY: _zero_at_rest(library, set_id)}
    if calibration:
        edits[CALIBRATION] = {**edits.get(CALIBRATION, {}), **calibration}
    row = library.computed(set_id, edits)
    with library.db.transaction():
        if calibration:
            library.notes.add(set_id, CALIBRATION, edits[CALIBRATION])
        changes = differences(old, row)
        if changes:
            library.put_row(row)
    return changes
