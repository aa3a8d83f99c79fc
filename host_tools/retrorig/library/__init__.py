"""The coach's library: a folder with one SQLite file, readable by its owner alone. README.md describes its content."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use
from retrorig.library.library import Library
from retrorig.library.notes import DELETED, HIDDEN
from retrorig.library.query import Choice
from retrorig.set_row import FIELDS, SetRow
from retrorig.vocabulary import FEET, KINDS, QUALITIES

if TYPE_CHECKING:
    from retrorig.library.calibration_record import Record
    from retrorig.library.database import default_folder
    from retrorig.library.editing import Change, Edited
    from retrorig.library.set_list import Column, ListStyle, set_lines

__all__ = [
    "DELETED",
    "FEET",
    "FIELDS",
    "HIDDEN",
    "KINDS",
    "QUALITIES",
    "Change",
    "Choice",
    "Column",
    "Edited",
    "Library",
    "ListStyle",
    "Record",
    "SetRow",
    "default_folder",
    "set_lines",
]

__getattr__ = on_use(
    __name__,
    {
        "calibration_record": ("Record",),
        "database": ("default_folder",),
        "editing": ("Change", "Edited"),
        "set_list": ("Column", "ListStyle", "set_lines"),
    },
)
