"""Header, end and notes of a set as fields: one table drives encoder, decoder and documentation.

    field  = number u8, length (seven bits a byte, low ones first, top bit set: one more byte), value
    INT    little-endian two's complement, as short as it fits
    TEXT   UTF-8
    MORE   a JSON object of everything that has no number of its own

A quantity that was not known is left out. Readers skip field numbers that they do not know, so a newer
board's log can be read by an older host; numbers are never used again for something else.
"""

import json

INT = 0
TEXT = 1
MORE = 2

# number: (name, kind)  # meaning, as firmware/PROTOCOL.md repeats it
FIELDS = {
    1: ("schema", INT),  # version of this format
    3: ("rig", TEXT),  # the rig's id, 12 hex digits
    4: ("boot", INT),  # number of the boot in which the set was made
    5: ("firmware", TEXT),  # version of the firmware
    6: ("kind", TEXT),  # free, warmup or work
    7: ("machine", TEXT),  # treadmill or sled
    8: ("athlete", TEXT),  # label the coach chose, may be empty
    9: ("start_us", INT),  # first backward movement, microseconds since boot
    10: ("start_unix_ms", INT),  # the same moment in Unix milliseconds, if the host had told the time
    11: ("counts_per_rev", INT),  # encoder counts per turn of the roller
    12: ("circumference_um", INT),  # of the roller, micrometres
    13: ("cal", TEXT),  # id of the calibration that was valid
    14: ("zero", INT),  # load-cell code without load
    15: ("scale_nn", INT),  # nanonewton per code; left out when the force is not calibrated
    16: ("rate_mhz", INT),  # nominal conversions per 1000 s (millihertz)
    17: ("delay_conv", INT),  # group delay of the converter in tenths of a conversion
    18: ("plan_id", TEXT),  # the plan that the set belongs to
    33: ("reason", TEXT),  # why the set ended: target, still, button, host or fault
    34: ("end_us", INT),  # last movement, microseconds since boot
    35: ("backward_counts", INT),  # encoder counts backward within the set
    36: ("forward_counts", INT),  # encoder counts forward within the set
    37: ("samples", INT),  # samples from start_us to end_us
    38: ("lost", INT),  # of them without a conversion
    39: ("zero_after", INT),  # load-cell code without load after the set
    65: ("rpe", INT),  # effort as the athlete rated it, 0 to 10
    66: ("pain", INT),  # pain as the athlete rated it, 0 to 10
    127: ("more", MORE),  # other keys
}
_MORE = 127
_NUMBERS = {FIELDS[number][0]: number for number in FIELDS}


def pack(values):
    """The fields of a dict as bytes; None is left out."""
    out = bytearray()
    more = {}
    for name in values:
        value = values[name]
        if value is None:
            continue
        if name in _NUMBERS:
            number = _NUMBERS[name]
            _put(out, number, _int_bytes(value) if FIELDS[number][1] == INT else value.encode())
        else:
            more[name] = value
    if more:
        _put(out, _MORE, json.dumps(more).encode())
    return bytes(out)


def _put(out, number, body):
    out.append(number)
    length = len(body)
    while length > 127:
        out.append(length & 127 | 128)
        length >>= 7
    out.append(length)
    out.extend(body)


def unpack(data):
    """The known fields as a dict; ValueError when the last one is cut short."""
    values = {}
    pos = 0
    while pos < len(data):
        number = data[pos]
        pos, stop = _span(data, pos + 1)
        if number in FIELDS:
            _take(values, FIELDS[number], bytes(data[pos:stop]))
        pos = stop
    return values


def _span(data, pos):
    """(first byte, end) of the value whose length stands at `pos`."""
    length = shift = 0
    while pos < len(data):
        length |= (data[pos] & 127) << shift
        shift += 7
        pos += 1
        if data[pos - 1] < 128 and pos + length <= len(data):
            return pos, pos + length
        if shift > 14:
            break
    raise ValueError("a field is cut short")


def _take(values, field, body):
    name, kind = field
    if kind == MORE:
        values.update(json.loads(body))
    else:
        values[name] = _int_of(body) if kind == INT else body.decode()


def _int_bytes(value):
    out = bytearray()
    while True:
        out.append(value & 0xFF)
        value >>= 8  # wide
        if value == (-1 if out[-1] & 0x80 else 0):
            return out


def _int_of(body):
    value = 0
    for byte in reversed(body):
        value = value << 8 | byte  # wide
    return value - (1 << 8 * len(body)) if body and body[-1] & 0x80 else value  # wide
