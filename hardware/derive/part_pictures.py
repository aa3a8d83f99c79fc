"""What leaded parts look like from above, in millimetres, between the places of their legs."""

from __future__ import annotations

from collections.abc import Sequence

from hardware.derive.resistors import bands
from hardware.derive.source import Rig
from hardware.derive.svg import Sheet

TIN = "#9aa3ab"
UPRIGHT_MM = 3.0  # legs nearer than this: the part stands on its first leg
Point = tuple[float, float]


def draw_part(sheet: Sheet, rig: Rig, ref: str, legs: dict[str, Point]) -> None:
    """The part with its legs; `legs`: name of a leg -> where it ends."""
    if len(legs) == 2:
        sheet.line(*legs.values(), stroke=TIN, stroke_width=0.6)
    match ref[0]:
        case "R":
            (value,) = (part.value for part in rig.circuit if part.ref == ref)
            marks = [(0.2 + 0.17 * i, colour, 0.6) for i, colour in enumerate(bands(value))]
            _cylinder(sheet, list(legs.values()), (6.3, 2.4), "#d9c39a", [*marks, (0.86, "#b8912f", 0.6)])
        case "D":
            long, wide, fill = {"D5": (7.6, 3.6, "#333"), "D6": (5.2, 2.7, "#2b2b2b")}.get(
                ref, (4.2, 1.9, "#d98e4a")
            )
            band = (0.16, "#eee" if wide > 2 else "#222", 0.7)
            _cylinder(sheet, [legs["cathode"], legs["anode"]], (long, wide), fill, [band])
        case "C":
            _capacitor(sheet, legs)
        case "F":
            _disc(sheet, list(legs.values()))
        case "Q":
            _transistor(sheet, legs)


def _cylinder(
    sheet: Sheet, ends: Sequence[Point], size: Point, fill: str, marks: Sequence[tuple[float, str, float]]
) -> None:
    """A body with bands; `marks`: share of its length from the first leg, colour, width."""
    (x, y), (to_x, to_y) = ends
    (long, wide), apart = size, ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    edge = {"stroke": "#444", "stroke_width": 0.15}
    if apart < UPRIGHT_MM:
        sheet.circle(x, y, wide / 2, fill=fill, **edge)
        return
    ux, uy, mx, my = (to_x - x) / apart, (to_y - y) / apart, (x + to_x) / 2, (y + to_y) / 2
    bands_at = [((share - 0.5) * long, colour, width) for share, colour, width in marks]
    for middle, colour, length, extra in [
        (0.0, fill, long, edge),
        *((at, c, w, {}) for at, c, w in bands_at),
    ]:
        corners = [
            (
                mx + (middle + a * length / 2) * ux - b * wide / 2 * uy,
                my + (middle + a * length / 2) * uy + b * wide / 2 * ux,
            )
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ]
        sheet.line(*corners, **{"fill": colour, "stroke": "none", **extra})


def _capacitor(sheet: Sheet, legs: dict[str, Point]) -> None:
    (x, y), (to_x, to_y) = legs.values()
    mx, my = (x + to_x) / 2, (y + to_y) / 2
    if "plus" not in legs:
        sheet.rect(mx - 1.25, my - 2, 2.5, 4, 1, fill="#e0a030", stroke="#845b12", stroke_width=0.2)
        return
    sheet.circle(mx, my, 3.15, fill="#2b4a8b", stroke="#17294f", stroke_width=0.2)
    sheet.circle(mx, my, 2.3, fill="#c7ccd4")
    for sign, px, py in (("+", x, y), ("-", to_x, to_y)):
        apart = max(abs(to_x - x), abs(to_y - y)) / 1.3
        sheet.text(mx + (px - mx) / apart * 1.7, my + (py - my) / apart * 1.7 + 0.7, sign, 2.4, "middle",
                   font_weight="bold")  # fmt: skip


def _disc(sheet: Sheet, ends: Sequence[Point]) -> None:
    (x, y), (to_x, to_y) = ends
    wide, high = (3.0, 7.8) if abs(to_y - y) > abs(to_x - x) else (7.8, 3.0)
    sheet.rect((x + to_x - wide) / 2, (y + to_y - high) / 2, wide, high, 1.4, fill="#e8b820", stroke="#8a6b00",
               stroke_width=0.2)  # fmt: skip


def _transistor(sheet: Sheet, legs: dict[str, Point]) -> None:
    """BC337: with the flat side towards the reader its legs are collector, base, emitter from left to right.

    Emitter left and collector right, so it is seen from its round side: the flat one is up.
    """
    x, y = legs["base"]
    if not legs["emitter"][0] < x < legs["collector"][0]:
        raise ValueError("The transistor is drawn with its emitter on the left: turn the drawing too.")
    for at in legs.values():
        sheet.line(at, (x, y), stroke=TIN, stroke_width=0.5)
        sheet.circle(*at, 0.5, fill=TIN)
    left, right, flat = f"{x - 2.4:g}", f"{x + 2.4:g}", f"{y - 1.2:g}"
    sheet.path(f"M{left} {flat}H{right}A2.6 2.6 0 0 1 {left} {flat}Z", fill="#2b2b2b", stroke="none")
