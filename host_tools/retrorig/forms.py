"""Checks of values from a rig: ids, short texts, whole numbers. Checksums find damage, but not nonsense."""

from __future__ import annotations

import re
from typing import Any

TEXT_MAX = 200
"""Characters of a sentence, a version or a name that a rig tells; what is longer is none."""

WHOLE_MAX = 1 << 53
"""As far as every reader of JSON counts exactly, and a catalogue stores; 285 years in microseconds."""

_RIG_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")


def is_rig_id(value: Any) -> bool:
    """The id of a rig that is plugged in: nothing that means more to a file system or a spreadsheet."""
    return isinstance(value, str) and _RIG_ID.fullmatch(value) is not None


def is_short(value: Any) -> bool:
    """A text that is not too long."""
    return isinstance(value, str) and len(value) <= TEXT_MAX


def is_plain(value: Any) -> bool:
    """A short text without control characters or halves of letters."""
    return is_short(value) and not any(map(_is_control, value))


def plain(text: str) -> str:
    """A text for display: cut short, with a question mark for each character that can't be shown."""
    return "".join("?" if _is_control(char) else char for char in text[:TEXT_MAX])


def is_whole_number(value: Any, low: int = 1 - WHOLE_MAX, high: int = WHOLE_MAX) -> bool:
    """A whole number in this range."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char < "\xa0" or "\ud800" <= char < "\ue000"
