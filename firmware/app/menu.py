"""The settings that an athlete may change on the rig, in turn; loaded for the moment of a press."""

from rigcore import TYPE_CHECKING
from rigcore.settings_schema import SETTINGS

from .controls import FULL

if TYPE_CHECKING:
    from typing import Any

    from .controls import Controls
    from .rig import Rig

ORDER = (
    "number distance_unit speed_unit force_unit upper lower sound volume metronome still_s brightness mirror"
)
MENU = tuple(ORDER.split())


def press(rig: "Rig", controls: "Controls", is_next: bool) -> None:
    """Go to the next setting, or change the one that is shown; it acts at once, and is kept."""
    view, settings = rig.view, rig.settings
    if is_next:
        view.setting = next_setting(view.setting)
    elif not rig.is_still():
        controls.say("Stand still to change a setting.")
    else:
        value = next_value(view.setting, settings.get(view.setting))
        try:
            settings.change({view.setting: value}, rig.plans.keep)
        except OSError:
            controls.say(FULL)


def next_setting(name: str) -> str:
    """The one after this, round and round."""
    return MENU[(MENU.index(name) + 1) % len(MENU)]


def next_value(name: str, value: "Any") -> "Any":
    """The possible value after this one; after the last the first."""
    possible: "Any" = SETTINGS[name][1]
    if isinstance(possible, tuple):
        return possible[(possible.index(value) + 1) % len(possible)]
    least, most = possible
    return value + 1 if value < most else least
