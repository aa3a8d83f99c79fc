"""Sets made from formulas, through the firmware's own codec: what a perfect board would have logged."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from rigcore import fields
from rigcore.blocks import BYTES_MAX, BlockEncoder
from rigcore.records import TYPE_BLOCK, TYPE_END, TYPE_HEADER, pack_header, seal
from rigcore.ticks import TICKS_PERIOD

CIRCUMFERENCE_UM = 250_000
COUNTS_PER_REV = 2400
ZERO = 35_000
SCALE_NN = 465_766
NOISE_CODES = 38  # 90 nV
START_US = 1_070_000_000  # the tick counter wraps 3.7 s later
LEAD_S = 0.2
AFTER_S = 3.0

Function = Callable[[float], float]


@dataclass
class MadeSet:
    """A set to make: position and force over the time since its start; both rest outside 0..duration_s."""

    position_m: Function
    force_n: Function
    duration_s: float
    rate_hz: float = 82.9
    delay_conversions: float = 2.0
    jitter_us: tuple[int, int] = (30, 300)
    seed: int = 0
    faults: dict[int, int] | None = None
    missing: frozenset[int] = frozenset()
    header: dict | None = None
    end: dict | None = None
    has_end: bool = True


def count_at(made: MadeSet, t_s: float) -> int:
    """Encoder counts at a time: whole edges only."""
    position = made.position_m(min(max(t_s, 0.0), made.duration_s))
    return math.floor(position * 1e6 * COUNTS_PER_REV / CIRCUMFERENCE_UM)


def samples_of(made: MadeSet) -> list[tuple[int, int, int]]:
    """(t_us, count, code) as a board reads them: late by a jitter, force late by the converter's filter."""
    chance = random.Random(made.seed)
    found = []
    for number in range(int((LEAD_S + made.duration_s + AFTER_S) * made.rate_hz)):
        ready_s = -LEAD_S + number / made.rate_hz
        read_us = round(ready_s * 1e6) + chance.randint(*made.jitter_us)
        force_s = min(max(ready_s - made.delay_conversions / made.rate_hz, 0.0), made.duration_s)
        code = ZERO + round(made.force_n(force_s) * 1e9 / SCALE_NN + chance.gauss(0, NOISE_CODES))
        code = (made.faults or {}).get(number, code)
        if number not in made.missing:
            found.append((START_US + read_us, count_at(made, read_us * 1e-6), code))
    return found


def header_of(made: MadeSet) -> dict:
    return {
        "schema": 1, "rig": "RR-Test", "boot": 3, "no": 7, "firmware": "0.1.0", "kind": "free",
        "machine": "treadmill", "athlete": "a1", "start_us": START_US, "start_unix_ms": None,
        "counts_per_rev": COUNTS_PER_REV, "circumference_um": CIRCUMFERENCE_UM, "cal": "c0ffee00", "zero": ZERO,
        "scale_nn": SCALE_NN, "rate_mhz": 80_000, "delay_conv": round(made.delay_conversions * 10),
        **(made.header or {}),
    }  # fmt: skip


def blob_of(made: MadeSet) -> bytes:
    """The set's bytes as they lie in the board's log."""
    header = header_of(made)
    samples = samples_of(made)
    records = [(TYPE_HEADER, pack_header(header)), *blocks_of(samples)]
    if made.has_end:
        records.append((TYPE_END, fields.pack(end_of(made, samples))))
    return b"".join(seal(kind, seq, body, header["no"]) for seq, (kind, body) in enumerate(records))


def blocks_of(samples: list[tuple[int, int, int]]) -> list[tuple[int, bytes]]:
    encoder = BlockEncoder(bytearray(BYTES_MAX))
    blocks = []
    for number, (t_us, count, code) in enumerate(samples):
        encoder.add(t_us // TICKS_PERIOD, t_us % TICKS_PERIOD, count, code)
        if encoder.is_full or number == len(samples) - 1:
            blocks.append((TYPE_BLOCK, encoder.pack()))
    return blocks


def end_of(made: MadeSet, samples: list[tuple[int, int, int]]) -> dict:
    end = {
        "reason": "still",
        "end_us": START_US + round(made.duration_s * 1e6),
        "backward_counts": samples[-1][1] - samples[0][1],
        "forward_counts": 0,
        "samples": len(samples),
        "lost": 0,
    }
    return {**end, **(made.end or {})}


def ramped(speed_mps: float, duration_s: float, ramp_s: float = 0.5) -> Function:
    """Position of a walk whose speed rises at the start and falls at the end as half a cosine.

    Its length is speed times (duration - ramp).
    """

    def risen_s(t_s: float) -> float:
        if t_s >= ramp_s:
            return t_s - ramp_s / 2
        return t_s / 2 - ramp_s / (2 * math.pi) * math.sin(math.pi * t_s / ramp_s)

    def position_m(t_s: float) -> float:
        if t_s <= duration_s / 2:
            return speed_mps * risen_s(t_s)
        return speed_mps * (duration_s - ramp_s - risen_s(duration_s - t_s))

    return position_m
