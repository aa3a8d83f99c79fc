"""The coach's library: a folder with one SQLite file, readable by its owner alone. README.md tells what is in it."""

from retrorig.library.library import Library
from retrorig.library.query import Choice
from retrorig.set_row import SetRow

__all__ = ["Choice", "Library", "SetRow"]
