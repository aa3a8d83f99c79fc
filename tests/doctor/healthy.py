"""Facts of a rig that has nothing, made by formula; a test changes what it wants."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from retrorig.doctor.facts import Facts, LinkFacts
from retrorig.doctor.trace import Trace

RATE_HZ = 90.0
ZERO, NOISE = 35_000, 38.0
SCALE_NN = 465_766


def trace(
    *,
    seconds: float = 5.0,
    rate_hz: float = RATE_HZ,
    noise: float = NOISE,
    codes_per_s: float = 0.0,
    late: tuple[int, ...] = (),
    gap_at: int | None = None,
    counts_per_s: float = 0.0,
    seed: int = 1,
) -> Trace:
    """Samples of a steady converter; those whose number is in `late` were read 5 ms late."""
    chance = random.Random(seed)
    t_us, counts, codes = [], [], []
    for number in range(round(seconds * rate_hz)):
        t_s = number / rate_hz + (0.4 if gap_at is not None and number >= gap_at else 0.0)
        t_us.append(round(t_s * 1e6 + chance.uniform(0, 60)) + (5000 if number in late else 0))
        counts.append(round(t_s * counts_per_s))
        codes.append(round(ZERO + codes_per_s * t_s + chance.gauss(0, noise)))
    return Trace(tuple(t_us), tuple(counts), tuple(codes))


def info(**changes: Any) -> dict[str, Any]:
    faults = {
        "desync": 0,
        "saturated": 0,
        "overlap": 0,
        "settling": 4,
        "silent": 0,
        "missed": 0,
        "dropped": 0,
    }
    return {
        "uptime_ms": 120_000, "reset_cause": 1, "doubt": "", "counts": 5_000, "dropped": 0, "room_min": 90,
        "force_mn": 300, "faults": {**faults, **changes.pop("faults", {})}, **changes,
    }  # fmt: skip


def facts(
    evidence: dict[str, Any] | None = None, calibration: dict[str, Any] | None = None, **changes: Any
) -> Facts:
    made = Facts(
        hello={"rig": "aabbccddeeff", "boot": 7, "firmware": "0.1.0", "protocol": 1},
        before=info(uptime_ms=110_000),
        after=info(),
        evidence={
            "micropython": "1.28.0", "chip": "ESP32", "heap_free": 18_000, "crashes": 0, "display": True, "restarts": 0,
            "nominal_mhz": 80_000, "sectors": 416, "sequence": 900, "bad_sectors": 0, "files_free": 180_000,
            **(evidence or {}),
        },
        calibration={"id": "x", "counts_per_rev": 2400, "zero": ZERO, "scale_nn": SCALE_NN, **(calibration or {})},
        levels=[{"buttons": [], "looks": [40, 0, 40], "counts": 5_000, "code": ZERO}] * 20,
        trace=trace(),
        line=LinkFacts(40, 0, 20.0, ""),
        drift_ppm=20.0,
        drift_pm_ppm=300.0,
        boots=frozenset({7}),
        host_firmware="0.1.0",
    )  # fmt: skip
    return replace(made, **changes)
