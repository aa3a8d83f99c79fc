"""The carrier's circuit without soldering: legs and wires under the screws of two strips of clamps."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.derive.part_pictures import draw_part
from hardware.derive.source import Rig, Wire
from hardware.derive.svg import Sheet

DEEP_MM, LEVEL_MM, EDGE_MM = 14.0, 7.5, 10.0
PARTS_MM = 26.0  # room for the parts beside a strip


@dataclass(frozen=True)
class Clamps:
    """`nets`: clamp -> net; `held`: clamp -> what its screws hold (`R1.a`, `J1.A`, `bridge`)."""

    nets: dict[str, str]
    legs: dict[str, dict[str, str]]
    held: dict[str, list[str]]


def clamps(rig: Rig) -> Clamps:
    table = rig.tables["terminals"]
    nets = {
        f"{name}{i}": net
        for name, strip in table["strips"].items()
        for i, net in enumerate(strip, start=1)
        if net
    }
    held: dict[str, list[str]] = {clamp: list(table["wires"].get(clamp, [])) for clamp in nets}
    for ref, legs in table["legs"].items():
        for leg, clamp in legs.items():
            held[clamp].append(f"{ref}.{leg}")
    for pair in table["bridges"]:
        for clamp in pair:
            held[clamp].append("bridge")
    return Clamps(nets, table["legs"], held)


def wire_of(rig: Rig, end: str) -> Wire:
    """The wire that ends at a header's or the carrier's pin, of the build with the small display."""
    (found,) = (
        wire
        for cable in rig.cables.values()
        if not cable.instead_of
        for wire in cable.wires
        if end in (str(wire.start), str(wire.stop))
    )
    return found


def place_mm(rig: Rig, clamp: str) -> tuple[float, float]:
    """Middle of a clamp."""
    table = rig.tables["terminals"]
    x = EDGE_MM + 6 + (int(clamp[1:]) - 0.5) * table["pitch_mm"]
    return x, EDGE_MM + 6 + PARTS_MM + (table["strips_apart_mm"] if clamp[0] == "B" else 0)


def picture(rig: Rig) -> str:
    """Both strips with all parts, and stubs of the wires."""
    made, table = clamps(rig), rig.tables["terminals"]
    long_mm = len(table["strips"]["A"]) * table["pitch_mm"]
    sheet = Sheet(
        long_mm + 2 * EDGE_MM + 12, 2 * PARTS_MM + table["strips_apart_mm"] + 2 * EDGE_MM + 6, shown_px=1000
    )
    sheet.text(
        EDGE_MM,
        7,
        "Without soldering: two strips of twelve clamps, parts and bridges",
        2.8,
        font_weight="bold",
    )
    for name in table["strips"]:
        _strip(sheet, rig, name, made)
    for pair in table["bridges"]:
        _bridge(sheet, rig, pair, made)
    names = [(ref, _part(sheet, rig, ref, made)) for ref in made.legs]
    for ref, (x, y) in names:
        sheet.text(
            x,
            y,
            ref,
            2.2,
            "middle",
            font_weight="bold",
            stroke="white",
            stroke_width=0.5,
            paint_order="stroke",
        )
    return sheet.svg()


def _strip(sheet: Sheet, rig: Rig, name: str, made: Clamps) -> None:
    table = rig.tables["terminals"]
    pitch = table["pitch_mm"]
    for number in range(1, len(table["strips"][name]) + 1):
        clamp = f"{name}{number}"
        x, y = place_mm(rig, clamp)
        sheet.rect(x - pitch / 2 + 0.3, y - DEEP_MM / 2, pitch - 0.6, DEEP_MM, 1, fill="#efe9d8", stroke="#968f78",
                   stroke_width=0.3)  # fmt: skip
        for side in (-4.6, 4.6):
            sheet.circle(x, y + side, 1.5, fill="#c3c7cc", stroke="#666", stroke_width=0.2)
            sheet.line((x - 1, y + side), (x + 1, y + side), stroke="#555", stroke_width=0.4)
        sheet.text(x, y - 0.3, clamp, 2.2, "middle", font_weight="bold")
        sheet.text(x, y + 2.0, made.nets.get(clamp, ""), 1.25, "middle", fill="#a00", font_weight="bold")
        ends = [end for end in made.held.get(clamp, []) if end.split(".")[0] in rig.connectors]
        inner = 1 if name == "A" else -1
        for i, end in enumerate(ends):
            at_x = x + (i - (len(ends) - 1) / 2) * 1.9
            start = y + inner * DEEP_MM / 2
            sheet.wire(wire_of(rig, end).colour, (at_x, start), (at_x, start + inner * 4.5), width=1.0)


def _outer(rig: Rig, clamp: str) -> tuple[float, float]:
    """Where a part's leg goes in beside its strip: above A, below B."""
    x, y = place_mm(rig, clamp)
    return x, y - DEEP_MM / 2 if clamp[0] == "A" else y + DEEP_MM / 2


