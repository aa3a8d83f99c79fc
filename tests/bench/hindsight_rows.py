"""Speed and power with hindsight against smoothers that know the truth, on walkers and recordings; what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tests.bench.force_rows import even_gait
from tests.bench.motions import RECORDINGS, Floats, motions
from tests.bench.peers.hindsight import central_difference, rauch_tung_striebel, savitzky_golay
from tests.bench.peers.kalman import NOISES
from tests.bench.peers.pandas_set import pandas_set
from tests.bench.rows import Row, compare
from tests.bench.sensing import COUNTS_PER_M, Samples, sample
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Walk
from tests.walkers.harness import judged

from retrorig.measure.metrics import measure
from retrorig.measure.samples import sample_set
from retrorig.measure.speed import speed_at, stretches
from retrorig.virtual.walkers.catalogue import COMBINATIONS
from retrorig.virtual.walkers.sampled import START_US
from rigcore.decode import RawSet

LONGEST_S = 20.0
USUAL, WORST = 1.10, 1.25
BEYOND_ALLOWED_PCT = 10.0
LIMIT_MS, LONG_LIMIT_MS = 3.0, 500.0
LONG_S = 1800.0
Bools = NDArray[np.bool_]
Ratios = tuple[float, float, float]


def rows() -> list[Row]:
    found = [of_walker(number) for number in range(len(COMBINATIONS))]
    walked = [ratios for ratios in found if ratios]
    recorded = [(name, *_of_recording(number, name)) for number, name in enumerate(RECORDINGS)]
    return [*_summary(walked, [best for _, best, _ in recorded]), *map(_recorded, recorded), *_cost_rows()]


def _recorded(found: tuple[str, float, float]) -> Row:
    name, best, difference = found
    title = f"speed with hindsight, {name} ({difference:.2f} times the difference)"
    return compare(title, best, "x", "best peer", 1.0, WORST if difference <= 1 else 0.0)


def _summary(walked: list[Ratios], recorded: list[float]) -> list[Row]:
    best, difference, power = (np.array(column) for column in zip(*walked, strict=True))
    beyond = 100 * float(np.mean(np.concatenate((best, recorded)) > USUAL))
    of, both = f"{len(walked)} walkers", f"{len(walked)} walkers and {len(recorded)} recordings"
    rows: list[tuple[str, float, str, str, float, float]] = [
        (f"speed with hindsight, {of}, middle", float(np.median(best)), "x", "best peer", 1.0, USUAL),
        (f"speed with hindsight, {both}, beyond {USUAL}", beyond, "%", "allowed", BEYOND_ALLOWED_PCT, 1.0),
        (f"speed with hindsight, {of}, worst", float(best.max()), "x", "best peer", 1.0, WORST),
        (f"speed with hindsight, {of}, worst", float(difference.max()), "x", "difference", 1.0, 1.0),
        (f"power with hindsight, {of}, middle", float(np.median(power)), "x", "best peer", 1.0, USUAL),
        (f"power with hindsight, {of}, worst", float(power.max()), "x", "best peer", 1.0, WORST),
    ]
    return [compare(*row) for row in rows]


def of_walker(number: int) -> Ratios | None:
    """Of the first set: speed against the best peer and the difference, power against the best peer."""
    one = judged(COMBINATIONS[number], number)
    if not one.pairs:
        return None
    truth, found = one.pairs[0]
    raw = found.raw
    at_s = (np.array(raw.t_us) - START_US) * 1e-6
    near = (at_s > truth.start_s - 0.4) & (at_s < min(truth.end_s, truth.start_s + LONGEST_S) + 1.0)
    samples = Samples(np.array(raw.t_us)[near], np.array(raw.count)[near])
    at_s = at_s[near]
    inside = (at_s >= truth.start_s) & (at_s <= min(truth.end_s, truth.start_s + LONGEST_S))
    speed = np.interp(at_s, one.walk.time_s, one.walk.speed_mps())
    pull = np.interp(at_s, one.walk.time_s, one.walk.pull_n)
    best, difference = _against(samples, speed, inside)
    return best, difference, _power_ratio(raw, samples, at_s, speed * pull, speed, inside)


def _power_ratio(
    raw: RawSet, samples: Samples, at_s: Floats, truth_w: Floats, speed: Floats, inside: Bools
) -> float:
    """Against each peer's best speed times the pull of the conversions, straight between their instants."""
    ours = sample_set(raw)
    start_s = (ours.motion.start_us - START_US) * 1e-6
    raw_n = np.interp(at_s, ours.logged_s + start_s, ours.logged_n)
    within = inside & (at_s > start_s) & (at_s < start_s + ours.motion.duration_s)
    errors = [_rms(mps * raw_n - truth_w, within) for mps in _peers_best(samples, speed, inside)]
    own_w = np.interp(at_s, ours.time_s + start_s, ours.bridged_n * ours.speed_mps)
    return _rms(own_w - truth_w, within) / min(errors)


