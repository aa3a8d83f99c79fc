"""What drawings show: every wire of a cable, no text on a wire, one display, A4, and full size where they say so."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hardware.derive import box, cables
from hardware.derive.drawings import FULL_SIZE, drawings
from hardware.derive.perfboard import carrier_wires, large_header
from hardware.derive.source import FOLDER, load

RIG = load()
DRAWN = drawings(RIG)
CABLES = [name for name in DRAWN if name.startswith("cable-")]
HARNESS = [name for name in DRAWN if name.startswith("harness-")]
LETTER_WIDE, LETTER_HIGH = 0.58, 0.72  # of the font's size, for a sans-serif face
_SVG = "{http://www.w3.org/2000/svg}"


def elements(name: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(DRAWN[name]).iter(_SVG + tag))


def texts(name: str) -> list[str]:
    return [element.text or "" for element in elements(name, "text")]


def text_boxes(name: str) -> list[tuple[str, float, float, float, float]]:
    """Text, left, right, top, bottom of each level text."""
    found = []
    for element in elements(name, "text"):
        text, size = element.text or "", float(element.get("font-size", 0))
        x, y, wide = float(element.get("x", 0)), float(element.get("y", 0)), len(text) * size * LETTER_WIDE
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
        found.append((text, left, left + wide, y - size * LETTER_HIGH, y + 0.2 * size))
    return found


def segments(name: str) -> list[tuple[float, float, float, float, float]]:
    """Each straight piece of a line, with half its width."""
    found = []
    for element in elements(name, "polyline"):
        points = [tuple(map(float, pair.split(","))) for pair in element.get("points", "").split()]
        half = float(element.get("stroke-width", 1)) / 2
        found += [(*one, *other, half) for one, other in pairwise(points)]
    return found


@pytest.mark.parametrize("name", [*CABLES, *HARNESS])
def test_no_text_stands_on_a_wire(name: str) -> None:
    for text, left, right, top, bottom in text_boxes(name):
        for x, y, to_x, to_y, half in segments(name):
            for i in range(201):
                at_x, at_y = x + (to_x - x) * i / 200, y + (to_y - y) * i / 200
                on = left < at_x < right and top - half < at_y < bottom + half
                assert not on, f"{text!r} lies on a wire at {at_x:.0f}, {at_y:.0f}"


@pytest.mark.parametrize("name", list(DRAWN))
def test_no_text_runs_off_its_sheet(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])
    _, _, wide, high = map(float, root.get("viewBox", "").split())
    turned = {element.text for element in elements(name, "text") if element.get("transform")}
    for text, left, right, top, bottom in text_boxes(name):
        if text not in turned:
            assert left >= 0 and right <= wide and top >= 0 and bottom <= high, text


@pytest.mark.parametrize("name", CABLES)
def test_a_cables_drawing_has_each_wire_with_both_ends_and_colour(name: str) -> None:
    cable = RIG.cables[name.split("-")[1]]
    wires = carrier_wires(RIG, "large" in name) if cable.name == "W1" else cable.wires
    shown = texts(name)
    named = [element.text for element in elements(name, "text") if element.get("text-anchor") == "end"]
    for wire in wires:
        assert named.count(cables.colour_name(wire.colour)) >= 2
        assert wire.stop.pin in shown and wire.stop.connector in shown and wire.start.connector in shown
    colours = [cables.colour_name(wire.colour) for wire in wires]
    assert sorted(filter(None, named)) == sorted(2 * colours)


@pytest.mark.parametrize("name", HARNESS)
def test_harness_is_one_a4_page_with_every_cable_of_its_build_and_one_display(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])
    assert (root.get("width"), root.get("height")) == ("297mm", "210mm")
    shown = texts(name)
    (large,) = (cable for cable in RIG.cables.values() if cable.instead_of)
    left_out = large.instead_of if "large" in name else large.name
    for cable in RIG.cables:
        assert any(re.match(rf"{cable}\b", text) for text in shown) == (cable != left_out), cable
    assert ("DS1" in shown) != ("DS2" in shown)
    assert min(float(element.get("font-size", 0)) for element in elements(name, "text")) >= 2.9  # mm: 8 point


def test_nothing_but_the_large_builds_shows_what_only_they_have() -> None:
    header = large_header(RIG)
    for name in DRAWN:
        if "large" not in name and name != "cable-W10":
            assert not {header, "DS2", "W10"} & set(texts(name)), name


@pytest.mark.parametrize("name", FULL_SIZE)
def test_full_size_drawings_are_a4_in_millimetres_with_a_bar_of_100(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])
    _, _, wide, high = map(float, root.get("viewBox", "").split())
    assert (root.get("width"), root.get("height")) == (f"{wide:g}mm", f"{high:g}mm") and {wide, high} == {
        210,
        297,
    }
    bar = [
        element
        for element in elements(name, "rect")
        if element.get("height") == "3" and element.get("width") == "10"
    ]
    edges = [float(element.get("x", 0)) for element in bar]
    assert max(edges) + 10 - min(edges) == 100
    page = (FOLDER / "drawings" / f"{name}.pdf").read_bytes()
    (box_points,) = re.findall(rb"/MediaBox \[([^\]]+)\]", page)
    size_mm = [float(number) / 72 * 25.4 for number in box_points.split()][2:]
    assert size_mm == pytest.approx([wide, high], abs=0.01)
    drawn = b"".join(_streams(page)).decode("latin-1")
    boxes = re.findall(r"([\d.]+) ([\d.-]+) ([\d.]+) ([\d.-]+) re", drawn)
    assert sum(float(w) == pytest.approx(10, abs=0.01) and float(h) == 3 for _, _, w, h in boxes) == 10
    assert re.search(r"2\.8346\d* 0 0 -?2\.8346", drawn), "a millimetre is 72/25.4 points"


def _streams(page: bytes) -> list[bytes]:
    found = re.findall(rb"stream\r?\n(.*?)endstream", page, re.DOTALL)
    return [zlib.decompress(a85decode(part.strip(), adobe=False) if part.strip().endswith(b"~>") is False
                            else a85decode(b"<~" + part.strip(), adobe=True)) for part in found]  # fmt: skip


def test_openings_are_drawn_at_their_size() -> None:
    for name, faces in box.PAGES.items():
        wanted = sorted(hole.d / 2 for hole in box.openings(RIG) if hole.face in faces and hole.d)
        assert sorted(float(element.get("r", 0)) for element in elements(name, "circle")) == pytest.approx(
            wanted
        )
