"""What the board sees only roughly is put right from the whole set: sway that grows, and what led in to a walk."""

from __future__ import annotations

from random import Random

import pytest
from tests.walkers import cases
from tests.walkers.harness import FAR_S, LENGTH_M, Judged, judge

from retrorig.measure.samples import sample_set
from retrorig.virtual.walkers.sampled import START_US


def check(row: Judged) -> None:
    """One set, with its ends and metres by the host."""
    [true], [found] = row.walk.truth.sets, row.found
    motion = sample_set(found.raw).motion
    start_s = (motion.start_us - START_US) * 1e-6
    assert start_s == pytest.approx(true.start_s, abs=FAR_S)
    assert start_s + motion.duration_s == pytest.approx(true.end_s, abs=FAR_S)
    assert float(motion.backward_m[-1]) == pytest.approx(true.backward_m, abs=2 * LENGTH_M)
    assert float(motion.forward_m[-1]) == pytest.approx(true.forward_m, abs=2 * LENGTH_M)


@pytest.mark.parametrize(
    ("size_m", "hz", "grows_s"),
    [(0.008, 0.25, 2), (0.008, 0.6, 5), (0.015, 0.6, 10), (0.02, 0.4, 5), (0.02, 0.6, 20)],
)
def test_a_sway_that_grows_is_no_part_of_the_set(size_m: float, hz: float, grows_s: float) -> None:
    """The board ends such a set up to 3.7 s late: each sway goes a little further than the one before."""
    check(judge("sway", cases.growing_sway(size_m, hz, grows_s), 3))


@pytest.mark.parametrize("what", ["step", "kick", "hand"])
@pytest.mark.parametrize(("walker", "gap_s"), [("even/1", 0.5), ("lurching/1", 1.0), ("slow/8", 1.5)])
def test_what_moved_a_moment_before_is_no_part_of_the_set(what: str, walker: str, gap_s: float) -> None:
    """The board follows it as one movement: the belt stood for less than `still_s` in between."""
    check(judge(what, cases.led_in(what, walker, gap_s, Random(f"{what} {walker}")), 5))