def _of_recording(number: int, name: str) -> tuple[float, float]:
    motion = next(motion for motion in motions() if motion.name == name)
    samples = sample(motion, number)
    inside = np.zeros(len(samples.count), dtype=bool)
    inside[5:-5] = True
    return _against(samples, motion.speed_mps(samples.time_s), inside)


def _against(samples: Samples, truth_mps: Floats, inside: Bools) -> tuple[float, float]:
    found, _ = speed_at(stretches(samples.ticks_us, samples.count), samples.ticks_us.astype(float))
    ours = _rms(found / COUNTS_PER_M - truth_mps, inside)
    errors = [_rms(mps - truth_mps, inside) for mps in _peers_best(samples, truth_mps, inside)]
    return ours / min(errors), ours / errors[0]


def _peers_best(samples: Samples, truth_mps: Floats, inside: Bools) -> list[Floats]:
    """Of each peer the speed that fits the truth best, the central difference first."""
    smoothed = [row for states in NOISES for row in rauch_tung_striebel(samples, states)]
    tuned = (list(savitzky_golay(samples)), smoothed)
    speeds = [central_difference(samples) / COUNTS_PER_M]
    for each in tuned:
        speeds.append(
            min((row / COUNTS_PER_M for row in each), key=lambda mps: _rms(mps - truth_mps, inside))
        )
    return speeds


def _rms(error: Floats, inside: Bools) -> float:
    return float(np.sqrt(np.mean(error[inside] ** 2)))


def _cost_rows() -> list[Row]:
    """Processor time, the best of some; the peer computes the same quantities without intervals, steps by a package."""
    (short,) = record(Walk(even_gait(1.8)), Errors(), 88.0, seed=7)
    long = _longer(short, LONG_S)
    made = []
    for name, raw, limit, times in (
        ("set of 10 m", short, LIMIT_MS, 30),
        ("30 minutes", long, LONG_LIMIT_MS, 2),
    ):
        ours = _cpu_ms(lambda raw=raw: measure(raw), times)
        peer = _cpu_ms(lambda raw=raw: pandas_set(raw), times)
        title = f"measuring a {name}" if raw is short else f"measuring {name}"
        made.append(compare(f"{title}, {len(raw.t_us)} samples", ours, "ms", "limit", limit, 1.0))
        made.append(compare(f"{title}, {len(raw.t_us)} samples", ours, "ms", "pandas script", peer, None))
    return made


def _longer(raw: RawSet, lasting_s: float) -> RawSet:
    """The same set walked again and again, from a step in its middle to one later."""
    times = round(lasting_s / ((raw.t_us[-1] - raw.t_us[0]) * 1e-6))
    other = RawSet()
    other.header = raw.header
    shift_us = 0
    period_us = round(float(np.median(np.diff(raw.t_us))))
    for turn in range(times):
        shift_us = turn * (raw.t_us[-1] - raw.t_us[0] + period_us)
        shift_n = turn * (raw.count[-1] - raw.count[0])
        other.t_us += [t + shift_us for t in raw.t_us]
        other.count += [c + shift_n for c in raw.count]
        other.code += raw.code
    end_us = (raw.end or {})["end_us"] + shift_us
    other.end = {**(raw.end or {}), "end_us": end_us}
    return other


def _cpu_ms(run: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start_s = time.process_time()
        run()
        found.append(time.process_time() - start_s)
    return 1000 * min(found)