def _bridge(sheet: Sheet, rig: Rig, pair: list[str], made: Clamps) -> None:
    (x, y), (to_x, to_y) = (place_mm(rig, clamp) for clamp in pair)
    colour = {"3V3": "OG", "5V_F": "RD"}.get(made.nets[pair[0]], "BK")
    if pair[0][0] == pair[1][0]:
        inner = y + (4.6 if pair[0][0] == "A" else -4.6)
        sheet.wire(colour, (x + 1.5, inner), (to_x - 1.5, inner), width=0.9)
    else:
        sheet.wire(colour, (x, y - 5.5), (x, y - 12), (to_x, to_y + 12), (to_x, to_y + 5.5), width=0.9)


def _part(sheet: Sheet, rig: Rig, ref: str, made: Clamps) -> tuple[float, float]:
    """Draw a part; where its name goes."""
    legs = made.legs[ref]
    strips = {clamp[0] for clamp in legs.values()}
    if len(strips) > 1:
        ends = {leg: _inner(rig, clamp) for leg, clamp in legs.items()}
        x, y = _middle(list(ends.values()))
        draw_part(sheet, rig, ref, ends)
        return x + 4, y - 2
    up = -1 if strips == {"A"} else 1
    level = up * (2 + LEVEL_MM * _level(made, ref))
    ends = {leg: (x, y + level) for leg, (x, y) in ((leg, _outer(rig, clamp)) for leg, clamp in legs.items())}
    for leg, clamp in legs.items():
        sheet.line(_outer(rig, clamp), ends[leg], stroke="#9aa3ab", stroke_width=0.6)
    if ref[0] in "CF":
        x, y = _middle(list(ends.values()))
        sheet.line(*ends.values(), stroke="#9aa3ab", stroke_width=0.6)
        first, *_ = ends.values()
        near = 1.27 if first[0] < x else -1.27
        ends = dict(zip(ends, ((x - near, y), (x + near, y))))
    draw_part(sheet, rig, ref, ends)
    x, y = _middle(list(ends.values()))
    down = 5.4 if ref == "C1" else 4.6 if ref[0] in "CD" else 3.6
    return (x + (3 if ref == "R7" else 0), y - 2.2) if up < 0 else (x, y + down)


def _inner(rig: Rig, clamp: str) -> tuple[float, float]:
    x, y = place_mm(rig, clamp)
    return x, y + (5.6 if clamp[0] == "A" else -5.6)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    x, y = (sum(values) / len(points) for values in zip(*points))
    return x, y


def _level(made: Clamps, ref: str) -> int:
    """How far out a part sits, so that those over the same clamps do not hide each other."""
    levels: dict[str, int] = {}
    spans = {
        other: sorted(int(clamp[1:]) for clamp in legs.values())
        for other, legs in made.legs.items()
        if len({clamp[0] for clamp in legs.values()}) == 1
    }
    for other in sorted(spans, key=lambda r: (spans[r][-1] - spans[r][0], r)):
        strip = next(iter(made.legs[other].values()))[0]
        low, high = spans[other][0], spans[other][-1]
        beside = [
            levels[r]
            for r in levels
            if next(iter(made.legs[r].values()))[0] == strip and spans[r][0] < high and low < spans[r][-1]
        ]
        levels[other] = next(n for n in range(9) if n not in beside)
    return levels[ref]
