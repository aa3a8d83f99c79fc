"""Merges another library: sets, notes, people, calibrations and clocks, each exactly once.

People are matched by name and get this library's labels; a label without a name there that stands for somebody here
becomes a new label, so that nobody's sets are mixed with another's. What both have and differ in stays as it is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.forms import plain
from retrorig.library import foreign
from retrorig.library.raw_sets import StoredSet

if TYPE_CHECKING:
    from retrorig.library.library import Library

Labels = dict[str | None, str | None]
Progress = Callable[[int, int], None]


@dataclass
class Merged:
    """Ids of new sets, how many were known, and what was left as it is here, in sentences."""

    new: list[str] = field(default_factory=list)
    known_n: int = 0
    notices: list[str] = field(default_factory=list)


def merge(
    library: Library,
    other: Library,
    only: Sequence[str] | None = None,
    progress: Progress = lambda done, total: None,
) -> Merged:
    """Take over everything of `other`, or the sets `only` with their notes and people; all of it or nothing."""
    result = Merged()
    with library.db.transaction():
        ids = _without_forgotten(library, _ids(other, only), result)
        ids = [set_id for set_id in ids if _is_sound(other, set_id, result)]
        labels = _labels(library, other, ids, result)
        for exchange in foreign.exchanges(other, result.notices.append):
            library.add_anchor(*exchange)
        for number, set_id in enumerate(ids):
            _take_set(library, other, set_id, labels, result)
            progress(number + 1, len(ids))
        if only is None:
            _take_calibrations(library, other, result)
    return result


def _ids(other: Library, only: Sequence[str] | None) -> list[str]:
    there = other.raw_sets.ids()
    wanted = there if only is None else list(dict.fromkeys(map(str.lower, only)))
    for name in set(wanted) - set(there):
        raise InputError(f"There is no set {name} in the other library.")
    return wanted


def _without_forgotten(library: Library, ids: Sequence[str], result: Merged) -> list[str]:
    forgotten = library.raw_sets.forgotten()
    for set_id in forgotten.intersection(ids):
        result.notices.append(f"Set {set_id} was deleted here for good and was not taken again.")
    return [set_id for set_id in ids if set_id not in forgotten]


def _is_sound(other: Library, set_id: str, result: Merged) -> bool:
    """Whether a set and its notes can be taken as they are there; what can't is told and left out."""
    try:
        foreign.stored_set(other, set_id)
        foreign.notes_of(other, set_id)
    except foreign.ForeignError as error:
        result.notices.append(f"Set {plain(str(set_id))} was left out: {error}.")
        return False
    return True


def _labels(library: Library, other: Library, ids: Sequence[str], result: Merged) -> Labels:
    """This library's label for each of the other's that the sets need."""
    needed = {label for set_id in ids for label in _labels_of(other, set_id)}
    people = library.people
    names, here = foreign.names(other, result.notices.append), people.names()
    used = people.used_labels()
    labels: Labels = {None: None}
    for label in sorted(needed):
        if label in names:
            labels[label] = people.label_for(names[label], label)
        elif label in here or people.is_retired(label) or label in labels.values():
            labels[label] = people.free_label(used)
        else:
            labels[label] = label
        used.add(labels[label] or "")
    return labels


def _labels_of(other: Library, set_id: str) -> set[str]:
    noted = {note.value for note in other.notes.history(set_id) if note.key == "athlete"}
    return {label for label in {other.raw_sets.label(set_id), *noted} if label}


def _take_set(library: Library, other: Library, set_id: str, labels: Labels, result: Merged) -> None:
    theirs, ours = other.raw_sets.get(set_id), library.raw_sets.find(set_id)
    if ours is None:
        _take_new(library, other, theirs, labels)
        result.new.append(set_id)
        return
    result.known_n += 1
    if not _grow(library, ours, theirs, result):
        return
    if ours.label != labels[theirs.label]:
        result.notices.append(
            f"Set {set_id} was made by somebody else there: it stays with whom it has here."
        )
    if _take_notes(library, other, set_id, labels) or len(theirs.data) > len(ours.data):
        library.put_row(library.computed(set_id))


def _take_new(library: Library, other: Library, theirs: StoredSet, labels: Labels) -> None:
    """Take a set that is not here: its bytes, its notes, and what was computed from them there."""
    set_id = theirs.set_id
    library.raw_sets.enter(replace(theirs, label=labels[theirs.label]))
    _take_notes(library, other, set_id, labels)
    library.put_row(library.computed(set_id))  # what was computed there may be older, or made up


def _grow(library: Library, ours: StoredSet, theirs: StoredSet, result: Merged) -> bool:
    """Take the longer form of a set that both have; False when they are different sets."""
    if theirs.data.startswith(ours.data):
        if theirs.data != ours.data:
            library.raw_sets.enter(theirs)
        return True
    if ours.data.startswith(theirs.data):
        return True
    result.notices.append(f"Set {ours.set_id} is another one there: the one that is here stays.")
    return False


def _take_notes(library: Library, other: Library, set_id: str, labels: Labels) -> bool:
    """Add the notes that are not here yet; whether there were any."""
    notes = other.notes.history(set_id)
    return library.notes.take(
        set_id,
        [replace(note, value=labels[note.value]) if note.key == "athlete" else note for note in notes],
    )


def _take_calibrations(library: Library, other: Library, result: Merged) -> None:
    for record in foreign.calibrations(other, result.notices.append):
        try:
            library.calibrations.add(record)
        except InputError as error:
            result.notices.append(str(error))
