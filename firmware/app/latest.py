"""What the newest set in the log says of itself, so that a plan goes on where power was lost.

Needed at the start alone: the board forgets this module afterwards.
"""

from rigcore import TYPE_CHECKING, records
from rigcore.bit_repair import find
from rigcore.field_reader import unpack, unpack_header
from rigcore.set_bytes import read_set

if TYPE_CHECKING:
    from typing import Any

    from rigcore.setlog import SetLog


_END_BYTES = 512  # an end record is shorter than this


def latest_set(log: "SetLog") -> "tuple[int, dict[str, Any], dict[str, Any] | None] | None":
    """(number, header, end or None) of the newest set in the log; None when there is none."""
    index = log.index
    if not len(index):
        return None
    position, no, length = len(index) - 1, index.no[-1], index.length[-1]
    first = bytes(read_set(log, position, 0, length))
    record = find(lambda size: first[:size], len(first), (no,))
    if record is None or records.parse_head(record)[0] != records.TYPE_HEADER:
        return None
    header = unpack_header(record[records.HEAD : -4])
    at, tail = max(0, length - _END_BYTES), b""
    while at < length:  # where a sector ends, the last piece holds the end
        tail = bytes(read_set(log, position, at, length - at))
        at += len(tail) or length
    return no, header, _end_in(tail, no)


def _end_in(tail: bytes, no: int) -> "dict[str, Any] | None":
    """The end record's fields, if the bytes finish with one."""
    for at in range(len(tail) - records.OVERHEAD + 1):
        kind, length, _seq = records.parse_head(tail, at)
        is_last = at + length + records.OVERHEAD == len(tail)
        if is_last and kind == records.TYPE_END and records.is_sound(tail[at:], no):
            return unpack(tail[at + records.HEAD : -4])
    return None
