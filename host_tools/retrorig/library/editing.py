"""Notes beside sets, and their undoing: the sets' rows are computed again at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.library.notes import CALIBRATION, REMOVED, UNDOABLE, Edits, checked_note
from retrorig.set_row import KEYS, SetRow

if TYPE_CHECKING:
    from retrorig.library.library import Library

_RECOMPUTED = {"trim_start_s", "trim_end_s", CALIBRATION}
_IN_SAMPLES = {"athlete", REMOVED, *_RECOMPUTED}
REST_MIN_S = 0.5
"""At least so much of a set must be left by a trim."""


@dataclass(frozen=True)
class Change:
    """One quantity of one set that became another."""

    set_id: str
    key: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Edited:
    """What an edit changed in the rows, and the notes of each set before and after it; `Library.undo` takes it."""

    changes: list[Change]
    before: dict[str, Edits]
    after: dict[str, Edits]


def edit_sets(
    library: Library,
    set_ids: Sequence[str],
    values: Mapping[str, Any],
    *,
    add_tags: Iterable[str] = (),
    drop_tags: Iterable[str] = (),
    undo: Iterable[str] = (),
    expected: Mapping[str, Any] = {},
) -> Edited:
    """Note `values` (keys of EDITABLE) beside each of the sets, change their tags, take notes of `undo` back.

    All sets or none. InputError in one sentence for what can't be noted, and when a value is not as `expected`.
    """
    values = {key: _kept(library, key, value) for key, value in values.items()}
    add_tags, drop_tags, undo = checked_note("tags", add_tags), set(drop_tags), set(undo)
    for key in undo - set(UNDOABLE):
        raise InputError(f"There is no note of {key!r} to take back: choose one of {', '.join(UNDOABLE)}.")
    wanted: dict[str, Edits] = {}
    for set_id in dict.fromkeys(map(str.lower, set_ids)):
        wanted[set_id] = {**values, **dict.fromkeys(undo)}
        if add_tags or drop_tags:
            tags = dict.fromkeys([*library.set(set_id).tags, *add_tags])
            wanted[set_id]["tags"] = [tag for tag in tags if tag not in drop_tags]
    with library.db.transaction():
        for set_id in wanted:
            _check_unchanged(library.set(set_id), expected)
        return note_all(library, wanted)


def _check_unchanged(row: SetRow, expected: Mapping[str, Any]) -> None:
    """InputError when somebody else has changed what the editor saw."""
    for key, seen in expected.items():
        if row.value(key) != seen:
            now = "nothing" if row.value(key) is None else row.value(key)
            raise InputError(
                f"Somebody has changed {key} of set {row.set_id} to {now} meanwhile: look at it, then edit it again."
            )


def remove_sets(library: Library, set_ids: Sequence[str], how: str | None) -> Edited:
    """Take sets out of every list (DELETED or HIDDEN), or with None bring them back."""
    edited = note_all(library, {set_id.lower(): {REMOVED: how} for set_id in set_ids})
    if how is not None:
        library.files.remove(list(edited.before))
    return edited


def undo_edit(library: Library, edited: Edited) -> Edited:
    """Take an edit back, all sets or none; what this returns can be undone, too.

    InputError when something else was noted beside one of the sets since, which would be lost.
    """
    for set_id, after in edited.after.items():
        if library.notes.of(set_id) != after:
            raise InputError(
                f"Something else was noted beside set {set_id} since then: look at it, and edit it by hand."
            )
    wanted = {}
    for set_id, before in edited.before.items():
        keys = {*before, *edited.after[set_id]}
        wanted[set_id] = {
            key: before.get(key) for key in keys if before.get(key) != edited.after[set_id].get(key)
        }
    return note_all(library, wanted)


def note_all(library: Library, wanted: Mapping[str, Edits]) -> Edited:
    """Note checked values beside sets, each its own; None takes a key back. All sets or none."""
    edited = Edited([], {}, {})
    with library.db.transaction():
        for set_id, values in wanted.items():
            old = library.set(set_id)
            edited.before[set_id] = library.notes.of(set_id)
            for key, value in values.items():
                library.notes.add(set_id, key, value)
            _check_trim(library, set_id, values)
            library.put_row(_row_after(library, old, values), bool(_IN_SAMPLES & set(values)))
            edited.changes.extend(differences(old, library.set(set_id)))
            edited.after[set_id] = library.notes.of(set_id)
    return edited


def differences(old: SetRow | None, new: SetRow) -> list[Change]:
    """Every key in which two rows of one set differ; a set without a row before differs in all that is known."""
    pairs = ((key, old and old.value(key), new.value(key)) for key in (*KEYS, REMOVED))
    return [Change(new.set_id, *pair) for pair in pairs if pair[1] != pair[2]]


def _kept(library: Library, key: str, value: Any) -> Any:
    return library.people.known_label(value) if key == "athlete" else checked_note(key, value)


def _row_after(library: Library, old: SetRow, wanted: Edits) -> SetRow:
    """The set's row with what was just noted; quantities are computed anew only where they can change."""
    if _RECOMPUTED & set(wanted) or None in wanted.values():
        return library.computed(old.set_id)
    noted = {key: value for key, value in wanted.items() if key != "athlete"}
    label = wanted.get("athlete", old.label)
    edited = sorted(set(library.notes.of(old.set_id)) - {REMOVED})
    return replace(old, label=label, edited=edited, **noted)


def _check_trim(library: Library, set_id: str, wanted: Edits) -> None:
    """InputError when a trim leaves nothing of the set."""
    edits = library.notes.of(set_id)
    cut_s = edits.get("trim_start_s", 0.0) + edits.get("trim_end_s", 0.0)
    if not cut_s or not {"trim_start_s", "trim_end_s"} & set(wanted):
        return
    whole_s = library.computed(set_id, {}).duration_s
    if whole_s - cut_s < REST_MIN_S:
        raise InputError(
            f"Set {set_id} lasts {whole_s:.1f} s: trimming {cut_s:g} s would leave nothing of it."
        )
