"""Flash partitions and NVS. No callback is handed out with these: on the chip they are one C call."""

from __future__ import annotations

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import Answer
from retrorig.virtual.parts.nvs import Nvs

_SELECT, _STORE, _ERASE = 0, 1, 2


class FlashCalls:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._flash = board.flash
        self._name = b""
        self._nvs: Nvs | None = None

    def part_info(self, number: int, n: int, c: int) -> Answer:
        if number >= len(self._board.partitions):
            return 0, bytes(n)
        entry = self._board.partitions[number]
        packed = bytes((entry.kind, entry.subtype)) + entry.address.to_bytes(4, "little")
        packed += entry.size.to_bytes(4, "little") + entry.label.encode()
        return 1, packed.ljust(n, b"\0")

    def flash_read(self, address: int, n: int, taken: int) -> Answer:
        self._board.heap.take(taken)
        return n, self._flash.read(address, n)

    def flash_program(self, address: int, n: int, c: int) -> Answer:
        self._flash.program(address, self._board.payload(n))
        return 0

    def flash_write(self, address: int, n: int, c: int) -> Answer:
        data = self._board.payload(n)
        self._flash.erase(address, n)
        self._flash.program(address, data)
        return 0

    def flash_erase(self, address: int, n: int, c: int) -> Answer:
        self._flash.erase(address, n)
        return 0

    def nvs_get(self, step: int, n: int, c: int) -> Answer:
        """Step 0 names a key and returns its length (-1: none), step 1 fetches it."""
        self._board.clock.advance(costs.SMALL)
        if step == _SELECT:
            self._name = self._board.payload(n)
            value = self._store().get(self._name)
            return -1 if value is None else len(value)
        return n, self._store().get(self._name)

    def nvs_set(self, step: int, n: int, c: int) -> Answer:
        """Step 0 names a key, step 1 brings its value, step 2 names one to be erased."""
        self._board.clock.advance(costs.SMALL)
        data = self._board.payload(n)
        if step == _STORE:
            self._store().set(self._name, data)
        elif step == _ERASE:
            self._store().erase(data)
        else:
            self._name = data
        return 0

    def nvs_commit(self, a: int, b: int, c: int) -> Answer:
        self._board.clock.advance(costs.NVS_COMMIT)
        store, self._nvs = self._store(), None  # a cut forgets what is not in the flash
        store.commit()
        self._nvs = store
        return 0

    def _store(self) -> Nvs:
        if self._nvs is None:
            entry = self._board.partition("nvs")
            self._nvs = Nvs(self._flash, entry.address, entry.size)
        return self._nvs
