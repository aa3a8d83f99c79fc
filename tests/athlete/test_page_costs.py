"""What every page takes of the bus in its worst moment, on the cost model of the chip."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.athlete import page_costs

from retrorig.virtual.contact_sheet import LARGE

SLICE_MS = 3.0  # no interrupt is served meanwhile
DRAWN_EVERY_MS = 200.0
COSTS = {"128 x 64": page_costs.small(), **{f"{w} x {h}": page_costs.large((w, h)) for w, h in LARGE}}
DISPLAY_MD = Path(__file__).parents[2] / "firmware" / "DISPLAY.md"


@pytest.mark.parametrize("panel", COSTS)
def test_no_page_has_a_slice_that_samples_would_wait_for(panel):
    assert len(COSTS[panel]) > 30
    assert all(0 < cost.longest_ms <= SLICE_MS for cost in COSTS[panel])


@pytest.mark.parametrize("panel", COSTS)
def test_every_page_is_on_the_glass_before_the_next_is_drawn(panel):
    assert all(cost.total_ms < DRAWN_EVERY_MS for cost in COSTS[panel])


@pytest.mark.parametrize("panel", COSTS)
def test_the_page_on_displays_tells_what_the_slowest_page_takes(panel):
    worst = max(COSTS[panel], key=lambda cost: cost.total_ms)
    told = re.search(
        rf"^\| {panel} \| (\d+) \| (\d+) \| ([\d.]+) \|$", DISPLAY_MD.read_text("utf-8"), re.MULTILINE
    )
    assert told
    longest_ms = max(cost.longest_ms for cost in COSTS[panel])
    assert told.groups() == (str(worst.slices), f"{worst.total_ms:.0f}", f"{longest_ms:.1f}")
