"""The form of a plan file as a JSON Schema, for editors and other programs; made from the tables that the reader uses.

It cannot say that a band's first number is the lower, how long a plan is with its repeats written out, nor how many
bytes it takes; the reader can. `.venv/bin/python -m retrorig.plans.published` writes plan.schema.json again.
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

from retrorig.plans.reader import REPEAT, SCHEMA, TIMES_MAX
from retrorig.plans.schema import BLOCK, TARGETS, UNTIL_MOVE
from rigcore import plan

CADENCE = "cadence_spm"
FILE = Path(__file__).parent / "plan.schema.json"
Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RATING: Schema = {"type": "integer", "minimum": 0, "maximum": 10}


def plan_schema() -> Schema:
    """The schema of a plan file, once its TOML is read."""
    return {
        "$schema": DIALECT,
        "title": "retrorig training plan",
        "type": "object",
        "required": ["name", "block"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "id": {
                "type": "string",
                "pattern": f"^[A-Za-z0-9_-]{{1,{plan.NAME_MAX}}}$",
                "maxLength": plan.NAME_MAX,
            },
            "name": _text(plan.NAME_MAX, "what the display shows"),
            "about": {"type": "string", "description": "for people who read the file"},
            "ask": {
                "type": "array",
                "items": {"enum": list(plan.QUESTIONS)},
                "description": "after each set, 0 to 10",
            },
            "rule": _rule(),
            "block": _blocks(),
        },
        "$defs": {"block": _block(), "repeat": _repeat()},
    }


def _blocks() -> Schema:
    either = {
        "if": {"required": ["block"]},
        "then": {"$ref": "#/$defs/repeat"},
        "else": {"$ref": "#/$defs/block"},
    }
    return {"type": "array", "minItems": 1, "items": either}


def _repeat() -> Schema:
    return {
        "type": "object",
        "description": "its blocks again and again",
        "required": ["times", "block"],
        "additionalProperties": False,
        "properties": {
            "kind": {"const": REPEAT},
            "times": {"type": "integer", "minimum": 1, "maximum": TIMES_MAX},
            "block": _blocks(),
        },
    }


def _block() -> Schema:
    targets = {name: _target(name) for name in TARGETS}
    others = {name: {**_value(name), "description": field.text} for name, field in BLOCK.items()}
    return {
        "type": "object",
        "description": "sets of one kind; of the targets at most one",
        "additionalProperties": False,
        "properties": {**targets, **others},
        "not": {"anyOf": [{"required": list(pair)} for pair in combinations(TARGETS, 2)]},
    }


def _target(name: str) -> Schema:
    target, scale = TARGETS[name]
    return _range("integer" if scale == 1 else "number", plan.AMOUNT[target], scale)


def _value(name: str) -> Schema:
    """By where the value goes on the board: numbers there are in thousandths, but for counts."""
    board = BLOCK[name].board
    if name == "rest":
        return {"const": UNTIL_MOVE}
    if name == "times":
        return _range("integer", plan.NUMBERS[board], 1)
    if name == "pace_mps":
        pace = _range("number", plan.NUMBERS[board], 1000)
        return {"anyOf": [pace, {"type": "array", "minItems": 1, "items": pace}]}
    if board in plan.NUMBERS:
        return _range("number", plan.NUMBERS[board], 1000)
    if board in plan.BANDS:
        scale = 1 if board == CADENCE else 1000
        items = _range("number", plan.BANDS[board], scale)
        return {"type": "array", "minItems": 2, "maxItems": 2, "items": items}
    if board in plan.WORDS:
        return {"enum": [word for word in plan.WORDS[board] if word]}
    return _text(plan.NAME_MAX, "")


def _rule() -> Schema:
    limits = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": dict.fromkeys(plan.QUESTIONS, _RATING),
    }
    words = {"type": "string", "maxLength": plan.TEXT_MAX}
    return {
        "type": "object",
        "description": "the coach's own: up to these the next set is green, amber; beyond is red",
        "required": ["green", "amber"],
        "additionalProperties": False,
        "properties": {
            "green": limits,
            "amber": limits,
            "red": {"enum": ["warn", "stop"]},
            "amber_text": words,
            "red_text": words,
        },
    }


def _range(kind: str, limits: tuple[int, int], scale: int) -> Schema:
    low, high = (limit // scale if limit % scale == 0 else limit / scale for limit in limits)
    return {"type": kind, "minimum": low, "maximum": high}


def _text(longest: int, description: str) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": description}


def schema_text() -> str:
    """What the file holds."""
    return json.dumps(plan_schema(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
