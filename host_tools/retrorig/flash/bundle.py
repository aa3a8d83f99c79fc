"""An update as one file, which the board puts in place by itself.

    length of the installer, as a line
    installer.py
    raw deflate stream of: "remove PATH" lines, then "put PATH SIZE" lines with content each

It is copied beside the running firmware, checked there, and only then given the name NEXT, by one renaming. Before
that the board starts the old firmware, whatever happens; after it, boot.py brings the work to its end before
anything else starts. So no loss of power leaves half a firmware. One packed file also needs far less room than a
second copy of everything: a small file takes a whole block.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from math import ceil

NEXT = "/next"
DRAFT = "/next.part"
DOOR = "boot.py"
"""What puts an update in place: the first file on a bare board, and the last one of an update."""

OWN_FOLDERS = ("app", "drivers", "rigcore")
"""Folders that hold nothing but the firmware: what a version no longer has is removed from them."""

BLOCK = 4096
INLINE_MAX = 128
"""LittleFS keeps such a small file in its folder's blocks."""

_WINDOW_BITS = 10  # memory that unpacking takes: 1 KB


def changes(wanted: Mapping[str, bytes], there: Mapping[str, str]) -> dict[str, bytes]:
    """The files that the board does not have yet; `there` holds the SHA-256 of each of its files by path."""
    return {path: content for path, content in wanted.items() if there.get(path) != sha256(content)}


def leftovers(wanted: Mapping[str, bytes], there: Iterable[str]) -> list[str]:
    """Files in the firmware's own folders that are none of its; a forgotten x.py would be taken for x.mpy."""
    return sorted(path for path in there if path.partition("/")[0] in OWN_FOLDERS and path not in wanted)


def bundle(put: Mapping[str, bytes], remove: Iterable[str]) -> bytes:
    """The update file that puts and removes these."""
    installer = (files("retrorig.flash") / "installer.py").read_bytes()
    packer = zlib.compressobj(9, zlib.DEFLATED, -_WINDOW_BITS)
    packed = b"".join(packer.compress(part) for part in _parts(put, remove)) + packer.flush()
    return b"%d\n" % len(installer) + installer + packed


def _parts(put: Mapping[str, bytes], remove: Iterable[str]) -> Iterable[bytes]:
    for path in remove:
        yield f"remove {path}\n".encode()
    for path, content in sorted(put.items(), key=lambda item: (item[0] == DOOR, item[0])):
        yield f"put {path} {len(content)}\n".encode() + content


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def blocks(size: int) -> int:
    """Blocks of the file system that a file of so many bytes takes."""
    return 0 if size <= INLINE_MAX else ceil(size / BLOCK)


def blocks_needed(update: bytes, put: Mapping[str, bytes], there: Mapping[str, int]) -> int:
    """Free blocks that an update needs at its worst moment; `there` holds the size of each file by path.

    The update itself, what files grow by, new folders (two blocks each), and the door, of which two are there at times.
    """
    grown = sum(max(0, blocks(len(content)) - blocks(there.get(path, 0))) for path, content in put.items())
    folders = _folders(put) - _folders(there)
    return blocks(len(update)) + grown + 2 * len(folders) + blocks(len(put.get(DOOR, b"")))


def _folders(paths: Iterable[str]) -> set[str]:
    return {path[:end] for path in paths for end, letter in enumerate(path) if letter == "/"}
