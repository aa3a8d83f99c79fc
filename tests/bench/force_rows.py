"""Force and power against the truth, the delay taken out or left in; and force against speed in time."""

from __future__ import annotations

from tests.bench.rows import Row, compare
from tests.measure.even_gait import even_gait, shift_s
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Walk

from retrorig.measure.metrics import Metrics, measure
from rigcore.decode import RawSet

CADENCES_HZ = (0.8, 1.5, 2.0, 3.0, 3.5)
RATES_HZ = (82.9, 93.7)
POWER_ALLOWED_PCT = 1.0
FORCE_ALLOWED_PCT = 0.2
ALIGNED_MS = 2.0


def rows() -> list[Row]:
    power, late_power, force, shift_ms = ([] for _ in range(4))
    for hz in CADENCES_HZ:
        for rate_hz in RATES_HZ:
            walk = Walk(even_gait(hz))
            (raw,) = record(walk, Errors(), rate_hz, seed=7)
            truth, found = walk.truth(), measure(raw)
            power.append(_off_pct(found, truth, "work_j"))
            late_power.append(_off_pct(measure(_without_delay(raw)), truth, "work_j"))
            force.append(100 * abs(found["impulse_ns"] / (truth["mean_force_n"] * truth["duration_s"]) - 1))
            shift_ms.append(abs(shift_s(raw, walk, hz)) * 1000)
    worst = max(power)
    return [
        compare("power error, even gait", worst, "%", "allowed", POWER_ALLOWED_PCT, 1.0),
        compare("power error, even gait", worst, "%", "delay left in", max(late_power), 1.0),
        compare("force error, mean", max(force), "%", "allowed", FORCE_ALLOWED_PCT, 1.0),
        compare("force against speed", max(shift_ms), "ms", "allowed", ALIGNED_MS, 1.0),
    ]


def _without_delay(raw: RawSet) -> RawSet:
    other = RawSet()
    other.header = {**raw.header, "delay_conv": 0}
    other.t_us, other.count, other.code, other.end = raw.t_us, raw.count, raw.code, raw.end
    return other


def _off_pct(found: Metrics, truth: dict[str, float], key: str) -> float:
    return 100 * abs(found[key] / truth[key] - 1)
