"""What the host may ask of the store: which sets it holds, their data a frame at a time, and that they have arrived.

commands.py loads this when one of its verbs is asked.
"""

import struct

from rigcore import TYPE_CHECKING, protocol
from rigcore.framing import PAYLOAD_AT, TYPE_DATA, sealed
from rigcore.protocol import RequestError
from rigcore.set_bytes import read_set

from .commands import Reply, integer
from .transient import collect_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rigcore.setlog import SetLog

    from .commands import Answer, Verbs
    from .rig import Rig

_HEAD_SIZE = 8


def sets(log: "SetLog", settled: "Callable[[list[int]], list[int]]", first: str = "0") -> "Answer":
    index = log.index
    least = integer(first)
    asked = [i for i in range(index.finished_n()) if index.no[i] >= least]
    found = settled(asked[: protocol.SETS_PER_ANSWER])
    return {
        "first": index.no[0] if len(index) else log.next_no(),
        "next": log.next_no(),
        "sets": [[index.no[i], index.length[i], index.crc[i]] for i in found],
    }


def read(log: "SetLog", no: str, offset: str, length: str, frame_bytes: str = "1024") -> Reply:
    index = log.index
    position = index.position(integer(no))
    if position is None:
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not in the store." % no)
    start = integer(offset)
    there = sum(index.length[i] for i in range(position, index.finished_n())) - start
    size = min(integer(length), protocol.READ_MAX, max(there, 0))
    each = min(max(integer(frame_bytes), protocol.FRAME_MIN), protocol.FRAME_MAX)
    return Reply({"sent": size}, lambda n, out: data_frames(log, position, start, size, each, n, out))


def confirm(log: "SetLog", no: str, crc: str = "") -> "Answer":
    number = integer(no)
    index = log.index
    if number >= log.next_no() - (1 if index.is_open else 0):
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not finished." % no)
    position = index.position(number)
    if crc and position is not None and index.crc[position] != integer(crc):
        raise RequestError(protocol.ERR_CHANGED, "Set %s is not the one that was listed." % no)
    collect_now()  # the index is made anew
    log.confirm(number)
    return {"confirmed": number}


def data_frames(
    log: "SetLog", position: int, offset: int, length: int, frame_bytes: int, n: int, out: bytearray
) -> "Iterator[memoryview]":
    """Yields the frames that carry `length` bytes from `offset` of a set on, going over to the sets that follow.

    All are built in `out`: one must have been sent before the next is asked for.
    """
    first = PAYLOAD_AT + _HEAD_SIZE
    while length > 0 and position < log.index.finished_n():
        piece = read_set(log, position, offset, min(frame_bytes, length))
        size = len(piece)
        if size:
            struct.pack_into("<II", out, PAYLOAD_AT, log.index.no[position], offset)
            out[first : first + size] = piece
            yield sealed(TYPE_DATA, n, out, _HEAD_SIZE + size)
            offset += size
            length -= size
        else:
            position, offset = position + 1, 0


def its_log(rig: "Rig") -> "tuple[SetLog]":
    return (rig.log,)


VERBS: "Verbs" = {
    "sets": (sets, lambda rig: (rig.log, rig.controls.settled), 0, 1),
    "read": (read, its_log, 3, 4),
    "confirm": (confirm, its_log, 1, 2),
}
