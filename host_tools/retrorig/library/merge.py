"""Taking over what another library has: sets, notes, people, calibrations and clocks, each exactly once.

People are matched by name and get this library's labels; a label without a name there that stands for somebody here
becomes a new label, so that nobody's sets are mixed with another's. What both have and differ in stays as it is here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.library.anchors import Boot

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
        labels = _labels(library, other, ids)
        _take_anchors(library, other)
        for number, set_id in enumerate(ids):
            _take_set(library, other, set_id, labels, result)
            progress(number + 1, len(ids))
        if only is None:
            _take_calibrations(library, other, result)
    return result


def _ids(other: Library, only: Sequence[str] | None) -> list[str]:
    there = [name for (name,) in other.db.rows("SELECT set_id FROM frames ORDER BY set_id")]
    wanted = there if only is None else list(dict.fromkeys(map(str.lower, only)))
    for name in set(wanted) - set(there):
        raise InputError(f"There is no set {name} in the other library.")
    return wanted


def _without_forgotten(library: Library, ids: Sequence[str], result: Merged) -> list[str]:
    forgotten = {name for (name,) in library.db.rows("SELECT set_id FROM forgotten")}
    for set_id in forgotten.intersection(ids):
        result.notices.append(f"Set {set_id} was deleted here with its person and was not taken again.")
    return [set_id for set_id in ids if set_id not in forgotten]


def _labels(library: Library, other: Library, ids: Sequence[str]) -> Labels:
    """This library's label for each of the other's that the sets need."""
    needed = {label for set_id in ids for label in _labels_of(other, set_id)}
    names, here, used = other.names(), library.names(), library.used_labels()
    retired = {label for (label,) in library.db.rows("SELECT label FROM retired_labels")}
    labels: Labels = {None: None}
    for label in sorted(needed):
        if label in names:
            labels[label] = library.label_for(names[label], label)
        elif label in here or label in retired or label in labels.values():
            labels[label] = library.free_label(used)
        else:
            labels[label] = label
        used.add(labels[label] or "")
    return labels


def _labels_of(other: Library, set_id: str) -> set[str]:
    found = {label for (label,) in other.db.rows("SELECT label FROM frames WHERE set_id = ?", (set_id,))}
    noted = other.db.rows("SELECT value FROM edits WHERE set_id = ? AND key = 'athlete'", (set_id,))
    return {label for label in found | {json.loads(value) for (value,) in noted} if label}


def _take_set(library: Library, other: Library, set_id: str, labels: Labels, result: Merged) -> None:
    sql = "SELECT rig, no, crc32, boot, bytes, data, era, label FROM frames WHERE set_id = ?"
    theirs, ours = other.db.row(sql, (set_id,)), library.db.row(sql, (set_id,))
    assert theirs is not None
    if ours is None:
        _take_new(library, other, set_id, labels, theirs)
        result.new.append(set_id)
        return
    result.known_n += 1
    if not _grow(library, set_id, ours, theirs, result):
        return
    if ours[-1] != labels[theirs[-1]]:
        result.notices.append(
            f"Set {set_id} was made by somebody else there: it stays with whom it has here."
        )
    if _take_notes(library, other, set_id, labels) or len(theirs[5]) > len(ours[5]):
        library.put_row(library.computed(set_id))


def _take_new(library: Library, other: Library, set_id: str, labels: Labels, theirs: tuple) -> None:
    """Take a set that is not here: its bytes, its notes, and what was computed from them there."""
    columns = "set_id, rig, no, crc32, boot, bytes, data, era, label"
    values = (set_id, *theirs[:-1], labels[theirs[-1]])
    library.db.rows(f"INSERT INTO frames ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    _take_notes(library, other, set_id, labels)
    row = other.find_set(set_id)
    if row is None:
        row = library.computed(set_id)
    else:
        (label,) = other.db.row("SELECT athlete FROM sets WHERE set_id = ?", (set_id,)) or (None,)
        row["athlete"] = labels[label]
    library.put_row(row)


def _grow(library: Library, set_id: str, ours: tuple, theirs: tuple, result: Merged) -> bool:
    """Take the longer form of a set that both have; False when they are different sets."""
    if theirs[5].startswith(ours[5]):
        if theirs[5] != ours[5]:
            sql = "UPDATE frames SET crc32 = ?, bytes = ?, data = ? WHERE set_id = ?"
            library.db.rows(sql, (theirs[2], theirs[4], theirs[5], set_id))
        return True
    if ours[5].startswith(theirs[5]):
        return True
    result.notices.append(f"Set {set_id} is another one there: the one that is here stays.")
    return False


def _take_notes(library: Library, other: Library, set_id: str, labels: Labels) -> bool:
    """Add the notes that are not here yet; whether there were any."""
    sql = "SELECT key, value, when_utc FROM edits WHERE set_id = ? ORDER BY rowid"
    known = set(library.db.rows(sql, (set_id,)))
    is_new = False
    for key, value, when_utc in other.db.rows(sql, (set_id,)):
        note = (key, json.dumps(labels[json.loads(value)]) if key == "athlete" else value, when_utc)
        if note not in known:
            library.db.rows("INSERT INTO edits VALUES (?, ?, ?, ?)", (set_id, *note))
            is_new = True
    return is_new


def _take_anchors(library: Library, other: Library) -> None:
    sql = "SELECT rig, era, boot, board_us, utc_ms, half_rtt_us FROM anchors"
    for rig, era, boot, *exchange in other.db.rows(sql):
        library.add_anchor(Boot(rig, era, boot), *exchange)


def _take_calibrations(library: Library, other: Library, result: Merged) -> None:
    for record in other.calibrations():
        try:
            library.add_calibration(record)
        except InputError as error:
            result.notices.append(str(error))
