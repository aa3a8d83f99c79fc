"""Reads the fields of headers, ends and notes (see fields.py)."""

import json
import struct

from . import TYPE_CHECKING
from .fields import FIELDS, LISTS, MORE, OBJECTS, TEXTS
from .records import LINK, LINK_SIZE

if TYPE_CHECKING:
    from typing import Any


def unpack(data: bytes) -> "dict[str, Any]":
    """The known fields as a dict; ValueError when the last one is cut short."""
    values: dict[str, Any] = {}
    pos = 0
    while pos < len(data):
        number = data[pos]
        pos, stop = _span(data, pos + 1)
        if number in FIELDS:
            _take(values, number, bytes(data[pos:stop]))
        pos = stop
    return values


def _span(data: bytes, pos: int) -> "tuple[int, int]":
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


def _take(values: "dict[str, Any]", number: int, body: bytes) -> None:
    if number == MORE:
        values.update(json.loads(body))
    else:
        values[FIELDS[number]] = _value_of(number, body)


def _value_of(number: int, body: bytes) -> "Any":
    if number in TEXTS:
        return body.decode()
    if number in LISTS:
        return _ints_of(body)
    return json.loads(body) if number in OBJECTS else _int_of(body)


def _ints_of(body: bytes) -> "list[int]":
    values: list[int] = []
    while body:
        values.append(_int_of(body[1 : 1 + body[0]]))
        body = body[1 + body[0] :]
    return values


def _int_of(body: bytes) -> int:
    value = 0
    for byte in reversed(body):
        value = value << 8 | byte  # wide
    return value - (1 << 8 * len(body)) if body and body[-1] & 0x80 else value  # wide


def unpack_header(body: bytes) -> "dict[str, Any]":
    """The header's fields and its number as a dict; ValueError when it is none."""
    values = unpack(body[LINK_SIZE:])
    values["no"] = struct.unpack_from(LINK, body)[0]
    return values
