"""Lists each setting with its value, default, possible values and help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rigcore.settings_schema import AT_START, SETTINGS

TEXTS = {  # name: (unit or "", help)
    "distance_unit": ("", "unit of distances on the display"),
    "speed_unit": ("", "unit of speeds on the display"),
    "force_unit": ("", "unit of forces on the display"),
    "mirror": ("", "picture for a wall mirror"),
    "sound": ("", "beeps"),
    "volume": ("", "of beeps and metronome, 4 the loudest"),
    "metronome": ("", "ticks the cadence that a plan asks for"),
    "brightness": ("", "of the display, 5 the brightest"),
    "number": ("", "the huge number: what is left of a set, or what is done"),
    "upper": ("", "the upper small number beside it"),
    "lower": ("", "the lower one"),
    "machine": ("", "what the rig is mounted on; every set says it"),
    "display": ("", "the panel's controller"),
    "converter": ("", "the load cell's converter"),
    "still_s": ("s", "standing still so long ends a set"),
    "rate_sps": ("conversions/s", "the converter's nominal rate; 10 for an HX711 with its RATE pin low"),
}


@dataclass(frozen=True)
class Setting:
    """One setting. possible: its words, or the range of a number, as text. unit may be empty, words is for a number."""

    name: str
    value: Any
    default: Any
    possible: str
    unit: str
    help: str
    at_start: bool
    words: tuple[str, ...] = ()


def listed(values: Mapping[str, Any]) -> list[Setting]:
    """Every setting with its value on a rig."""
    return [
        Setting(
            name,
            values.get(name, default),
            default,
            _possible(name),
            *TEXTS[name],
            name in AT_START,
            _words(name),
        )
        for name, (default, _) in SETTINGS.items()
    ]


def _words(name: str) -> tuple[str, ...]:
    possible = SETTINGS[name][1]
    return () if isinstance(possible, list) else tuple(possible)


def _possible(name: str) -> str:
    possible = SETTINGS[name][1]
    if isinstance(possible, list):
        return f"{possible[0]} to {possible[1]}"
    return ", ".join(possible)
