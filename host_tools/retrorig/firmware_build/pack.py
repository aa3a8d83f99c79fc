"""All compiled modules in one file: on the board a file takes whole blocks of 4 KB, and most modules are under 1 KB.

    length of the index, as a line
    index: for each module and folder the CRC-32 of its path ("/app/rig.mpy", "/app") and the place in the file where
           the module begins, 0 for a folder; two u32, little-endian
    the modules one after the other

boot.py lays it over the file system; names are not in it, as they would take three times the memory there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from itertools import accumulate

NAME = "firmware.pack"
_ENTRY = struct.Struct("<II")


def packed(modules: Mapping[str, bytes]) -> bytes:
    """The file that holds these modules, given by path; none may be named like a folder."""
    folders = {path[:end] for path in modules for end, letter in enumerate(path) if letter == "/"}
    size = _ENTRY.size * (len(modules) + len(folders))
    first = b"%d\n" % size
    places = accumulate(map(len, modules.values()), initial=len(first) + size)
    entries = [*((folder, 0) for folder in sorted(folders)), *zip(modules, places, strict=False)]
    index = b"".join(_ENTRY.pack(_key(path), place) for path, place in entries)
    return first + index + b"".join(modules.values())


def place_of(pack: bytes, path: str) -> int | None:
    """Where a module begins in the file, 0 for a folder, None for what is not in it."""
    first, _, rest = pack.partition(b"\n")
    return dict(_ENTRY.iter_unpack(rest[: int(first)])).get(_key(path))


def _key(path: str) -> int:
    return zlib.crc32(f"/{path}".encode())
