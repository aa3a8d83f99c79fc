"""A rig's settings: read, changed as a whole or not at all, and edited as a file.

The names, their values, defaults and help are those of rigcore/settings_schema.py, by which the board checks too.
"""

from retrorig.config.editor import edited
from retrorig.config.link import change_settings, fetch_settings, setting_named, takes_effect_at_start
from retrorig.config.listing import Setting, listed
from retrorig.config.text import as_text, from_text

__all__ = [
    "Setting",
    "as_text",
    "change_settings",
    "edited",
    "fetch_settings",
    "from_text",
    "listed",
    "setting_named",
    "takes_effect_at_start",
]
