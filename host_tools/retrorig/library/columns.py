"""A set's row in the catalogue's columns, and back."""

from __future__ import annotations

import json
from typing import Any

from retrorig.library.schema import AS_JSON
from retrorig.measure.keys import KEYS

SetRow = dict[str, Any]

TAIL_KEYS = KEYS[KEYS.index("athlete") + 1 :]


def as_columns(row: SetRow) -> tuple[Any, ...]:
    """A row's values in the order of KEYS, and its tail."""
    values = (_json(row[key]) if key in AS_JSON else row[key] for key in KEYS)
    return (*values, tail_of(row))


def tail_of(row: SetRow) -> str:
    """The end of a set's JSON object, from the key after the athlete on."""
    return _json({key: row[key] for key in TAIL_KEYS})[1:]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def as_dict(row: tuple[Any, ...], names: dict[str, str]) -> SetRow:
    """A stored row, in the order of KEYS, under the contract's keys; the label gives way to the name."""
    found = dict(zip(KEYS, row, strict=True))
    for key, nothing in AS_JSON.items():
        text = found[key]
        if text == nothing:
            found[key] = [] if nothing == "[]" else {}  # most are, and there may be many
        else:
            found[key] = json.loads(text)
    found["athlete"] = names.get(found["athlete"], found["athlete"])
    return found
