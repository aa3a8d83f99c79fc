"""Folders in the temporary folder, with what a killed process left there removed before the next one is made.

What lies in them may be personal: copies of libraries, pages to be printed, rows of a workbook.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrorig.errors import DISK_FULL, DiskFullError, InputError

PREFIX = "retrorig-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that its owner alone can read, for as long as the block runs."""
    folder = new_scratch_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a browser may still write there


def new_scratch_folder() -> Path:
    """Such a folder, which the caller removes; InputError where none can be made."""
    clear_left_over()
    try:
        return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    except OSError as error:
        kind = DiskFullError if error.errno in DISK_FULL else InputError
        raise kind(
            f"Nothing can be written in the temporary folder ({error.strerror}): make room, or set TMPDIR to another."
        ) from None


def clear_left_over() -> None:
    """Remove the folders whose processes had no time to do so themselves (kill -9).

    Not on Windows, where a process can't be asked without ending it.
    """
    if os.name == "nt":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.split("-")[1]
        if pid.isdigit() and _is_own(folder) and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == os.getuid()
    except OSError:  # gone meanwhile
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
