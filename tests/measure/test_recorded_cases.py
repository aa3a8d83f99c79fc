"""Recordings on which the rig was wrong once: the firmware's own session and the host's numbers, and the right values.

Without chip and interpreter they take seconds; test_replayed.py in tests/walkers has relatives on the virtual rig.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.walkers.harness import FAR_S, Recorded, record

from retrorig.errors import InputError
from retrorig.measure.metrics import measure
from retrorig.measure.samples import sample_set
from retrorig.virtual.settings import RigSettings
from retrorig.virtual.walkers.sampled import START_US, SampledWalk, sample
from retrorig.virtual.walkers.stage import GRID_S, Walk
from rigcore.motion import Geometry
from rigcore.moved import moved
from rigcore.plausibility import BOTH, REVERSED, SWAPPED, Plausibility

CASES = Path(__file__).parents[1] / "recordings" / "cases"
WAIT_S, FINISH_S = 4.0, 7.0
"""The belt stands before and after."""

LOOK_N = 8
"""Conversions, a tenth of a second, between two looks of the watch over the sensors."""


@dataclass(frozen=True)
class Right:
    """start_s, end_s: on the recording's own scale. more: other quantities, with what they may be off."""

    backward_m: float
    start_s: float | None = None
    end_s: float | None = None
    duration_s: float | None = None
    more: dict[str, tuple[float, float]] = field(default_factory=dict)


def steps(number: int) -> tuple[float, float]:
    return number, 0.0


RIGHT: dict[str, list[Right]] = {
    "dip_075": [Right(4.02, duration_s=20.0)],
    "dip_075_rest": [Right(3.24, duration_s=20.0)],
    "stop_go_sled": [Right(4.96, duration_s=21.5, more={"steps": steps(20)})],
    "heavy_lurch": [Right(4.28)],
    "sled_by_friction": [Right(8.772, 3.11, 32.66, more={"steps": steps(30), "work_j": (2178, 0.01 * 2178)})],
    "steps_with_stands": [Right(10.0, 3.45, 33.0, more={"steps": steps(25), "work_j": (1451, 0.01 * 1451)})],
    "rocks_back": [Right(8.58, duration_s=20.0)],
    "soft_lean": [
        Right(10.01, 4.504, 17.396, more={"steps": steps(22)}),
        Right(10.01, 34.898, 47.780, more={"steps": steps(22)}),
    ],
    "limp_44_66": [
        Right(19.85, more={"steps": steps(50), "cadence_spm": (109, 1), "asymmetry_pct": (8.7, 1.5)})
    ],
    "coast": [Right(10.0, more={"mean_speed_mps": (0.95, 0.01), "coast_m": (3.0, 0.1)})],
    "sway_after": [Right(10.0, end_s=13.6, more={"mean_speed_mps": (0.94, 0.01)})],
    "out_and_back": [Right(10.0)],
    "bungee": [Right(3.05)] * 5,
    "neg_both": [Right(9.995)],
    "neg40": [Right(9.995)],
    "inverted": [Right(9.995)],
    "light30": [Right(9.995)],
}
NET = {"rocks_back"}
"""Of these the belt's net way is known."""


@cache
def walk_of(name: str) -> Walk:
    with gzip.open(CASES / f"{name}.csv.gz", "rt") as file:
        time_s, belt_m, force_n = np.loadtxt(file, delimiter=",", skiprows=1, unpack=True)
    at_s = np.arange(-WAIT_S, time_s[-1] + FINISH_S, GRID_S)
    return Walk(np.interp(at_s, time_s, belt_m), np.interp(at_s, time_s, force_n), ())


@cache
def recorded(name: str) -> Recorded:
    return record(sample(walk_of(name), 7))


