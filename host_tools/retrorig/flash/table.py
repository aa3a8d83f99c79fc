"""The partition table in flash: entries of 32 bytes and an MD5 sum (ESP-IDF, "Partition Tables")."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

from retrorig.partitions import PartitionEntry

TABLE_AT = 0x8000
TABLE_SIZE = 0xC00

_ENTRY = struct.Struct("<2sBBII16sI")
_MAGIC = b"\xaa\x50"
_SUM_MAGIC = b"\xeb\xeb" + b"\xff" * 14


def encoded(entries: Sequence[PartitionEntry]) -> bytes:
    """The table as it lies in flash."""
    body = b"".join(
        _ENTRY.pack(_MAGIC, e.kind, e.subtype, e.address, e.size, e.label.encode(), 0) for e in entries
    )
    return (body + _SUM_MAGIC + hashlib.md5(body).digest()).ljust(TABLE_SIZE, b"\xff")


def decoded(raw: bytes) -> list[PartitionEntry] | None:
    """Entries of the table in `raw`; None when there is none or its sum is wrong."""
    entries = []
    for start in range(0, len(raw) - _ENTRY.size + 1, _ENTRY.size):
        part = raw[start : start + _ENTRY.size]
        if part.startswith(_SUM_MAGIC):
            return entries if part[16:] == hashlib.md5(raw[:start]).digest() else None
        magic, kind, subtype, address, size, label, _ = _ENTRY.unpack(part)
        if magic != _MAGIC:
            return None
        entries.append(PartitionEntry(kind, subtype, address, size, label.rstrip(b"\0").decode("latin-1")))
    return None
