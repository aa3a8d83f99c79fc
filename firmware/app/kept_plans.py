"""The plans among what is kept (rigcore/kept.py); loaded for the moment."""

import json

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from rigcore.kept import KeptValues

PLAN = "plan/"  # their names begin so


def extents(kept: "KeptValues") -> "list[tuple[str, int, int]]":
    """(id, bytes, CRC-32 of the text) of each plan."""
    return sorted((name[len(PLAN) :], size, crc) for name, size, crc in kept.names() if name.startswith(PLAN))


def ids(kept: "KeptValues") -> "list[str]":
    return [plan_id for plan_id, _size, _crc in extents(kept)]


def load(kept: "KeptValues", plan_id: str) -> "dict[str, Any] | None":
    """The plan as a dict, None when it is missing or damaged."""
    text = kept.read(PLAN + plan_id)
    try:
        return json.loads(text) if text else None  # it was checked before it was written
    except ValueError:
        return None


def text_crc(kept: "KeptValues", plan_id: str) -> int:
    """CRC-32 of the plan's text, 0 for none."""
    for found_id, _size, crc in extents(kept):
        if found_id == plan_id:
            return crc
    return 0
