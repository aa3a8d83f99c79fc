"""The settings that an athlete may change on the rig, in turn; loaded for the moment of a press."""

from rigcore import TYPE_CHECKING
from rigcore.settings_schema import SETTINGS

if TYPE_CHECKING:
    from typing import Any

MENU = ("number", "distance_unit", "speed_unit", "force_unit", "sound", "metronome", "still_s", "mirror")


def next_setting(name: str) -> str:
    """The one after this, round and round."""
    return MENU[(MENU.index(name) + 1) % len(MENU)]


def next_value(name: str, value: "Any") -> "Any":
    """The possible value after this one; after the last the first."""
    possible = SETTINGS[name][1]
    if isinstance(possible, tuple):
        return possible[(possible.index(value) + 1) % len(possible)]
    least, most = possible
    return value + 1 if value < most else least
