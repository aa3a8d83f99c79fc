"""What may be set on a rig: one table by which board and host check.

The board loads it at the start and when something is set.
"""

from . import TYPE_CHECKING
from .units import DISTANCES, FORCES, SPEEDS

if TYPE_CHECKING:
    from typing import Any


BESIDE = ("cadence", "force", "speed", "steps")
SETTINGS = {  # name: (default, possible words; of a whole number [least, most])
    "distance_unit": ("m", tuple(sorted(DISTANCES))),
    "speed_unit": ("m/s", tuple(sorted(SPEEDS))),
    "force_unit": ("N", tuple(sorted(FORCES))),
    "mirror": ("off", ("off", "on")),
    "sound": ("on", ("off", "on")),
    "volume": (4, [1, 4]),
    "metronome": ("off", ("off", "on")),  # ticks a plan's cadence
    "brightness": (5, [1, 5]),
    "number": ("left", ("done", "left")),
    "upper": ("speed", BESIDE),  # what stands small beside the number
    "lower": ("force", BESIDE),
    "machine": ("treadmill", ("sled", "treadmill")),
    "display": ("ssd1306", ("sh1106", "ssd1306", "st7789")),
    "converter": ("hx711", ("ads1220", "hx711", "hx717")),
    "still_s": (3, [2, 10]),
    "rate_sps": (80, [10, 90]),  # more, and history.py holds less than the stillness that ends a set
}
AT_START = ("display", "converter", "rate_sps", "machine")  # read when the board starts


class SettingError(Exception):
    """Something that cannot be set; args[0] is a sentence."""


def checked_settings(changes: "dict[str, Any]") -> "dict[str, Any]":
    """The changes in their types (numbers may come as text); SettingError."""
    return {name: _value(name, changes[name]) for name in changes}


def loaded(stored: "dict[str, Any]") -> "dict[str, Any]":
    """Every setting, from what a file holds; what is missing or wrong in it is at its default."""
    values = {name: SETTINGS[name][0] for name in SETTINGS}
    for name in stored:
        try:
            values.update(checked_settings({name: stored[name]}))
        except SettingError:
            pass
    return values


def _value(name: str, value: "Any") -> "Any":
    if name not in SETTINGS:
        raise SettingError("There is no setting %s; there are %s." % (name, ", ".join(sorted(SETTINGS))))
    possible = SETTINGS[name][1]
    if isinstance(possible, tuple):
        if value not in possible:
            raise SettingError("%s is one of %s." % (name, ", ".join(possible)))
        return value
    if isinstance(value, str) and value.isdigit() and len(value) < 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not possible[0] <= value <= possible[1]:
        raise SettingError("%s is a whole number from %d to %d." % (name, possible[0], possible[1]))
    return value
