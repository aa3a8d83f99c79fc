"""Checks what another library holds before anything of it is taken over: it may be hostile.

A set's bytes must be those that were stored, be a set, and be the set that their name says; notes, names, times and
calibrations must be such as this program writes. ForeignError, half a sentence, for what is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from retrorig.errors import InputError
from retrorig.forms import is_plain, is_rig_id
from retrorig.library.calibration_record import checked_record
from retrorig.library.clocks import UNIX_MS, boot_of, can_be_exchange
from retrorig.library.notes import Note, can_be_noted
from retrorig.library.people import tidy_name
from retrorig.library.raw_sets import StoredSet
from retrorig.library.reading import read_set

if TYPE_CHECKING:
    from retrorig.library.library import Library


_NO_NAME = "A person there has a name or a label that can't be one, and was left out."
_NO_RECORD = "A calibration there is damaged or was changed, and was left out."


class ForeignError(ValueError):
    """Something can't be taken over; the message is a clause that says why."""


@contextmanager
def _made_sense() -> Iterator[None]:
    """Turns every error that a cell of a wrong type causes into a ForeignError."""
    try:
        yield
    except ForeignError:
        raise
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
        InputError,
    ) as error:
        raise ForeignError("its cells make no sense") from error


def stored_set(other: Library, set_id: str) -> StoredSet:
    """A set's bytes with where its number comes from, all of which the bytes themselves confirm."""
    from retrorig.measure.metrics import set_id as id_of

    with _made_sense():
        found = other.raw_sets.get(set_id)
        if not isinstance(found.data, bytes) or not found.is_whole:
            raise ForeignError("its bytes are not those that were stored")
        header = read_set(found.data).header
        if id_of(header) != found.set_id or set_id != found.set_id:
            raise ForeignError("its bytes are another set's")
        if (*boot_of(header), header["no"]) != (found.rig, found.era, found.boot, found.no):
            raise ForeignError("its number is not that of its bytes")
        if found.label is not None and not is_plain(found.label):
            raise ForeignError("its label is none")
        return found


def notes_of(other: Library, set_id: str) -> list[Note]:
    """Every note beside a set."""
    with _made_sense():
        notes = other.notes.history(set_id)
        for note in notes:
            if not is_plain(note.when_utc) or not can_be_noted(note):
                raise ForeignError("a note beside it makes no sense")
        return notes


def names(other: Library, tell: Callable[[str], None]) -> dict[str, str]:
    """The people there by label, those whose name can be one."""
    found = {}
    for _ in range(other.people.senseless_n()):
        tell(_NO_NAME)
    for label, name in other.people.names().items():
        try:
            with _made_sense():
                if not is_plain(label):
                    raise ForeignError("its label is none")
                found[label] = tidy_name(name)
        except ForeignError:
            tell(_NO_NAME)
    return found


def exchanges(other: Library, tell: Callable[[str], None]) -> Iterator[Any]:
    """The exchanges of the time that can have happened."""
    left_out_n = 0
    for boot, board_us, utc_ms, half_rtt_us in other.clocks.exchanges():
        can_be = is_rig_id(boot.rig) and can_be_exchange(boot, board_us, utc_ms, half_rtt_us)
        if can_be and utc_ms >= UNIX_MS[0]:
            yield boot, board_us, utc_ms, half_rtt_us
        else:
            left_out_n += 1
    if left_out_n:
        tell(f"Times there that can't be were left out: {left_out_n}.")


def calibrations(other: Library, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """The calibration records that this program could have made."""
    found = []
    try:
        with _made_sense():
            records, senseless_n = other.calibrations.all(), other.calibrations.senseless_n()
    except ForeignError:
        tell("The calibrations there can't be read, and were left out.")
        return []
    for _ in range(senseless_n):
        tell(_NO_RECORD)
    for record in records:
        try:
            found.append(checked_record(record))
        except InputError:
            tell(_NO_RECORD)
    return found
