"""Says of kept values what is damaged (kept.py); loaded where something is not as it was written, and when asked."""

import binascii
import struct

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .kept import KeptValues

MARK = 0x4B52  # of a head that counts, as in kept.py
FLIPS_MAX = 8
ALWAYS = ("calibration", "settings")  # are never dropped
_NAME_AT, _SUM_AT = 16, 44  # in a head
_ERASED = b"\xff" * 4


def told(kept: "KeptValues") -> "list[list[str]]":
    """[name or place, what is wrong] of all that can't be read."""
    lost = [name for name in kept.damaged() if not kept.read(name)]
    gone = [name for name in ALWAYS if kept.strange and kept.read(name) is None and kept.read(name, True)]
    found = [[name, "unreadable"] for name in sorted(lost + gone)]
    nameless = kept.strange[len(gone) :]
    return found + [["sector %d byte %d" % place, "not understood"] for place in nameless]


def is_renewed(kept: "KeptValues", name: str) -> bool:
    """Whether a value in which a bit has flipped could be mended and was kept anew."""
    value = kept.read(name)
    try:
        if value:
            kept.write(name, value)
    except OSError:
        return False
    return bool(value)


def is_mended(kept: "KeptValues", head: bytearray, place: "tuple[int, int]", room_n: int) -> bool:
    """Whether a damaged head can be believed, in which a flipped bit is put right; else it may be strange.

    `place`: its sector and offset, `room_n`: bytes from there to the sector's end.
    """
    from .bit_repair import mend  # what is told does without

    mended = mend(bytes(head[2:]), 0)
    if mended:
        head[2:] = mended
        return True
    _mark, size, number, crc = struct.unpack_from("<HHII", head)
    if (
        is_sum_alone(head)
        and len(head) + size <= room_n
        and not kept.is_damaged((number, place[0], place[1], size, crc))
    ):
        return True
    if has_aged(head):
        kept.strange.append(place)
    return False


def is_sum_alone(head: "bytes | bytearray") -> bool:
    """Whether it may be that only the head's sum is damaged, or was not wholly written when power was lost."""
    if max(head[_NAME_AT:_SUM_AT]) >= 0x80:
        return False
    told = struct.unpack_from("<I", head, _SUM_AT)[0]
    return _bits_n(told ^ binascii.crc32(head[2:_SUM_AT])) <= FLIPS_MAX  # wide


def has_aged(head: "bytes | bytearray") -> bool:
    """Whether it looks like the head of a value that still counts, of which up to FLIPS_MAX bits have flipped.

    A head that a loss of power tore, or in a sector that it left half erased, has bits in many wrong places.
    """
    if head[_SUM_AT:] == _ERASED:
        return False
    name = bytes(head[_NAME_AT:_SUM_AT])
    end = name.find(b"\0") if b"\0" in name else len(name)
    wrong_n = _bits_n(struct.unpack_from("<H", head)[0] ^ MARK)
    wrong_n += sum(byte >> 7 for byte in name[:end]) + sum(_bits_n(byte) for byte in name[end:])
    return wrong_n <= FLIPS_MAX


def _bits_n(number: int) -> int:
    n = 0
    while number:
        number &= number - 1  # wide
        n += 1
    return n
