"""Checks the stored rows of sets, since a library may be damaged or hostile.

Rows are many, so that forms are looked at once a combination of types, and of numbers only the smallest and largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from retrorig.errors import InputError
from retrorig.forms import plain
from retrorig.library.schema import AS_JSON, COLUMNS
from retrorig.set_row import SetRow
from retrorig.vocabulary import KINDS, QUALITIES

LARGEST = 1e15
"""No quantity of a set comes near."""

_OLDEST, _NEWEST = "1970", "9990"
_PYTHON = {"str": str, "int": int, "float": float}


class DamagedRowError(InputError):
    """A stored row holds values that no set can have; the set's bytes may be whole."""

    def __init__(self, set_id: object) -> None:
        super().__init__(
            f"What the list holds of set {plain(str(set_id))[:60]} is damaged: "
            "`retrorig library check` tells more, and `retrorig library recompute` computes it anew."
        )


def _types(name: str) -> set[type]:
    """The types that a column may hold."""
    if name in AS_JSON:
        return {str}
    words = str(SetRow.__dataclass_fields__[name].type).split(" | ")
    found = {_PYTHON.get(word, type(None)) for word in words}
    return found | {int} if float in found else found


_TYPES = [_types(name) for name in COLUMNS]
_AT = {name: number for number, name in enumerate(COLUMNS)}
_WORDS = ((_AT["kind"], KINDS), (_AT["quality"], QUALITIES))
_STARTED_AT = _AT["started_utc"]
_known: dict[tuple[type, ...], list[int]] = {}
"""Combinations of types that can be, each with the places of its numbers."""


def check_row(stored: Sequence[Any]) -> None:
    """DamagedRowError unless the values, in the order of COLUMNS, can be a set's."""
    types = tuple(map(type, stored))
    places = _known.get(types)
    if places is None:
        if not all(one in may_be for one, may_be in zip(types, _TYPES, strict=True)):
            raise DamagedRowError(stored[0])
        places = _known[types] = [number for number, one in enumerate(types) if one in (int, float)]
    numbers = [stored[place] for place in places]
    are_words = all(stored[place] in words for place, words in _WORDS)
    if not are_words or not -LARGEST < min(numbers) <= max(numbers) < LARGEST or not _is_date(stored):
        raise DamagedRowError(stored[0])


def _is_date(stored: Sequence[Any]) -> bool:
    text = stored[_STARTED_AT]
    if text is None:
        return True
    try:
        return _OLDEST <= text < _NEWEST and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
