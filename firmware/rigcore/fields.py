"""Header, end and notes of a set as fields: one table drives encoder, decoder and documentation.

    field  = number u8, length (seven bits a byte, low ones first, top bit set: one more byte), value
    value  an integer in little-endian two's complement, as short as it fits; UTF-8 for those in TEXTS;
           for those in LISTS such integers, each after its length; for those in OBJECTS its JSON;
           for MORE a JSON object of everything that has no number of its own

A quantity that was not known is left out. Readers skip field numbers that they do not know, so a newer
board's log can be read by an older host; numbers are never used again for something else. What reads them is in
field_reader.py: the board needs it at the start alone.
"""

import json

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


# number: name  # meaning, as firmware/PROTOCOL.md repeats it
FIELDS = {
    1: "schema",  # version of this format
    3: "rig",  # the rig's id, 12 hex digits
    4: "boot",  # number of the boot in which the set was made
    5: "firmware",  # version of the firmware
    6: "kind",  # free, warmup or work
    7: "machine",  # treadmill or sled
    8: "athlete",  # label the coach chose; left out when there is none
    9: "start_us",  # first backward movement, microseconds since boot
    10: "start_unix_ms",  # the same moment in Unix milliseconds, if the host had set the time
    11: "counts_per_rev",  # encoder counts per turn of the roller
    12: "circumference_um",  # of the roller, micrometres
    13: "cal",  # id of the calibration that was valid
    14: "zero",  # load-cell code without load
    15: "scale_nn",  # nanonewton per code; left out when the force is not calibrated
    16: "rate_mhz",  # nominal conversions per 1000 s (millihertz)
    17: "delay_conv",  # group delay of the converter in tenths of a conversion
    18: "plan_id",  # the plan that the set belongs to
    19: "circumference_pm_ppm",  # 95 % uncertainty of circumference_um, parts in a million
    20: "span_pm_ppm",  # 95 % uncertainty of scale_nn, parts in a million
    21: "linearity_mn",  # how far the calibration's weights were off its line at most, millinewton
    22: "load_g",  # load of the sled as the plan says, grams
    23: "side",  # left, right or both, as the plan says
    24: "attachment",  # where the line is attached, as the plan says
    25: "era",  # drawn at random whenever the numbers of sets or boots began anew
    26: "rest_ms",  # since the end of the set before, milliseconds; left out in the first of a boot
    27: "rest_counts",  # moved in that rest, encoder counts backward and forward
    28: "step",  # sets of the plan done before this one
    29: "target",  # what ends the set by the plan: name of the quantity and amount
    33: "reason",  # why the set ended: target, limit, still, button, host or fault
    34: "end_us",  # last movement, microseconds since boot
    35: "backward_counts",  # encoder counts backward within the set
    36: "forward_counts",  # encoder counts forward within the set
    37: "samples",  # samples from start_us to end_us
    38: "lost",  # of them without a conversion
    39: "zero_after",  # load-cell code without load after the set
    40: "paused_ms",  # sum of the pauses, milliseconds
    65: "rpe",  # effort as the athlete rated it, 0 to 10
    66: "pain",  # pain as the athlete rated it, 0 to 10
    127: "more",  # other keys
}
TEXTS = (
    3,
    5,
    6,
    7,
    8,
    13,
    18,
    23,
    24,
    33,
)  # the fields whose value is text; all others but MORE are integers
LISTS = (27,)
OBJECTS = (29,)
MORE = 127
_TIGHT = (",", ":")


def pack(values: "dict[str, Any]") -> bytes:
    """The fields of a dict as bytes; None is left out."""
    out = bytearray()
    more: dict[str, Any] = {}
    for name in values:
        value = values[name]
        if value is None:
            continue
        number = _number(name)
        if number == MORE:
            more[name] = value
        else:
            put_field(out, number, _bytes_of(number, value))
    if more:
        put_field(out, MORE, _bytes_of(MORE, more))
    return bytes(out)


def _bytes_of(number: int, value: "Any") -> "bytes | bytearray":
    if number in TEXTS:
        return value.encode()
    if number in LISTS:
        return b"".join([bytes([len(part)]) + part for part in map(_int_bytes, value)])
    if number in OBJECTS or number == MORE:
        return json.dumps(value, separators=_TIGHT).encode()
    return _int_bytes(value)


def _number(name: str) -> int:
    """The field's number; MORE for a name that has none of its own."""
    for number in FIELDS:
        if FIELDS[number] == name:
            return number
    return MORE


def put_field(out: bytearray, number: int, body: bytes) -> None:
    out.append(number)
    length = len(body)
    while length > 127:
        out.append(length & 127 | 128)
        length >>= 7
    out.append(length)
    out.extend(body)


def _int_bytes(value: "Any") -> bytearray:
    out = bytearray()
    while True:
        out.append(value & 0xFF)
        value >>= 8  # wide
        if value == (-1 if out[-1] & 0x80 else 0):
            return out
