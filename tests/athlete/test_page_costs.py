"""What every page takes of the bus in its worst moment, on the cost model of the chip."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from tests.athlete import page_costs

from retrorig.virtual.contact_sheet import LARGE

SLICE_MS = 3.0  # no interrupt is served meanwhile
DRAWN_EVERY_MS = 200.0
PANELS = {"128 x 64": None, **{f"{w} x {h}": (w, h) for w, h in LARGE}}
DISPLAY_MD = Path(__file__).parents[2] / "firmware" / "DISPLAY.md"


@functools.cache
def costs_of(panel: str) -> list[page_costs.Cost]:
    size = PANELS[panel]
    return page_costs.large(size) if size else page_costs.small()


@pytest.mark.parametrize("panel", PANELS)
def test_no_page_has_a_slice_that_samples_would_wait_for(panel):
    assert len(costs_of(panel)) > 30
    assert all(0 < cost.longest_ms <= SLICE_MS for cost in costs_of(panel))


@pytest.mark.parametrize("panel", PANELS)
def test_every_page_is_on_the_glass_before_the_next_is_drawn(panel):
    assert all(cost.total_ms < DRAWN_EVERY_MS for cost in costs_of(panel))


@pytest.mark.parametrize("panel", PANELS)
def test_the_page_on_displays_tells_what_the_slowest_page_takes(panel):
    worst = max(costs_of(panel), key=lambda cost: cost.total_ms)
    told = re.search(
        rf"^\| {panel} \| (\d+) \| (\d+) \| ([\d.]+) \|$", DISPLAY_MD.read_text("utf-8"), re.MULTILINE
    )
    assert told
    longest_ms = max(cost.longest_ms for cost in costs_of(panel))
    assert told.groups() == (str(worst.slices), f"{worst.total_ms:.0f}", f"{longest_ms:.1f}")
