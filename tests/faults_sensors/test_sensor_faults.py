"""Each fault of the sensors, on the virtual rig, from the wires to what the coach reads.

A fault is named in plain words and costs the set its grade, or the quantity is blank; it never makes a plausible
number. The walks are of tests/measure, so the truth is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measure.walks import Gait, Walk

from retrorig.library import Library, SetRow
from retrorig.link.client import RigClient
from retrorig.playback import play_and_pull
from retrorig.virtual.contact_sheet import HEIGHT, WIDTH, draw_pages
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Fault, RigSettings

GAIT = Gait(step_hz=1.8, steps=16, force_n=150.0, seed=3)
PULL_KEYS = ("mean_force_n", "peak_force_n", "impulse_ns", "work_j", "mean_power_w", "peak_power_w")


@dataclass
class Outcome:
    sets: list[SetRow]
    info: dict[str, Any]

    @property
    def the_set(self) -> SetRow:
        assert len(self.sets) == 1
        return self.sets[0]

    def reasons(self) -> str:
        return "; ".join(self.the_set.quality_reasons)


def run(folder: Path, belt: Any, *faults: Fault, **settings: Any) -> Outcome:
    with VirtualRig(belt, settings=RigSettings(faults=faults, **settings), seed=5) as rig:
        with Library(folder / "library", create=True) as library:
            play_and_pull(rig, belt, library)
            sets = library.sets()
        info = RigClient(rig.open_port()).info()
    return Outcome(sets, info)


def seconds(rig: VirtualRig, n: int) -> Iterator[None]:
    """Go on for so many seconds, and look four times in each."""
    for _ in range(4 * n):
        rig.run_for(250_000)
        yield


def walked(belt: Any = None) -> Walk:
    return belt or Walk(GAIT)


@pytest.mark.parametrize(("converter", "settling_n"), [("hx711", 4), ("ads1220", 1)])
def test_a_sound_rig_has_nothing_to_say(tmp_path: Path, converter: str, settling_n: int) -> None:
    """Chain of virtual rig, firmware, link and host within the error budget: 0.2 % force, 0.5 % work, 1 % power."""
    walk = walked()
    found = run(tmp_path, walk, converter=converter)
    truth = walk.truth()
    values = found.the_set
    assert values.quality == "A", found.reasons()
    assert values.steps == GAIT.steps
    assert values.backward_m == pytest.approx(truth["backward_m"], abs=0.001)
    assert values.impulse_ns == pytest.approx(truth["mean_force_n"] * truth["duration_s"], rel=0.002)
    assert values.work_j == pytest.approx(truth["work_j"], rel=0.005)
    assert set(found.info["faults"]) >= {"desync", "saturated", "overlap", "silent", "dropped", "restarts"}
    # Conversions are missed only at standstill, while the flash is erased.
    assert {name: n for name, n in found.info["faults"].items() if n and name != "missed"} == {
        "settling": settling_n
    }
    assert values.samples_lost == 0
    assert 80_000 < found.info["rate_mhz"] < 95_000


@pytest.mark.parametrize("kind", ["disconnected", "stuck", "silent"])
def test_another_converter_does_not_spoil_a_set_unseen_either(tmp_path: Path, kind: str) -> None:
    walk = walked()
    found = run(tmp_path, walk, Fault("adc", kind, 6.0, 8.0), converter="ads1220")
    assert found.the_set.quality == "C" and found.reasons()
    assert found.the_set.mean_force_n is None
    assert found.the_set.backward_m == pytest.approx(walk.truth()["backward_m"], abs=0.001)


@pytest.mark.parametrize("kinds", [("a_dead",), ("b_dead",), ("a_dead", "b_dead")])
def test_an_encoder_that_is_dead_from_the_start_makes_no_set(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    found = run(tmp_path, walked(), *(Fault("encoder", kind) for kind in kinds))
    assert found.sets == []
    assert abs(found.info["counts"]) <= 2
    assert "no movement" in found.info["doubt"]


@pytest.mark.parametrize("kinds", [("a_dead",), ("b_dead",), ("a_dead", "b_dead")])
def test_an_encoder_that_dies_in_a_set_is_told_by_the_steps_that_go_on(
    tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    found = run(tmp_path, Walk(Gait(steps=24, seed=3)), *(Fault("encoder", kind, 8.0) for kind in kinds))
    assert found.the_set.quality == "C"
    assert "after the belt stopped counting" in found.reasons()


def test_swapped_encoder_lines_make_no_set_and_are_named(tmp_path: Path) -> None:
    found = run(tmp_path, walked(), Fault("encoder", "swapped"))
    assert found.sets == []
    assert found.info["counts"] < -1000
    assert "swap" in found.info["doubt"]


def test_a_burst_of_noise_on_the_encoder_is_named(tmp_path: Path) -> None:
    found = run(tmp_path, walked(), Fault("encoder", "noise", 6.0, 7.0))
    assert found.the_set.quality == "C"
    assert "count" in found.reasons() and "encoder" in found.reasons()


class Slipping:
    """The walker goes on, but for some time the roller does not turn."""

    def __init__(self, walk: Walk, from_s: float, to_s: float) -> None:
        self._walk, self._from_s, self._to_s = walk, from_s, to_s
        self._lost_m = walk.position_m(to_s) - walk.position_m(from_s)
        self.end_s = walk.end_s

    def position_m(self, t_s: float) -> float:
        if t_s < self._from_s:
            return self._walk.position_m(t_s)
        if t_s < self._to_s:
            return self._walk.position_m(self._from_s)
        return self._walk.position_m(t_s) - self._lost_m

    def force_n(self, t_s: float) -> float:
        return self._walk.force_n(t_s)


def test_a_slipping_roller_shows_as_pull_without_movement(tmp_path: Path) -> None:
    found = run(tmp_path, Slipping(walked(), 4.0, 5.5))
    assert found.the_set.quality == "C"
    assert "roller slips" in found.reasons()


@pytest.mark.parametrize("kind", ["disconnected", "floating", "stuck", "silent"])
def test_a_dead_load_cell_leaves_force_blank_and_distance_right(tmp_path: Path, kind: str) -> None:
    walk = walked()
    found = run(tmp_path, walk, Fault("adc", kind))
    values = found.the_set
    for key in PULL_KEYS:
        assert getattr(values, key) is None, key
        assert values.null_reasons[key]
    assert values.backward_m == pytest.approx(walk.truth()["backward_m"], abs=0.001)
    assert values.quality in "BC" and values.quality_reasons
    assert found.info["force_mn"] is None


@pytest.mark.parametrize("kind", ["disconnected", "floating", "stuck", "silent"])
def test_a_load_cell_that_fails_in_a_set_does_not_spoil_it_unseen(tmp_path: Path, kind: str) -> None:
    found = run(tmp_path, walked(), Fault("adc", kind, 6.0, 8.0))
    assert found.the_set.quality == "C"
    assert found.the_set.mean_force_n is None
    assert found.reasons()


@pytest.mark.parametrize(
    ("part", "kinds", "page"),
    [
        ("encoder", ("a_dead",), "no movement"),
        ("encoder", ("b_dead",), "no movement"),
        ("encoder", ("a_dead", "b_dead"), "no movement"),
        ("encoder", ("swapped",), "swapped"),
        ("adc", ("disconnected",), "fault cell"),
        ("adc", ("floating",), "fault cell"),
        ("adc", ("stuck",), "fault cell"),
        ("adc", ("silent",), "fault cell"),
    ],
)
def test_the_athlete_reads_on_the_display_what_is_wrong(part: str, kinds: tuple[str, ...], page: str) -> None:
    wanted = draw_pages()[page].crop((0, 0, WIDTH, HEIGHT))
    faults = tuple(Fault(part, kind) for kind in kinds)
    with VirtualRig(walked(), settings=RigSettings(faults=faults), seed=5) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        assert any(rig.display_image().tobytes() == wanted.tobytes() for _ in seconds(rig, 15))


class Stronger:
    """The same walk with more pull."""

    def __init__(self, walk: Walk, times: float) -> None:
        self.position_m, self.end_s = walk.position_m, walk.end_s
        self.force_n = lambda t_s: walk.force_n(t_s) * times


@pytest.mark.parametrize(("times", "words"), [(14, "made for"), (30, "range")])
def test_a_pull_beyond_the_cell_is_named(tmp_path: Path, times: float, words: str) -> None:
    found = run(tmp_path, Stronger(walked(), times))
    assert found.the_set.quality == "C"
    assert words in found.reasons()
    if times == 30:  # the converter's end stop is at 3890 N
        assert found.the_set.peak_force_n is None
        assert found.info["faults"]["saturated"] > 10


def test_ten_conversions_a_second_are_named_and_steps_left_blank(tmp_path: Path) -> None:
    walk = walked()
    found = run(tmp_path, walk, rate_hz=10.9)
    values = found.the_set
    assert values.quality == "C" and "RATE pin" in found.reasons()
    assert values.steps is None and values.asymmetry_pct is None and values.slack_s is None
    truth = walk.truth()
    assert values.backward_m == pytest.approx(truth["backward_m"], abs=0.001)
    # Four averages over 92 ms flatten the ripple; its share of the work is inside the interval.
    assert abs(values.mean_force_n - truth["mean_force_n"]) <= values.uncertainty["mean_force_n"]
    assert abs(values.work_j - truth["work_j"]) <= values.uncertainty["work_j"]


@pytest.mark.parametrize("rate_hz", [64.0, 112.0])
def test_a_clock_that_is_off_is_named_and_does_not_shift_power(tmp_path: Path, rate_hz: float) -> None:
    walk = walked()
    found = run(tmp_path, walk, rate_hz=rate_hz)
    values = found.the_set
    assert "clock is off" in found.reasons() and f"{rate_hz:.0f}." in found.reasons()
    assert found.info["rate_mhz"] == pytest.approx(rate_hz * 1000, rel=0.005)
    assert values.work_j == pytest.approx(walk.truth()["work_j"], rel=0.01)
    assert values.steps == GAIT.steps


def test_lost_clocks_are_spikes_that_never_become_force(tmp_path: Path) -> None:
    """A bad contact swallows clocks: half of such reads fail the extra clock, the others are codes of half the size.

    For three seconds: one read that falls silent takes 0.8 s, in which no other one can fail.
    """
    walk = walked()
    found = run(tmp_path, walk, Fault("adc", "lost_clock", 4.0, 7.0))
    values = found.the_set
    assert found.info["faults"]["desync"] >= 1
    faults = found.info["faults"]
    # Each lost step is a restart, and none is without a reason: a read that was out of step may be counted as torn, and
    # the converter may fall silent, for which it is restarted only if that lasts.
    assert faults["desync"] <= faults["restarts"] <= faults["desync"] + faults["overlap"] + faults["silent"]
    assert found.info["force_mn"] is not None, "it reads again afterwards"
    assert values.quality in "BC"
    assert values.peak_force_n is None or values.peak_force_n < 1.05 * np.max(walk.pull_n)
    if values.mean_force_n is not None:
        truth = walk.truth()
        assert abs(values.mean_force_n - truth["mean_force_n"]) <= values.uncertainty["mean_force_n"]