def numbers(name: str) -> list[dict[str, Any]]:
    """What the host makes of each set, and when it started and ended on the recording's scale."""
    found = []
    for raw in recorded(name).sets:
        start_s = (sample_set(raw).motion.start_us - START_US) * 1e-6 - WAIT_S
        row = measure(raw)
        found.append({**row, "start_s": start_s, "end_s": start_s + row["duration_s"]})
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_has_its_right_values(name: str) -> None:
    rows = numbers(name)
    assert len(rows) == len(RIGHT[name])
    for row, right in zip(rows, RIGHT[name]):
        backward_m = row["backward_m"] - (row["forward_m"] if name in NET else 0.0)
        assert backward_m == pytest.approx(right.backward_m, abs=max(0.01, 0.002 * right.backward_m))
        for key in ("start_s", "end_s", "duration_s"):
            if (true := getattr(right, key)) is not None:
                assert row[key] == pytest.approx(true, abs=FAR_S), key
        for key, (true, off) in right.more.items():
            assert row[key] == pytest.approx(true, abs=off), key
    told = moved(recorded(name).session)
    pairs = [told["sets"], told["between"], *(tuple(remark[1:]) for remark in told["remarks"].values())]
    assert told["total"] == tuple(map(sum, zip(*pairs))), (
        "every count is in a set, between sets or in a remark"
    )


@pytest.mark.parametrize("name", ["out_and_back", "bungee"])
def test_the_way_back_is_no_part_of_a_set(name: str) -> None:
    for row in numbers(name):
        assert row["forward_m"] < 0.01 and row["mean_speed_mps"] > 0.3 and row["work_j"] > 0


@pytest.mark.parametrize(("name", "read_n"), [("neg_both", -12), ("neg40", -40)])
def test_a_line_that_seems_to_push_is_no_grade_a(name: str, read_n: int) -> None:
    [row] = numbers(name)
    assert row["quality"] != "A"
    assert any(f"{read_n}" in reason and "can't push" in reason for reason in row["quality_reasons"])


@pytest.mark.parametrize("name", ["inverted", "light30"])
@pytest.mark.parametrize(
    ("is_cell_reversed", "is_encoder_swapped", "doubt"),
    [(False, False, ""), (True, False, REVERSED), (False, True, SWAPPED), (True, True, BOTH)],
)
def test_sensors_the_wrong_way_round_are_told(
    name: str, is_cell_reversed: bool, is_encoder_swapped: bool, doubt: str
) -> None:
    settings = RigSettings()
    geometry = Geometry(settings.counts_per_rev, round(1000 * settings.circumference_mm))
    watch, samples = Plausibility(geometry), sample(walk_of(name), 7)
    force_mn = 1000 * (samples.code - settings.offset_code) / settings.counts_per_n
    told = set()
    for at in range(0, len(force_mn), LOOK_N):
        pull_mn = round(float(force_mn[at : at + LOOK_N].mean())) * (-1 if is_cell_reversed else 1)
        watch.feed(int(samples.count[at]) * (-1 if is_encoder_swapped else 1), pull_mn)
        told.add(watch.doubt)
    assert watch.doubt == doubt and told == {"", doubt}


@pytest.mark.parametrize("name", ["coarse", "coarse_slow"])
@pytest.mark.parametrize(
    ("counts_per_rev", "circumference_mm", "is_refused"),
    [
        (24, 250, False), (40, 250, False), (2000, 20, False),
        (96, 2100, True), (8, 500, True), (4, 2100, True), (100_000, 250, True),
    ],
)  # fmt: skip
def test_an_encoder_records_or_is_refused(
    name: str, counts_per_rev: int, circumference_mm: float, is_refused: bool
) -> None:
    if is_refused:
        with pytest.raises(InputError, match=r"mm of belt.*finer|too many counts"):
            RigSettings(counts_per_rev=counts_per_rev, circumference_mm=circumference_mm)
        return
    settings = RigSettings(counts_per_rev=counts_per_rev, circumference_mm=circumference_mm)
    samples: SampledWalk = sample(walk_of(name), 7, settings)
    [raw] = record(samples, settings).sets
    true_m = float(np.ptp(walk_of(name).belt_m))
    assert measure(raw)["backward_m"] == pytest.approx(true_m, abs=0.005 + 3 / settings.counts_per_m)
