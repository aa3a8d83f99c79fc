"""Noting something beside sets, and taking a note back: the sets' rows follow at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.library.columns import SetRow
from retrorig.library.edits import EDITABLE, checked
from retrorig.measure.keys import KEYS

if TYPE_CHECKING:
    from retrorig.library.library import Library

UNDOABLE = (*EDITABLE, "calibration")
_RECOMPUTED = {"trim_start_s", "trim_end_s", "calibration"}
_IN_SAMPLES = {"athlete", *_RECOMPUTED}
REST_MIN_S = 0.5
"""At least so much of a set must be left by a trim."""


@dataclass(frozen=True)
class Change:
    """One quantity of one set that became another."""

    set_id: str
    key: str
    old: Any
    new: Any


def edit_sets(
    library: Library,
    set_ids: Sequence[str],
    values: dict[str, Any],
    *,
    add_tags: Iterable[str] = (),
    drop_tags: Iterable[str] = (),
    undo: Iterable[str] = (),
) -> list[Change]:
    """Note `values` (keys of EDITABLE) beside each of the sets, change their tags, take notes of `undo` back.

    All sets or none. Returns what changed in the rows. InputError in one sentence for what can't be noted.
    """
    values = {key: _kept(library, key, value) for key, value in values.items()}
    add_tags, drop_tags, undo = checked("tags", add_tags), set(drop_tags), set(undo)
    for key in undo - set(UNDOABLE):
        raise InputError(f"There is no note of {key!r} to take back: choose one of {', '.join(UNDOABLE)}.")
    changes = []
    with library.db.transaction():
        for set_id in dict.fromkeys(map(str.lower, set_ids)):
            old = library.set(set_id)
            wanted = {**values, **dict.fromkeys(undo)}
            if add_tags or drop_tags:
                tags = dict.fromkeys([*old["tags"], *add_tags])
                wanted["tags"] = [tag for tag in tags if tag not in drop_tags]
            for key, value in wanted.items():
                library.note(set_id, key, value)
            _check_trim(library, set_id, wanted)
            library.put_row(_row_after(library, set_id, wanted), bool(_IN_SAMPLES & set(wanted)))
            changes += differences(old, library.set(set_id))
    return changes


def differences(old: SetRow, new: SetRow) -> list[Change]:
    """Every key in which two rows of one set differ."""
    return [Change(new["set_id"], key, old[key], new[key]) for key in KEYS if old[key] != new[key]]


def _kept(library: Library, key: str, value: Any) -> Any:
    return library.known_label(value) if key == "athlete" else checked(key, value)


def _row_after(library: Library, set_id: str, wanted: dict[str, Any]) -> SetRow:
    """The set's row with what was just noted; quantities are computed anew only where they can change."""
    if _RECOMPUTED & set(wanted) or None in wanted.values():
        return library.computed(set_id)
    (label,) = library.db.row("SELECT athlete FROM sets WHERE set_id = ?", (set_id,)) or (None,)
    return {**library.set(set_id), "athlete": label, **wanted, "edited": sorted(library.edits(set_id))}


def _check_trim(library: Library, set_id: str, wanted: dict[str, Any]) -> None:
    """InputError when a trim leaves nothing of the set."""
    edits = library.edits(set_id)
    cut_s = edits.get("trim_start_s", 0.0) + edits.get("trim_end_s", 0.0)
    if not cut_s or not {"trim_start_s", "trim_end_s"} & set(wanted):
        return
    whole_s = library.computed(set_id, {})["duration_s"]
    if whole_s - cut_s < REST_MIN_S:
        raise InputError(
            f"Set {set_id} lasts {whole_s:.1f} s: trimming {cut_s:g} s would leave nothing of it."
        )
