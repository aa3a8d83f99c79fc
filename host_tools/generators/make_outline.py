"""Draws firmware/app/fonts/outline.bin, the characters of large panels as polygons, from the DejaVu faces.

    .venv/bin/python host_tools/generators/make_outline.py

Run by hand when the face changes; the output is committed, as with make_fonts.py. Polygons because one small
file then serves panels of any size. Units: a cell is 240 wide; capitals and digits go from 0 down to 200,
descenders to 255. File: bytes of the longest character u16, then 96 places u16 counted from the end of
these, then each character: polygons u8, and for each points u8 and x, y u8 of each point.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from struct import pack

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from make_fonts import OUT, PRINTABLE

Points = NDArray[np.float64]
CELL_W, CAP_H, LOWEST = 240, 200, 255
DIGIT_LEFT, DIGIT_RIGHT = 14, 226
TOP_EM = 0.76
CURVE_N = 3
"""Straight pieces of a curve: at a height of 240 pixels they deviate by less than two."""

SLABS = (50.5, 100.5, 150.5)
"""Digits are cut at these heights: a strip of the panel then needs to draw no more than two slabs."""

STRAIGHT = 1.2
"""A point nearer than this to the line between its neighbours is left out."""


def main() -> int:
    """Write the file."""
    letters, digits = _face("DejaVuSansMono-Bold.ttf"), _face("DejaVuSans-Bold.ttf")
    made = [_packed(_cut(_digit(digits, c)) if c.isdigit() else [_letter(letters, c)]) for c in PRINTABLE]
    places = np.cumsum([0, *map(len, made)])
    head = pack("<H96H", max(map(len, made)), *places)
    (OUT / "outline.bin").write_bytes(head + b"".join(made))
    return 0


def _face(file: str) -> FontProperties:
    return FontProperties(fname=str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file))


def _contours(face: FontProperties, char: str) -> list[Points]:
    """Closed curves in em, y up, as corners."""
    contours: list[list[Points]] = []
    if char == " ":
        return []
    for vertices, code in TextPath((0, 0), char, size=1.0, prop=face).iter_segments(
        simplify=False, curves=True
    ):
        points = np.asarray(vertices, dtype=float).reshape(-1, 2)
        if code == 1:
            contours.append([points[0]])
        elif code == 2:
            contours[-1].append(points[0])
        elif code == 3:
            contours[-1].extend(_curve(contours[-1][-1], points[0], points[1]))
    return [np.array(contour) for contour in contours if len(contour) > 2]


def _curve(start: Points, bend: Points, end: Points) -> list[Points]:
    along = np.arange(1, CURVE_N + 1) / CURVE_N
    return [(1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t * t * end for t in along]


def _letter(face: FontProperties, char: str) -> list[Points]:
    scale = np.array([CELL_W / 0.602, -CAP_H / TOP_EM])
    return [_simple(contour * scale + (0, CAP_H)) for contour in _contours(face, char)]


def _digit(face: FontProperties, char: str) -> list[Points]:
    """It fills its cell; the 1, which is narrower, as much of it as it would beside the others."""
    contours = _contours(face, char)
    every, zero = np.vstack(contours), np.vstack(_contours(face, "0"))
    wide = (DIGIT_RIGHT - DIGIT_LEFT) * (0.8 if char == "1" else 1.0)
    low, high = every.min(axis=0), every.max(axis=0)
    middle = (low[0] + high[0]) / 2
    top, bottom = zero[:, 1].max(), zero[:, 1].min()
    if char in "12347":  # these stand on the line, the round ones go a little below: all fill the height
        top, bottom = high[1], low[1]
    scale = np.array([wide / (high[0] - low[0]), -CAP_H / (top - bottom)])
    return [_simple((contour - (middle, top)) * scale + (CELL_W / 2, 0)) for contour in contours]


def _packed(slabs: list[list[Points]]) -> bytes:
    """Each slab is a list of contours."""
    whole = [[np.clip(np.rint(c), 0, (CELL_W, LOWEST)) for c in contours] for contours in slabs]
    polygons = [polygon for contours in whole for polygon in _merged(contours)]
    body = b"".join(bytes((len(p),)) + p.astype(np.uint8).tobytes() for p in polygons)
    return bytes((len(polygons),)) + body


def _cut(contours: list[Points]) -> list[list[Points]]:
    """The slabs of a digit, from the top."""
    slabs = []
    for height in SLABS:
        slabs.append(_side(contours, height, -1))
        contours = _side(contours, height, 1)
    return [*slabs, contours]


def _side(contours: list[Points], height: float, sign: int) -> list[Points]:
    """What lies above (-1) or below (1) a height. Outer curves and holes run in opposite senses, so that along the
    cut, from left to right, chains end and begin in pairs."""
    chains = []
    whole = []
    for contour in contours:
        inside = (contour[:, 1] - height) * sign > 0
        if inside.all():
            whole.append(contour)
        elif inside.any():
            chains += _chains(contour, inside, height, height - sign / 2)
    ends = sorted(x for chain in chains for x in (chain[0][0], chain[-1][0]))
    while chains:
        joined = chains.pop()
        while (partner := ends[ends.index(joined[-1][0]) ^ 1]) != joined[0][0]:
            following = next(i for i, chain in enumerate(chains) if chain[0][0] == partner)
            joined += chains.pop(following)
        whole.append(np.array(joined))
    return whole


def _chains(contour: Points, inside: NDArray[np.bool_], height: float, edge: float) -> list[list[Points]]:
    """The runs of corners on the side that is kept, each between the two points where it meets the cut.

    These are put on `edge`, half a unit beyond, so that slabs overlap and no seam is seen.
    """
    n = len(contour)
    first = next(i for i in range(n) if not inside[i] and inside[(i + 1) % n])
    chains: list[list[Points]] = []
    for i in range(first, first + n):
        here, there = contour[i % n], contour[(i + 1) % n]
        if inside[i % n] != inside[(i + 1) % n]:
            met = np.array([here[0] + (there[0] - here[0]) * (height - here[1]) / (there[1] - here[1]), edge])
            if inside[(i + 1) % n]:
                chains.append([])
            chains[-1].append(met)
        if inside[(i + 1) % n]:
            chains[-1].append(there)
    return chains


def _simple(points: Points) -> Points:
    """Without points that lie on the line between their neighbours."""
    kept = list(points)
    i = 0
    while i < len(kept) and len(kept) > 3:
        before, after = kept[i - 1], kept[(i + 1) % len(kept)]
        if _distance(kept[i], before, after) < STRAIGHT:
            del kept[i]
        else:
            i += 1
    return np.array(kept)


def _distance(point: Points, start: Points, end: Points) -> float:
    along, out = end - start, point - start
    length = float(np.hypot(*along))
    return abs(float(along[0] * out[1] - along[1] * out[0])) / length if length else float(np.hypot(*out))


def _merged(contours: list[Points]) -> list[Points]:
    """Each outer curve with its holes as one polygon, joined by cuts that the fill hides."""
    outer = [c for c in contours if not any(_is_inside(c[0], other) for other in contours if other is not c)]
    holes = [c for c in contours if not any(c is o for o in outer)]
    return [_with_holes(o, [hole for hole in holes if _is_inside(hole[0], o)]) for o in outer]


def _with_holes(polygon: Points, holes: list[Points]) -> Points:
    for hole in holes:
        gaps = np.hypot(*(polygon[:, None] - hole[None]).transpose(2, 0, 1))
        i, j = np.unravel_index(np.argmin(gaps), gaps.shape)
        around = np.vstack([hole[j:], hole[: j + 1]])
        polygon = np.vstack([polygon[: i + 1], around, polygon[i:]])
    return polygon


def _is_inside(point: Points, polygon: Points) -> bool:
    x, y = point
    crossings = [
        (x2 - x1) * (y - y1) / (y2 - y1) + x1 > x
        for (x1, y1), (x2, y2) in pairwise([*polygon, polygon[0]])
        if (y1 > y) != (y2 > y)
    ]
    return sum(crossings) % 2 == 1


if __name__ == "__main__":
    sys.exit(main())
