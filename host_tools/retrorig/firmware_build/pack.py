"""All compiled modules in one file: on the board a file takes whole blocks of 4 KB, and most modules are under 1 KB.

    a line: length of the index, DIGITS hexadecimal digits of the SHA-256 of all that follows the line
    index: for each module and folder the CRC-32 of its path ("/app/rig.mpy", "/app") and the place in the file where
           the module begins, 0 for a folder; two u32, little-endian
    the modules one after the other

boot.py lays it over the file system; names are not in it, as they would take three times the memory there.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping
from itertools import accumulate

NAME = "firmware.pack"
DIGITS = 16
_ENTRY = struct.Struct("<II")


def packed(modules: Mapping[str, bytes]) -> bytes:
    """The file that holds these modules, given by path; none may be named like a folder."""
    folders = {path[:end] for path in modules for end, letter in enumerate(path) if letter == "/"}
    size = _ENTRY.size * (len(modules) + len(folders))
    first_size = len(_first_line(size, b""))
    places = accumulate(map(len, modules.values()), initial=first_size + size)
    entries = [*((folder, 0) for folder in sorted(folders)), *zip(modules, places, strict=False)]
    index = b"".join(_ENTRY.pack(_key(path), place) for path, place in entries)
    rest = index + b"".join(modules.values())
    return _first_line(size, rest) + rest


def digest(pack: bytes) -> str:
    """The hash that identifies a pack; the board reports it in `info`."""
    return pack.split(b"\n", 1)[0].split()[1].decode()


def _first_line(index_size: int, rest: bytes) -> bytes:
    return b"%d %s\n" % (index_size, hashlib.sha256(rest).hexdigest()[:DIGITS].encode())


def place_of(pack: bytes, path: str) -> int | None:
    """Where a module begins in the file, 0 for a folder, None for what is not in it."""
    first, _, rest = pack.partition(b"\n")
    return dict(_ENTRY.iter_unpack(rest[: int(first.split()[0])])).get(_key(path))


def _key(path: str) -> int:
    return zlib.crc32(f"/{path}".encode())
