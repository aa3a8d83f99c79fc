"""Fills a board's log with sets of a walk of 10 m, without walking them."""

from __future__ import annotations

from dataclasses import dataclass

from retrorig.partitions import STOCK, with_setlog
from rigcore import fields, records, recovery
from rigcore.blocks import BYTES_MAX, BlockEncoder
from rigcore.setlog import SetLog

SETS_N = 27  # some 84,000 bytes
SAMPLES_N = 1158  # of 10 m and the stillness after it, at 83 a second
_SETLOG = with_setlog(STOCK, 4 << 20)[-1].address


@dataclass
class _Flash:
    """The log's part of a board's flash."""

    image: bytearray

    def readblocks(self, sector: int, into: memoryview, offset: int) -> None:
        start = _SETLOG + sector * 4096 + offset
        into[:] = self.image[start : start + len(into)]

    def writeblocks(self, sector: int, data: bytes, offset: int) -> None:
        start = _SETLOG + sector * 4096 + offset
        self.image[start : start + len(data)] = data

    def ioctl(self, command: int, argument: int) -> int:
        return {4: (len(self.image) - _SETLOG) // 4096, 5: 4096}.get(command, 0)


def fill_log(image: bytearray) -> None:
    """Put sets of a walk of 10 m into a board's log."""
    log = SetLog(_Flash(image))
    recovery.mount(log)
    encoder = BlockEncoder(bytearray(BYTES_MAX))
    for no in range(1, SETS_N + 1):
        log.begin({"no": no, "rig": "aabbccddeeff", "boot": 1, "start_us": 1_000_000, "firmware": "0.1.0",
                   "counts_per_rev": 2400, "circumference_um": 250_000, "zero": 0, "scale_nn": 465_766,
                   "rate_mhz": 80_000, "delay_conv": 20, "cal": "none", "kind": "free", "machine": "sled",
                   "athlete": "", "schema": records.SCHEMA})  # fmt: skip
        for i in range(SAMPLES_N):
            late_us = (i * 7919 + no * 31) % 60 + (700 if i % 11 == 0 else 0)
            code = 386_000 + (i % 40 - 20) ** 2 * 200 + (i * i * 7919 + no) % 131
            encoder.add(0, 1_000_000 + i * 12_000 + late_us, i * 115 + late_us // 100, code)
            if encoder.n == 80:
                log.append(records.TYPE_BLOCK, encoder.pack())
        log.append(records.TYPE_BLOCK, encoder.pack())
        log.append(records.TYPE_END, fields.pack({
            "reason": "still", "end_us": 11_000_000, "backward_counts": SAMPLES_N * 115, "forward_counts": 0,
            "samples": SAMPLES_N, "lost": 0}))  # fmt: skip
