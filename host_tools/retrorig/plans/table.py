"""A plan file as a table of its values, and back; comments are not kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from retrorig.texts import parse_toml

Table = dict[str, Any]


def plan_table(text: str, name: str = "plan.toml") -> Table:
    """What a plan's text in TOML holds, whether it makes a plan or not; InputError when it is no TOML."""
    return parse_toml(text, name, "plan")


def plan_text(table: Mapping[str, Any]) -> str:
    """The TOML of a plan: its own values first, then its rule, then its blocks."""
    own = {key: value for key, value in table.items() if key not in ("rule", "block")}
    lines = [f"{key} = {_value(value)}" for key, value in own.items()]
    if "rule" in table:
        lines += ["", "[rule]", *(f"{key} = {_value(value)}" for key, value in table["rule"].items())]
    for block in table.get("block", []):
        lines += ["", *_block(block, "block")]
    return "\n".join(lines) + "\n"


def _block(block: Mapping[str, Any], path: str) -> list[str]:
    lines = [f"[[{path}]]", *(f"{key} = {_value(value)}" for key, value in block.items() if key != "block")]
    for inner in block.get("block", []):
        lines += ["", *_block(inner, f"{path}.block")]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
