"""The coach's library: a folder with one SQLite file, readable by its owner alone. README.md describes its content."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use
from retrorig.library.library import Library
from retrorig.library.notes import DELETED, HIDDEN
from retrorig.library.query import Choice
from retrorig.set_row import FIELDS, SetRow

if TYPE_CHECKING:
    from retrorig.library.editing import Change
    from retrorig.library.set_list import Column, Look, set_lines

__all__ = [
    "DELETED",
    "FIELDS",
    "HIDDEN",
    "Change",
    "Choice",
    "Column",
    "Library",
    "Look",
    "SetRow",
    "set_lines",
]

__getattr__ = on_use(__name__, {"editing": ("Change",), "set_list": ("Column", "Look", "set_lines")})
