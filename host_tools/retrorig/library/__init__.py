"""The coach's library: a folder with one SQLite file, readable by its owner alone.

schema.py     the tables, their version
database.py   opening the file
library.py    sets, partial downloads, athletes, clock anchors
"""

from retrorig.library.library import Library

__all__ = ["Library"]
