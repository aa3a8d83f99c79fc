"""An even walk, second by second: what each whole second holds of it, and which sets make one session."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from retrorig.errors import InputError
from retrorig.export.seconds import OVERLAP_S, TOGETHER_S, tracks_of
from retrorig.export.sources import ExportedSet
from retrorig.measure.sample_table import SampleTable
from retrorig.set_row import SetRow

NOON_S = 1_793_000_000
PULL_N = 100.0


def even(
    after_s: float, lasting_s: float = 3.2, athlete: str = "a", rate_hz: int = 10, has_force: bool = True
) -> ExportedSet:
    """A set of 1 m/s against an even pull, so long after noon; without a rate it has no samples."""
    time_s = np.linspace(0.0, lasting_s, round(lasting_s * rate_hz) + 1) if rate_hz else np.empty(0)
    pull_n = np.full(len(time_s), PULL_N if has_force else np.nan)
    speed_mps = np.ones(len(time_s))
    samples = SampleTable(time_s, time_s, speed_mps, pull_n, pull_n, time_s, lambda: np.empty(0))
    started = datetime.fromtimestamp(NOON_S + after_s, UTC).isoformat()
    row = SetRow(set_id=f"set-{after_s}", started_utc=started, duration_s=lasting_s, name=athlete)
    return ExportedSet(row, lambda: samples)


@pytest.mark.parametrize(
    ("after_s", "ends", "metres"),
    [
        (0.0, (0, 4), [0.0, 1.0, 2.0, 3.0, 3.2]),
        (0.4, (0, 4), [0.0, 0.6, 1.6, 2.6, 3.2]),
        (0.9, (0, 5), [0.0, 0.1, 1.1, 2.1, 3.1, 3.2]),
    ],
)
def test_each_second_counts_with_what_is_in_it(
    after_s: float, ends: tuple[int, int], metres: list[float]
) -> None:
    """Pull and power are means over the second that ends there; before the first one there is none."""
    (track,) = tracks_of([even(after_s)])
    assert (track.start_s - NOON_S, track.end_s - NOON_S) == ends
    assert (track.began_s, track.ended_s) == pytest.approx((NOON_S + after_s, NOON_S + after_s + 3.2))
    assert track.backward_m == pytest.approx(metres) and track.net_m == pytest.approx(metres)
    assert track.force_n is not None and track.power_w is not None
    assert track.force_n == pytest.approx(np.diff(metres, prepend=0) * PULL_N)
    assert track.power_w == pytest.approx(np.diff(metres, prepend=0) * PULL_N)


@pytest.mark.parametrize("how", [{"has_force": False}, {"rate_hz": 0}])
def test_what_was_not_measured_is_no_zero(how: dict[str, int]) -> None:
    (track,) = tracks_of([even(0.0, **how)])
    assert track.force_n is None and track.power_w is None
    assert track.backward_m[-1] == (0 if "rate_hz" in how else pytest.approx(3.2))


def test_a_set_begins_no_earlier_than_the_second_that_the_one_before_ends_with() -> None:
    first, second = tracks_of([even(3.5), even(0.0)])
    assert (first.one.set_id, second.one.set_id) == ("set-0.0", "set-3.5")
    assert second.start_s == first.end_s == NOON_S + 4
    assert second.backward_m[0] == 0 and second.backward_m[-1] == pytest.approx(3.2)
    short = tracks_of([even(0.0), even(3.3, lasting_s=0.2)])[1]
    assert short.end_s == short.start_s + 1, "it has a second of its own"


@pytest.mark.parametrize(
    ("after_s", "athlete", "said"),
    [
        (3.2 - OVERLAP_S + 0.01, "a", ""),
        (3.2 - OVERLAP_S - 0.01, "a", "set-0.0 and set-.* overlap"),
        (TOGETHER_S, "a", ""),
        (TOGETHER_S + 0.01, "a", "more than a day"),
        (60.0, "b", "one athlete"),
    ],
)
def test_one_session_is_of_one_athlete_one_day_and_one_set_at_a_time(
    after_s: float, athlete: str, said: str
) -> None:
    sets = [even(after_s, athlete=athlete), even(0.0)]
    if said:
        with pytest.raises(InputError, match=said):
            tracks_of(sets)
    else:
        assert len(tracks_of(sets)) == 2
