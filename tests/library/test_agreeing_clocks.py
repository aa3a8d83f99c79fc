"""Which exchanges of the time with a rig can both be right, and what counts where they can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrorig.library import Library
from retrorig.library.clocks import Anchor, Boot, agree, agreeing, fit_clock, seconds_apart, utc_ms

UTC_MS = 1.79e12
S_US = 1_000_000
BOOT = Boot("rig", 1, 1)


def exchange(board_s: float, off_ms: float = 0.0, half_rtt_us: float = 0.0) -> Anchor:
    """At so many seconds since the rig's start, by a clock that is so much off."""
    return Anchor(round(board_s * S_US), UTC_MS + board_s * 1000 + off_ms, half_rtt_us)


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize(
    ("span_s", "half_rtt_us", "most_ms"),
    [
        (1.0, 0, 1000),  # a clock that is set by the network steps by a second
        (1000.0, 0, 1200),  # and a crystal that is 200 ppm off adds a fifth of a second
        (36_000.0, 0, 8200),
        (10.0, 500_000, 2002),  # and each exchange may be wrong by half its trip
        (1000.0, 50_000, 1300),
    ],
)
def test_two_exchanges_agree_as_far_as_crystal_network_and_trips_go(
    span_s: float, half_rtt_us: float, most_ms: float, way: int
) -> None:
    first = exchange(100, 0, half_rtt_us)
    for share, does in ((0.98, True), (1.02, False)):
        other = exchange(100 + span_s, way * share * most_ms, half_rtt_us)
        assert agree(first, other) == agree(other, first) == does


def test_time_runs_forward_only() -> None:
    """As far apart as they should be, and the wrong way round."""
    first, before = exchange(100), Anchor(110 * S_US, UTC_MS + 90_000, 0)
    assert not agree(first, before) and not agree(before, first)
    assert agree(first, Anchor(round(100.4 * S_US), UTC_MS + 99_900, 0)), (
        "a step of less than a second is none"
    )


@pytest.mark.parametrize(
    ("off_ms", "counting"),
    [
        ((0,), (0,)),
        ((0, 9e7), (0, 1)),
        ((0, 0, 9e7), (0, 1)),
        ((9e7, 0, 0), (1, 2)),
        ((0, 9e7, 0, 9e7), (0, 1, 2, 3)),
        ((0, 9e7, 0, 9e7, 0), (0, 2, 4)),
        ((0, 9e7, -9e7), (0, 1, 2)),
        ((0, 9e7, 0, -9e7), (0, 1, 2, 3)),
    ],
)
def test_the_side_with_more_than_half_counts_and_where_there_is_none_all_do(
    tmp_path: Path, off_ms: tuple[float, ...], counting: tuple[int, ...]
) -> None:
    anchors = [exchange(3600 * number, off) for number, off in enumerate(off_ms)]
    assert agreeing(anchors) == [anchors[number] for number in counting]
    nearest = anchors[counting[-1]]
    assert utc_ms(anchors, nearest.board_us) == pytest.approx(nearest.utc_ms)
    with Library(tmp_path, create=True) as library:
        for each in anchors:
            library.add_anchor(BOOT, each.board_us, each.utc_ms, each.half_rtt_us)
        odd_n = len(anchors) - len(counting) or (len(anchors) if any(off_ms) else 0)
        assert library.clocks.contradicting_n(BOOT) == odd_n
        (clock,) = library.clocks.all()
        assert clock["contradicting"] == odd_n and clock["anchors"] == len(anchors)
        assert clock["span_h"] == pytest.approx(counting[-1] - counting[0])


@pytest.mark.parametrize(("ppm", "half_rtt_us"), [(190.0, 0), (-190.0, 0), (10.0, 35_000)])
def test_a_drift_is_known_as_far_as_crystals_go_and_trips_are_short(ppm: float, half_rtt_us: float) -> None:
    """At most 200 ppm, known to 20: over an hour two half trips of 36 ms."""
    clock = fit_clock([exchange(0, 0, half_rtt_us), exchange(3600, 3.6 * ppm, half_rtt_us)])
    assert clock.drift_ppm == pytest.approx(ppm, abs=0.01)
    for off, worse_us in ((1.1 * ppm, half_rtt_us), (ppm, 37_000)):
        clock = fit_clock([exchange(0, 0, worse_us), exchange(3600, 3.6 * off, worse_us)])
        is_known = abs(off) < 200 and worse_us < 36_000
        assert (clock.drift_ppm is not None) == (clock.drift_pm_ppm is not None) == is_known


def test_dates_are_apart_by_seconds_and_one_that_is_not_known_is_far_from_every_other() -> None:
    one, other = "2026-11-22T12:00:00.000Z", "2026-11-22T11:59:00.500Z"
    assert seconds_apart(one, other) == seconds_apart(other, one) == 59.5
    assert seconds_apart(None, None) == seconds_apart(one, one) == 0.0
    assert seconds_apart(None, one) == seconds_apart(one, None) == float("inf")
