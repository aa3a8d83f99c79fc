"""NVS: named values in the pages of a flash partition, written one after the other.

A stand-in for ESP-IDF's own format, with its promise and about its price: a commit is there completely or not at all,
and takes some milliseconds unless a page is full and the next one has to be erased for it.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator

from retrorig.virtual.parts.flash import Flash

PAGE = 4096
_HEAD = struct.Struct("<II")  # length and CRC-32 of what follows
_Values = dict[str, str]


class Nvs:
    def __init__(self, flash: Flash, address: int, size: int) -> None:
        self._flash = flash
        self._pages = range(address, address + size, PAGE)
        self._generation = 0
        self._values: _Values = {}
        self._page, self._at = self._pages[-1], self._pages[-1] + PAGE
        for page in self._pages:
            for end, generation, values in self._records(page):
                if generation > self._generation:
                    self._generation, self._values, self._page, self._at = generation, values, page, end
        if not self._is_blank(self._at, self._page + PAGE):  # a torn record lies there
            self._at = self._page + PAGE

    def get(self, name: bytes) -> bytes | None:
        text = self._values.get(name.decode())
        return None if text is None else bytes.fromhex(text)

    def set(self, name: bytes, value: bytes) -> None:
        self._values[name.decode()] = value.hex()

    def erase(self, name: bytes) -> None:
        self._values.pop(name.decode(), None)

    def commit(self) -> None:
        self._generation += 1
        body = json.dumps([self._generation, self._values]).encode()
        record = _HEAD.pack(len(body), zlib.crc32(body)) + body
        if self._at + len(record) > self._page + PAGE:
            index = self._pages.index(self._page)
            self._page = self._at = self._pages[(index + 1) % len(self._pages)]
            self._flash.erase(self._page, PAGE)
        self._flash.program(self._at, record)
        self._at += len(record)

    def _records(self, page: int) -> Iterator[tuple[int, int, _Values]]:
        """(end, generation, values) of the whole records of a page."""
        at = page
        while at + _HEAD.size < page + PAGE:
            length, crc = _HEAD.unpack(self._bytes(at, at + _HEAD.size))
            end = at + _HEAD.size + length
            body = self._bytes(at + _HEAD.size, min(end, page + PAGE))
            if not length or len(body) != length or zlib.crc32(body) != crc:
                return
            yield end, *json.loads(body)
            at = end

    def _is_blank(self, start: int, end: int) -> bool:
        return not self._bytes(start, end).strip(b"\xff")

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._flash.image.data[start:end])
