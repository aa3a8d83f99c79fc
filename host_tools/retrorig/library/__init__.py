"""The coach's library: a folder with one SQLite file, readable by its owner alone. README.md tells what is in it."""

from retrorig.library.finding import Choice
from retrorig.library.library import Library

__all__ = ["Choice", "Library"]
