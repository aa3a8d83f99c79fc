"""Panels are seen without bending the neck, and the cables of the list reach along the way that is drawn."""

from __future__ import annotations

import math

import pytest
from hardware.derive import figures, sketches
from hardware.derive.source import load

RIG = load()
TABLE = RIG.tables["mounting"]
every_place = pytest.mark.parametrize("place", sketches.SCENES)


@every_place
def test_a_panel_lies_below_the_level_line_but_not_far(place: str) -> None:
    for eye_mm in (TABLE["eye_mm"], TABLE["eye_low_mm"]):
        down_mm = eye_mm - TABLE[f"panel_{place}_mm"]
        angle = math.degrees(math.atan2(down_mm, 1000 * TABLE[f"{place}_from_m"]))
        assert sketches.look_down_deg(TABLE, place, eye_mm) == pytest.approx(angle)
        assert -10 <= angle <= TABLE["look_down_most_deg"]  # a leaning athlete may look up a little
    assert sketches.look_down_deg(TABLE, place, TABLE["eye_mm"]) >= 0


@every_place
def test_the_recommended_display_is_large_enough_from_there(place: str) -> None:
    (display,) = (part for part in RIG.parts if part["id"] == "display")
    assert figures.arc_minutes(display["glass"], TABLE[f"{place}_from_m"]) >= figures.SURE_ARCMIN


@every_place
def test_cables_reach_along_the_way_that_is_drawn(place: str) -> None:
    scene = sketches.SCENES[place](RIG)
    encoder_m, cell_m = scene.cables_m
    assert encoder_m + 0.3 <= RIG.cables["W3"].length_m and cell_m + 0.3 <= RIG.cables["W6"].length_m
    x, y = scene.panel
    assert (scene.floor - y) / sketches.PX_PER_MM == pytest.approx(TABLE[f"panel_{place}_mm"])
    assert (scene.eye_x - x) / sketches.PX_PER_MM / 1000 == pytest.approx(TABLE[f"{place}_from_m"])


def test_the_sleds_rope_is_long_enough_for_its_angle() -> None:
    high_mm = sketches.HIP_MM - 250  # the cell on the sled's nose
    along_mm = 1000 * TABLE["sled_from_m"] - 640  # from mast to nose
    assert math.degrees(math.atan2(high_mm, along_mm)) < 8  # as the page says: cos 8 deg is 1 % off
