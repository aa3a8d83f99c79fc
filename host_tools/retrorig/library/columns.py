"""A set's row in the catalogue's columns, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from retrorig.library.row_check import DamagedRowError, check_row
from retrorig.library.schema import AS_JSON, COLUMNS
from retrorig.set_row import KEYS, SetRow

_TAIL_KEYS = KEYS[KEYS.index("athlete") + 1 :]
_NAME_AT = COLUMNS.index("label") + 1
"""Where a row's fields have the name, which is in no column."""

_JSON_AT = [(number, AS_JSON[name]) for number, name in enumerate(COLUMNS) if name in AS_JSON]


def as_columns(row: SetRow) -> tuple[Any, ...]:
    """A row's values in the order of COLUMNS, and its tail."""
    values = (as_json(getattr(row, name)) if name in AS_JSON else getattr(row, name) for name in COLUMNS)
    return (*values, tail_of(row))


def tail_of(row: SetRow) -> str:
    """The end of a set's JSON object, from the key after the athlete on."""
    return as_json({key: getattr(row, key) for key in _TAIL_KEYS})[1:]


def as_json(value: Any) -> str:
    """JSON as the library keeps it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def row_from(stored: tuple[Any, ...], names: Mapping[str, str]) -> SetRow:
    """The row of stored values, in the order of COLUMNS; `names` by label. DamagedRowError when it can be none."""
    check_row(stored)
    values = list(stored)
    for number, nothing in _JSON_AT:
        text = values[number]
        if text == nothing:
            values[number] = [] if nothing == "[]" else {}  # most are, and there may be many
        else:
            values[number] = _unpacked(stored[0], text, type(json.loads(nothing)))
    values.insert(_NAME_AT, names.get(values[_NAME_AT - 1] or ""))
    return SetRow(*values)


def _unpacked(set_id: object, text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedRowError(set_id) from None
    if type(found) is not kind:
        raise DamagedRowError(set_id)
    return found
