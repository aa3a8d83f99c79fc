"""Dates of sets: by exchanges of the time with the rig, its crystal's drift, and laptops whose clock was set."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.host.sets import START_US
from tests.library.libraries import walk

from retrorig.library import Library
from retrorig.library.clocks import NO_ERA, Anchor, Boot, can_be_exchange, fit_clock, utc_ms
from retrorig.library.editing import edit_sets
from retrorig.measure.motion import trace_motion

NOON_MS = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000
HOUR_US = 3_600_000_000


def true_ms(board_us: float, drift_ppm: float) -> float:
    """The time of day when the rig's clock shows `board_us`."""
    return NOON_MS + board_us / 1000 * (1 + drift_ppm * 1e-6)


@st.composite
def days(draw: st.DrawFn) -> tuple[float, list[Anchor]]:
    """A drift, and the exchanges of a day, each wrong by no more than its half trip."""
    drift_ppm = draw(st.floats(-60, 60))
    anchors = []
    for board_us in sorted(draw(st.sets(st.integers(0, 12 * HOUR_US), min_size=1, max_size=5))):
        half_us = draw(st.integers(500, 20_000))
        off_ms = draw(st.floats(-1, 1)) * half_us / 1000
        anchors.append(Anchor(board_us, true_ms(board_us, drift_ppm) + off_ms, half_us))
    return drift_ppm, anchors


@given(days(), st.integers(0, 12 * HOUR_US))
def test_a_date_is_as_good_as_the_exchanges(day: tuple[float, list[Anchor]], start_us: int) -> None:
    """The nearest exchange's own error; beyond it the drift's range, or the whole drift where that can't be told."""
    drift_ppm, anchors = day
    clock = fit_clock(anchors)
    nearest = min(anchors, key=lambda anchor: abs(anchor.board_us - start_us))
    away_ms = abs(nearest.board_us - start_us) / 1000
    unknown_ppm = abs(drift_ppm) if clock.drift_pm_ppm is None else clock.drift_pm_ppm
    error_ms = abs(utc_ms(anchors, start_us) - true_ms(start_us, drift_ppm))
    assert error_ms <= nearest.half_rtt_us / 1000 + away_ms * unknown_ppm * 1e-6 + 0.01
    if clock.drift_ppm is not None and clock.drift_pm_ppm is not None:
        assert abs(clock.drift_ppm - drift_ppm) <= clock.drift_pm_ppm + 0.01


def test_a_day_between_two_pulls_tells_the_drift() -> None:
    anchors = [Anchor(t_us, true_ms(t_us, 35.0), 4000) for t_us in (0, 10 * HOUR_US)]
    clock = fit_clock(anchors)
    assert clock.drift_ppm == pytest.approx(35.0, abs=0.01) and clock.drift_pm_ppm == pytest.approx(
        0.22, abs=0.01
    )
    assert utc_ms(anchors, 5 * HOUR_US) == pytest.approx(
        true_ms(5 * HOUR_US, 35.0), abs=0.01
    )  # else 630 ms off


@pytest.mark.parametrize("set_by_s", [-86_400, -3600, -60, 60, 3600])
def test_a_laptop_clock_that_was_set_is_taken_for_no_drift(set_by_s: int) -> None:
    anchors = [Anchor(0, NOON_MS, 4000), Anchor(HOUR_US, NOON_MS + 3_600_000 + set_by_s * 1000, 4000)]
    assert fit_clock(anchors).drift_ppm is None
    assert utc_ms(anchors, 1000) == NOON_MS + 1
    assert utc_ms(anchors, HOUR_US + 1000) == anchors[1].utc_ms + 1


