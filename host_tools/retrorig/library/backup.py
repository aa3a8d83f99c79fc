"""A backup of a library: one file, as it is at one moment."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from retrorig.errors import InputError
from retrorig.library.database import is_whole
from retrorig.writing import replacing

if TYPE_CHECKING:
    from retrorig.library.library import Library

PAGES_AT_ONCE = 1000
"""Pages that a backup copies before it lets other programs have a turn."""


def backup(library: Library, target: Path) -> None:
    """Copy the library, as it is at one moment, to a new file that its owner alone can read.

    Others may read and write meanwhile. InputError when the file is there already or can't be written.
    """
    if target.exists():
        raise InputError(f"{target} is there already: a backup goes to a new file.")
    with replacing(target) as file:
        os.chmod(file.name, 0o600)
        try:
            with closing(sqlite3.connect(file.name)) as copy:
                library.db.connection.backup(copy, pages=PAGES_AT_ONCE)
                whole = is_whole(copy)
        except sqlite3.Error as error:
            raise InputError(
                f"The backup to {target} did not work ({error}): check the disk's room."
            ) from None
    if not whole:
        raise InputError(
            f"Wrote {target}, but the library is damaged, and so is this copy: keep your older backups, and save what "
            "is whole by merging it into a new library."
        )
