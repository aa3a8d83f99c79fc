"""One drawing a cable: pins left and right, the wires between them, and no text on a wire."""

from __future__ import annotations

from itertools import groupby

from hardware.derive.perfboard import carrier_wires
from hardware.derive.source import Board, Cable, Connector, Rig, Wire
from hardware.derive.svg import Sheet

WIDE_MM, ROW_MM, HEAD_MM = 180.0, 7.0, 25.0
CELL_MM, TITLE_MM = 46.0, 9.0
NAMES = {
    "BK": "black", "BN": "brown", "RD": "red", "OG": "orange", "YE": "yellow", "GN": "green", "BU": "blue",
    "VT": "violet", "GY": "grey", "WH": "white", "PK": "pink", "TQ": "turquoise", "SHIELD": "screen",
}  # fmt: skip


def colour_name(code: str) -> str:
    """`white-blue` for `WHBU`."""
    return NAMES.get(code) or f"{NAMES[code[:2]]}-{NAMES[code[2:]]}"


def picture(rig: Rig, cable: Cable, board: Board | None = None, has_large: bool = False) -> str:
    """The cable's drawing; W1 needs the microcontroller board that it is soldered to."""
    wires = list(carrier_wires(rig, has_large)) if cable.name == "W1" else list(cable.wires)
    ends = [_groups(wires, "start"), _groups(wires, "stop")]
    n_titles = max(len(groups) for groups in ends)
    sheet = Sheet(WIDE_MM, HEAD_MM + len(wires) * ROW_MM + n_titles * TITLE_MM + 4, shown_px=900)
    of_board = f", {board.name}" if board else ""
    sheet.text(6, 9, f"{cable.name}: {cable.title}{of_board}", 4.6, font_weight="bold")
    sheet.text(6, 15, f"{cable.length_m:g} m, {cable.gauge_mm2:g} mm², {len(wires)} wires", 3.2, fill="#444")
    if cable.note and cable.name != "W1":
        sheet.text(6, 20, cable.note, 2.8, fill="#444")
    places = [_ends(sheet, rig, wires, side, board) for side in ("start", "stop")]
    for wire, start_y, stop_y in zip(wires, *places, strict=True):
        _wire(sheet, wire, start_y, stop_y)
    return sheet.svg()


def _groups(wires: list[Wire], side: str) -> list[tuple[str, int]]:
    """Connectors along a side with the number of their wires, in the order of the wires."""
    return [
        (name, len(list(found))) for name, found in groupby(wires, lambda wire: getattr(wire, side).connector)
    ]


def _ends(sheet: Sheet, rig: Rig, wires: list[Wire], side: str, board: Board | None) -> list[float]:
    """Draw the connectors of a side; the height of each wire's end there."""
    x = 6.0 if side == "start" else WIDE_MM - 6 - CELL_MM
    y, made, left = HEAD_MM, [], list(wires)
    for name, n in _groups(wires, side):
        sheet.rect(
            x, y, CELL_MM, TITLE_MM + n * ROW_MM - 1, 1.2, fill="#f5f5f0", stroke="#555", stroke_width=0.35
        )
        title = board.name if board and name == "MCU" else rig.connectors[name].title
        sheet.text(x + 2, y + 3.8, name, 3.6, font_weight="bold")
        sheet.text(x + 2, y + 7.4, title, 2.6, fill="#444")
        y += TITLE_MM
        for wire in left[:n]:
            end = getattr(wire, side)
            label = _pin(rig.connectors[name], end.pin, board)
            sheet.text(x + 2, y + 4.4, label, 3.2)
            sheet.text(x + CELL_MM - 2, y + 4.4, colour_name(wire.colour), 2.8, "end", fill="#444")
            made.append(y + 3.4)
            y += ROW_MM
        left = left[n:]
    return made


def _pin(connector: Connector, pin: str, board: Board | None) -> str:
    if board and connector.name == "MCU":
        return f"{board.label(pin)} ({board.place(pin)})"
    return pin


def _wire(sheet: Sheet, wire: Wire, start_y: float, stop_y: float) -> None:
    left, right = 6 + CELL_MM, WIDE_MM - 6 - CELL_MM
    points = [(left, start_y), (left + 12, start_y), (right - 12, stop_y), (right, stop_y)]
    if wire.colour == "SHIELD":
        sheet.line(*points, stroke="#666", stroke_width=1.8, stroke_dasharray="2.4 1.2")
    else:
        sheet.wire(wire.colour, *points, width=1.5)
