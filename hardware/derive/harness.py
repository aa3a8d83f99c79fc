"""The whole harness on one A4 page: boxes and cables, a row for each header of the carrier."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.derive.perfboard import large_header
from hardware.derive.source import Cable, Rig
from hardware.derive.svg import Sheet

A4_MM = (297.0, 210.0)
CARRIER_X, CARRIER_WIDE = 50.0, 34.0
BOX = (6.0, 20.0, 212.0, 176.0)  # the box's walls: left, top, width, height
WALL_X = BOX[0] + BOX[2]
COLUMNS = (124.0, 184.0, WALL_X, 256.0)  # left edges: converter, cell socket or other parts, wall, sensors
CELL = (28.0, 15.0)


@dataclass(frozen=True)
class Step:
    """A cable and the connectors at its far end."""

    cable: Cable
    to: tuple[str, ...]


def chains(rig: Rig, has_large: bool) -> dict[str, list[Step]]:
    """Header of the carrier -> cables one after the other, through the sockets in the wall to the sensor."""
    replaced = {cable.instead_of for cable in rig.cables.values() if cable.instead_of}
    cables = [c for c in rig.cables.values() if (c.name not in replaced if has_large else not c.instead_of)]
    headers = [name for name, entry in rig.connectors.items() if entry.nets and name != "CAR"]
    mates = dict(rig.mates)
    made = {}
    for header in headers:
        if header == large_header(rig):
            continue
        at, steps = {header}, []
        while found := next((c for c in cables if c.wires[0].start.connector in at), None):
            stops = tuple(dict.fromkeys(wire.stop.connector for wire in found.wires))
            steps.append(Step(found, stops))
            at = {mates.get(name, name) for name in stops}
        made[header] = steps
    return made


def picture(rig: Rig, has_large: bool) -> str:
    """One page for one build; the other display is on a page of its own."""
    sheet = Sheet(*A4_MM)
    which = "large" if has_large else "small"
    sheet.text(8, 13, f"Harness, build with the {which} display", 6, font_weight="bold")
    sheet.rect(*BOX, 3, fill="#fafaf5", stroke="#555", stroke_width=0.6, stroke_dasharray="4 2")
    sheet.text(BOX[0] + 4, BOX[1] + 7, "inside the box", 4, fill="#555")
    sheet.text(WALL_X + 22, BOX[1] + 7, "outside", 4, fill="#555")
    made = chains(rig, has_large)
    pitch = (BOX[3] - 24) / len(made)
    top = BOX[1] + 20
    _carrier(sheet, top - 6, len(made) * pitch)
    for row, (header, steps) in enumerate(made.items()):
        _row(sheet, rig, header, steps, top + row * pitch + 8)
    said = "Every cable has a drawing of its own. The number beside a cable is the number of its wires."
    sheet.text(8, 203, said, 3.6, fill="#444")
    return sheet.svg()


def _carrier(sheet: Sheet, y: float, high: float) -> None:
    sheet.rect(CARRIER_X, y, CARRIER_WIDE, high, 1.5, fill="#e9d7ae", stroke="#7d6430", stroke_width=0.5)
    sheet.text(CARRIER_X + 3, y + 6, "CAR", 4, font_weight="bold")
    sheet.text(CARRIER_X + 3, y + 10.5, "carrier", 3.2)
    sheet.rect(12, y + 22, 22, 46, 1.5, fill="#20242b")
    sheet.text(23, y + 44, "MCU", 4, "middle", fill="white", font_weight="bold")
    sheet.line((34, y + 45), (CARRIER_X, y + 45), stroke="#456", stroke_width=1.6)
    sheet.text(42, y + 42, "W1", 3.6, "middle", font_weight="bold")
    sheet.text(10, y + 78, "its USB socket:", 3.2)
    sheet.text(10, y + 82.5, "laptop, when wanted", 3.2)


def _row(sheet: Sheet, rig: Rig, header: str, steps: list[Step], y: float) -> None:
    x = CARRIER_X + CARRIER_WIDE
    sheet.rect(x - 13, y - 5, 13, 10, 0.8, fill="#f3efe4", stroke="#a9a28c", stroke_width=0.4)
    headers = dict.fromkeys(wire.start.connector for wire in steps[0].cable.wires)
    sheet.text(x - 6.5, y + 1.4, " ".join(headers), 4, "middle", font_weight="bold")
    for step in steps:
        at_x, is_wall = _column(step)
        _cable(sheet, step.cable, x, at_x, y)
        first, *others = step.to
        if others:
            _several(sheet, rig, step.to, at_x, y)
            return
        _cell(sheet, rig, first, at_x, y, is_wall)
        x = at_x + CELL[0]
    if header == "J7":
        sheet.line((x, y), (COLUMNS[3], y), stroke="#456", stroke_width=1.6)
        sheet.text((x + COLUMNS[3]) / 2 + 3, y - 3, "USB", 3.2, "middle")
        _box(sheet, COLUMNS[3], y, "bank", ["power bank"])


def _column(step: Step) -> tuple[float, bool]:
    name = step.to[0]
    if name.startswith("X"):
        return COLUMNS[2] - CELL[0] / 2, True
    if name in ("E1", "LC1"):
        return COLUMNS[3], False
    return COLUMNS[0], False


def _cable(sheet: Sheet, cable: Cable, x: float, to_x: float, y: float) -> None:
    sheet.line((x, y), (to_x, y), stroke="#456", stroke_width=1.6)
    middle = (x + to_x) / 2
    sheet.text(middle, y - 2.6, f"{cable.name}, {len(cable.wires)}", 3.6, "middle", font_weight="bold")
    sheet.text(middle, y + 5.2, f"{cable.length_m:g} m", 3.2, "middle", fill="#444")


def _cell(sheet: Sheet, rig: Rig, name: str, x: float, y: float, is_wall: bool) -> None:
    mates = dict(rig.mates)
    shown = f"{name} | {mates[name]}" if is_wall and name in mates else name
    title = rig.connectors[name].title.removeprefix("box: ").partition(",")[0]
    _box(sheet, x, y, shown, _lines(title))


def _box(sheet: Sheet, x: float, y: float, name: str, lines: list[str]) -> None:
    sheet.rect(x, y - CELL[1] / 2, CELL[0], CELL[1], 1.2, fill="#e8f0fa", stroke="#456", stroke_width=0.5)
    sheet.text(x + CELL[0] / 2, y - 2.4, name, 3.8, "middle", font_weight="bold")
    for i, line in enumerate(lines):
        sheet.text(x + CELL[0] / 2, y + 1.6 + 3.6 * i, line, 3, "middle")


def _several(sheet: Sheet, rig: Rig, names: tuple[str, ...], x: float, y: float) -> None:
    """The buttons, side by side, on one line."""
    for i, name in enumerate(names):
        at_x = x + i * (CELL[0] + 3)
        if i:
            sheet.line((at_x - 3, y), (at_x, y), stroke="#456", stroke_width=1.6)
        _box(sheet, at_x, y, name, _lines(rig.connectors[name].title))


def _lines(title: str) -> list[str]:
    """Words over two lines."""
    words, lines = title.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 14 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
