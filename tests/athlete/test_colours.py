"""Green, amber and red on the colour panels: seen on black, told apart also by the colour-blind, never alone."""

from __future__ import annotations

import ast
import re
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from retrorig import board_files
from retrorig.virtual.contact_sheet import LARGE, draw_coloured, draw_pages
from retrorig.virtual.parts.st7789 import rgb

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: of text against its ground; large text needs 3."""

APART = 20.0
"""In CIELAB; some 2.3 are just noticeable side by side, and these are seen one at a time."""

SEEN_BY = {  # Machado, Oliveira, Fernandes 2009: full severity, on linear RGB
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_SOURCE = (board_files.root() / "app" / "largecanvas.py").read_text("utf-8")
INKS: tuple[int, ...] = ast.literal_eval(re.findall(r"^INKS = (\(.*?\))", _SOURCE, re.MULTILINE)[0])
Colour = NDArray[np.float64]


def on_glass(tint: int) -> tuple[int, int, int]:
    return rgb((INKS[tint] & 0xFF) << 8 | INKS[tint] >> 8)


def linear(tint: int) -> Colour:
    part = np.array(on_glass(tint)) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> Colour:
    part = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(eye: str, tint: int) -> float:
    """With black."""
    return (TO_XYZ[1] @ np.clip(SEEN_BY[eye] @ linear(tint), 0, 1) + 0.05) / 0.05


def least_apart(eye: str) -> float:
    seen = [lab(SEEN_BY[eye] @ linear(tint)) for tint in range(4)]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("tint", range(4))
@pytest.mark.parametrize("eye", SEEN_BY)
def test_each_stands_out_from_black(tint, eye):
    assert contrast(eye, tint) >= CONTRAST


@pytest.mark.parametrize("eye", SEEN_BY)
def test_each_is_told_from_the_others(eye):
    assert least_apart(eye) >= APART


@pytest.mark.parametrize("eye", SEEN_BY)
def test_the_page_tells_the_figures_of_the_colours_in_use(eye):
    text = (board_files.root() / "DISPLAY.md").read_text("utf-8")
    told = [f"{contrast(eye, tint):.1f}" for tint in (1, 2, 3)] + [f"{least_apart(eye):.0f}"]
    assert " | ".join(["", eye.replace("no ", "without "), *told, ""]).strip() in text


def tints(page) -> set[int]:  # type: ignore[no-untyped-def]
    """The tints that a page shows."""
    shown = {colour for _, colour in page.getcolors(1 << 20)}
    return {tint for tint in range(4) if on_glass(tint) in shown}


@pytest.mark.parametrize("size", LARGE)
def test_a_tint_goes_with_its_word_or_its_place_and_changes_no_shape(size):
    coloured, plain = draw_coloured(size), draw_pages(size)
    expected = {
        "cadence": 1,
        "pace ahead": 1,
        "pace behind": 2,
        "band in": 1,
        "band force": 1,
        "band low": 2,
        "band high": 2,
        "armed button": 2,
    }
    expected |= dict.fromkeys(("band far", "rest red", "fault full", "fault cell"), 3)
    for name, page in coloured.items():
        told = {1, 2} if name == "pace in band" else {expected[name]} if name in expected else set()
        assert tints(page) - {0} == told, name
        assert page.convert("L").point(lambda light: 255 * (light > 0)).convert("1").tobytes() == (
            plain[name].tobytes()
        )