def test_a_boot_of_the_same_number_before_the_flash_was_erased_dates_nothing(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_anchor(Boot("RR-Test", 5, 3), START_US, NOON_MS, 3000)
        for era in (5, 6):
            library.add_set(walk(era=era))
        library.add_set(walk())
        assert {row.set_id: row.started_utc for row in library.sets()} == {
            "rr-test-000005-00007": "2026-11-22T12:00:00.000Z",
            "rr-test-000006-00007": None,
            "rr-test-0003-00007": None,
        }


def test_a_date_that_was_exact_stays_when_the_rig_is_met_again(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), START_US + 1_000_000, NOON_MS, 3000)
        (set_id, _) = library.add_set(walk())
        dated = library.set(set_id).started_utc
        assert dated == "2026-11-22T11:59:59.000Z"
        later_us, later_ms = START_US + 1_000_000 + 5 * HOUR_US, NOON_MS + 5 * 3_600_000 + 300
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), later_us, later_ms, 3000)
        assert library.computed(set_id).started_utc == dated
        (clock,) = library.clocks.all()
        assert clock["anchors"] == 2 and clock["drift_ppm"] == pytest.approx(300 / 5 / 3.6, rel=0.01)


def test_a_set_without_any_clock_gets_its_date_when_the_rig_is_met_in_that_boot(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        (set_id, _) = library.add_set(walk(athlete="a1"))
        (other, _) = library.add_set(walk(8, boot=4))
        library.people.label_for("Anna")
        start_ms = (
            3e3 * trace_motion(library.raw(set_id)).ends_sd_s
        )  # a trim is counted from a start known so well
        edit_sets(library, [set_id], {"trim_start_s": 1.0, "load_kg": 4.0})
        assert library.set(set_id).started_utc is None
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), START_US, NOON_MS, 3000)
        row = library.set(set_id)
        assert datetime.fromisoformat(row.started_utc).timestamp() * 1000 == pytest.approx(
            NOON_MS + 1000, abs=26 + start_ms
        )
        assert row.load_kg == 4.0 and library.computed(set_id) == row
        assert library.set(other).started_utc is None


def test_a_date_before_the_drift_was_known_is_put_right_by_the_next_exchange(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), START_US + 4 * HOUR_US, true_ms(4 * HOUR_US, 30), 3000)
        (set_id, _) = library.add_set(walk())
        assert error_ms(library, set_id) == pytest.approx(4 * 3600 * 30e-3, abs=1)
        library.add_anchor(Boot("RR-Test", NO_ERA, 3), START_US + 8 * HOUR_US, true_ms(8 * HOUR_US, 30), 3000)
        assert error_ms(library, set_id) == pytest.approx(0, abs=1)
        assert library.computed(set_id) == library.set(set_id)


def error_ms(library: Library, set_id: str) -> float:
    """By how much the date of a set that began when the rig's clock was at START_US differs from NOON_MS."""
    return datetime.fromisoformat(library.set(set_id).started_utc).timestamp() * 1000 - NOON_MS


@pytest.mark.parametrize(
    ("odd", "sound"),
    [
        ({"board_us": -1}, {"board_us": 0}),
        ({"board_us": 1.5}, {"board_us": 2**52}),
        ({"utc_ms": -1.0}, {"utc_ms": 0.0}),
        ({"utc_ms": 4_102_444_800_000.0}, {"utc_ms": 4_102_444_799_999.0}),
        ({"utc_ms": math.nan}, {"utc_ms": 1.79e12}),
        ({"utc_ms": "1.79e12"}, {"utc_ms": 1_790_000_000_000}),
        ({"half_rtt_us": -1}, {"half_rtt_us": 0}),
        ({"half_rtt_us": 60_000_001}, {"half_rtt_us": 60_000_000}),
        ({"half_rtt_us": math.inf}, {"half_rtt_us": 10.5}),
        ({"boot": Boot("r", 1, -1)}, {"boot": Boot("r", -1, 0)}),
        ({"boot": Boot("r", None, 1)}, {"boot": Boot("r", 2**31, 1)}),  # type: ignore[arg-type]
    ],
)
def test_an_exchange_can_have_happened_or_not(odd: dict[str, Any], sound: dict[str, Any]) -> None:
    """Between a start of a rig and this century's end, within a minute's trip."""
    exchange = {"boot": Boot("r", 1, 1), "board_us": 5, "utc_ms": 1.79e12, "half_rtt_us": 5000.0}
    assert can_be_exchange(**{**exchange, **sound})
    assert not can_be_exchange(**{**exchange, **odd})
