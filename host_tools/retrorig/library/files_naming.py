"""Finds files with a person's name in a library's folder and where people work: exports, reports, backups.

Git is told to ignore most of them, so that nobody comes upon them by chance. Nothing is changed or deleted.
"""

from __future__ import annotations

import html
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

ENDINGS = (
    ".csv", ".json", ".html", ".svg", ".xlsx", ".toml", ".txt", ".log", ".part", ".fit", ".sqlite3", ".bak", "",
)  # fmt: skip
"""Of files that this program writes, and of notes that people keep beside them."""

SHUT = (".pdf", ".parquet")
"""Forms in which a name can't be looked for."""

FILES_MAX_N = 5000
BYTES_MAX = 1 << 24
ALL_BYTES_MAX = 1 << 27
DEPTH_MAX = 3
SKIPPED = ("build", "dist", "node_modules", "__pycache__")
"""Folders of programs."""


def files_naming(name: str, places: Sequence[Path], own: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Files in the places that hold the name, in any case of letters, and those that can't be looked into.

    own: files and folders that are not told, being the library's. Of many or large files not all are looked into.
    """
    wanted, left_bytes = _folded(name), ALL_BYTES_MAX
    naming, shut = [], []
    for path in islice(_files(places, own), FILES_MAX_N):
        if path.suffix.lower() in SHUT:
            shut.append(path)
            continue
        size = _size(path)
        if size <= min(BYTES_MAX, left_bytes):
            left_bytes -= size
            naming += [path] if _holds(path, wanted) else []
    return naming, shut


def _files(places: Sequence[Path], own: Sequence[Path]) -> Iterator[Path]:
    """Every file once, without those that programs keep for themselves."""
    seen = set(own)
    for place in places:
        for folder, below, names in os.walk(place):
            here = Path(folder)
            is_deep = len(here.relative_to(place).parts) >= DEPTH_MAX
            below[:] = [] if is_deep else [one for one in below if _is_looked_into(here / one, own)]
            for path in (here / name for name in sorted(names)):
                if path.suffix.lower() in (*ENDINGS, *SHUT) and path not in seen:
                    seen.add(path)
                    yield path


def _is_looked_into(folder: Path, own: Sequence[Path]) -> bool:
    return not folder.name.startswith(".") and folder.name not in SKIPPED and folder not in own


def _size(path: Path) -> int:
    """Bytes of an ordinary file; more than any limit for what is none."""
    try:
        found = path.stat()
    except OSError:
        return BYTES_MAX + 1
    return found.st_size if stat.S_ISREG(found.st_mode) else BYTES_MAX + 1


def _holds(path: Path, wanted: str) -> bool:
    try:
        if path.suffix.lower() != ".xlsx":
            return wanted in _folded(_text(path.read_bytes()))
        with zipfile.ZipFile(path) as book:
            sheets = [each for each in book.infolist() if each.file_size <= BYTES_MAX]
            return any(wanted in _folded(_text(book.read(each))) for each in sheets)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError):  # damaged, or with a password
        return False


def _text(data: bytes) -> str:
    """What a file holds for people, as pages and sheets write it too."""
    return html.unescape(data.decode("utf-8", errors="ignore"))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
