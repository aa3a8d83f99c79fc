"""What belongs to no walk is no part of the set in the library: sway that grows after it, what led in to it."""

from __future__ import annotations

from random import Random

import pytest
from tests.walkers import cases
from tests.walkers.harness import FAR_S, LENGTH_M, Judged, in_library, judge


def check(row: Judged) -> None:
    """One set, with its ends and metres by the host."""
    [(true, placed)] = in_library(row)
    assert placed.start_s == pytest.approx(true.start_s, abs=FAR_S)
    assert placed.end_s == pytest.approx(true.end_s, abs=FAR_S)
    assert placed.backward_m == pytest.approx(true.backward_m, abs=2 * LENGTH_M)
    assert placed.forward_m == pytest.approx(true.forward_m, abs=2 * LENGTH_M)


@pytest.mark.parametrize(
    ("size_m", "hz", "grows_s"),
    [(0.008, 0.25, 2), (0.008, 0.6, 5), (0.015, 0.6, 10), (0.02, 0.4, 5), (0.02, 0.6, 20)],
)
def test_a_sway_that_grows_is_no_part_of_the_set(size_m: float, hz: float, grows_s: float) -> None:
    """Each sway goes a little further than the one before: to the board that is new ground, but none by walking."""
    row = judge("sway", cases.growing_sway(size_m, hz, grows_s), 3)
    check(row)
    assert row.faults() == [], "the board's own end"


@pytest.mark.parametrize("what", ["step", "kick", "hand"])
@pytest.mark.parametrize(
    ("walker", "gap_s"), [("even/1", 0.5), ("lurching/1", 1.0), ("slow/8", 1.5), ("rocking/1", 1.0)]
)
def test_what_moved_a_moment_before_is_no_part_of_the_set(what: str, walker: str, gap_s: float) -> None:
    """The board follows it as one movement: the belt stood for less than `still_s` in between."""
    check(judge(what, cases.led_in(what, walker, gap_s, Random(f"{what} {walker}")), 5))
