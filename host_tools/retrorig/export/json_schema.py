"""The JSON Schema (draft 2020-12) of exported sets, made from the keys of a set."""

from __future__ import annotations

import json
from dataclasses import Field
from typing import Any

from retrorig.set_row import FIELDS

SCHEMA_ID = "urn:retrorig:sets:1"
"""Names the schema; nothing is to be fetched by it."""

Schema = dict[str, Any]

_ABOUT = (
    "What `retrorig export --format json` writes. Backward is positive. null: not measured, or the data can't carry "
    "it. Later versions may add keys: ignore those you do not know."
)
_COLUMNS = {
    "time_s": "Seconds since the set's start.",
    "distance_m": "Net backward distance, metres.",
    "speed_mps": "Speed, filtered, metres a second.",
    "force_n": "Pull of each conversion, unfiltered, newtons.",
    "power_w": "Force times speed, watts.",
}
_TYPES: dict[str, Schema] = {
    "str": {"type": "string"},
    "float": {"type": "number"},
    "int": {"type": "integer"},
    "list[str]": {"type": "array", "items": {"type": "string"}},
    "dict[str, float]": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    "dict[str, str]": {"type": "object", "additionalProperties": {"type": "string"}},
    "Details": {"type": "object"},
}
_OR_NONE = " | None"


def schema_text() -> str:
    """The schema of what write_json writes."""
    return json.dumps(_schema(), indent=1) + "\n"


def _schema() -> Schema:
    one_set = {
        "type": "object",
        "required": [*FIELDS, "columns"],
        "properties": {
            **{key: _property(of) for key, of in FIELDS.items()},
            "columns": {"$ref": "#/$defs/columns"},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Sets of backward walking",
        "description": _ABOUT,
        "type": "object",
        "required": ["$schema", "sets"],
        "properties": {
            "$schema": {"const": SCHEMA_ID},
            "sets": {"type": "array", "items": {"$ref": "#/$defs/set"}},
        },
        "additionalProperties": False,
        "$defs": {"set": one_set, "columns": _columns(), "column": _array_of({"type": ["number", "null"]})},
    }


def _property(of: Field[Any]) -> Schema:
    """One key: its type by the field's annotation, its limits and its meaning by what the field says."""
    kind = str(of.type).removesuffix(_OR_NONE)
    may_be_null = kind != of.type
    limits, said = dict(of.metadata["limits"]), {"description": of.metadata["says"]}
    if "enum" in limits:
        return {"enum": [*limits["enum"], *([None] if may_be_null else [])], **said}
    found = dict(_TYPES[kind])
    if may_be_null:
        found["type"] = [found["type"], "null"]
    return {**found, **limits, **said}


def _columns() -> Schema:
    properties: Schema = {
        name: {"$ref": "#/$defs/column", "description": says} for name, says in _COLUMNS.items()
    }
    properties["time_s"] = {
        **_array_of({"type": "number", "minimum": 0}),
        "description": _COLUMNS["time_s"],
    }
    return {
        "type": "object",
        "description": "The samples, a list a column, all of the same length.",
        "required": list(_COLUMNS),
        "additionalProperties": False,
        "properties": properties,
    }


def _array_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}
