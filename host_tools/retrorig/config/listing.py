"""The schema for people: each setting with what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rigcore.settings_schema import AT_START, SETTINGS, described


@dataclass(frozen=True)
class Setting:
    """One setting. possible: its words, or the range of a number, as text; unit may be empty."""

    name: str
    value: Any
    default: Any
    possible: str
    unit: str
    help: str
    at_start: bool


def listed(values: Mapping[str, Any]) -> list[Setting]:
    """Every setting with its value on a rig."""
    texts = described()
    return [
        Setting(name, values.get(name, default), default, _possible(name), *texts[name], name in AT_START)
        for name, (default, _) in SETTINGS.items()
    ]


def _possible(name: str) -> str:
    possible = SETTINGS[name][1]
    if isinstance(possible, list):
        return f"{possible[0]} to {possible[1]}"
    return ", ".join(possible)
