"""NVS: named values in two half-partitions of flash, the newer complete one counts.

A stand-in for ESP-IDF's own format, with its promise: a commit is there completely or not at all.
"""

from __future__ import annotations

import json
import zlib

from retrorig.virtual.parts.flash import Flash


class Nvs:
    def __init__(self, flash: Flash, address: int, size: int) -> None:
        self._flash = flash
        self._halves = (address, address + size // 2)
        self._half_size = size // 2
        stored = [self._load(half) for half in self._halves]
        self._generation, self._values = max(stored, key=lambda entry: entry[0])

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
        head = len(body).to_bytes(4, "little") + zlib.crc32(body).to_bytes(4, "little")
        half = self._halves[self._generation % 2]
        self._flash.erase(half, self._half_size)
        self._flash.program(half, head + body)

    def _load(self, half: int) -> tuple[int, dict[str, str]]:
        raw = bytes(self._flash.image.data[half : half + self._half_size])
        n, crc = int.from_bytes(raw[:4], "little"), int.from_bytes(raw[4:8], "little")
        body = raw[8 : 8 + n]
        if len(body) != n or zlib.crc32(body) != crc or not n:
            return 0, {}
        generation, values = json.loads(body)
        return generation, values
