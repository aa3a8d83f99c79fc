"""Files for other programs, one module a format.

sources.py         a set on its way out: the library's row and its samples
columns.py         the names of columns, the same in every format, and how a set's row becomes flat
writing.py         a file appears whole or not at all
csv_file.py ...    one function a format, of (sets, open file); FORMATS names them all
choosing.py        which files to write for several sets
"""

from retrorig.export.choosing import FORMATS, export_sets, export_summary, format_for, writer_of
from retrorig.export.csv_file import DIALECTS
from retrorig.export.json_schema import schema_text

__all__ = [
    "DIALECTS",
    "FORMATS",
    "export_sets",
    "export_summary",
    "format_for",
    "schema_text",
    "writer_of",
]
