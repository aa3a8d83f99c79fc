"""What is drilled where in the box, at full size on A4, to be printed and taped on."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.derive.perfboard import PITCH_MM, socket_rows
from hardware.derive.source import Rig
from hardware.derive.svg import Sheet

A4_MM = (210.0, 297.0)
PAGES = {"box-1": ("lid", "bottom"), "box-2": ("floor", "right")}
TITLES = {
    "lid": "lid, from outside", "bottom": "lower wall, from outside", "floor": "floor, seen from the lid",
    "right": "right wall, from outside",
}  # fmt: skip
MARGIN_MM, GAP_MM, TOP_MM = 24.0, 24.0, 30.0
SCREW_MM = 3.2


@dataclass(frozen=True)
class Opening:
    """A hole of diameter `d`, or an opening of `size`, about its middle; from the lower left corner of its face."""

    face: str
    what: str
    at: tuple[float, float]
    d: float = 0.0
    size: tuple[float, float] = (0.0, 0.0)
    note: str = ""

    @property
    def half(self) -> tuple[float, float]:
        """Half its width and height."""
        return (self.d / 2, self.d / 2) if self.d else (self.size[0] / 2, self.size[1] / 2)


def face_mm(rig: Rig, face: str) -> tuple[float, float]:
    """Width and height of a face."""
    wide, high, deep = rig.tables["box"]["outer_mm"]
    return {"lid": (wide, high), "floor": (wide, high), "bottom": (wide, deep), "right": (high, deep)}[face]


def openings(rig: Rig) -> list[Opening]:
    """Those listed, the carrier's screws, and the opening at the microcontroller board's USB socket."""
    made = [
        Opening(hole["face"], hole["for"], tuple(hole["at"]), hole.get("d", 0.0), tuple(hole.get("size", (0, 0))),
                hole.get("note", ""))
        for hole in rig.tables["box"]["holes"]
    ]  # fmt: skip
    return [*made, *(Opening("floor", "CAR", at, SCREW_MM) for at in carrier_screws(rig)), _usb(rig)]


def carrier_screws(rig: Rig) -> list[tuple[float, float]]:
    """Places of the carrier's four screws on the floor."""
    x, y = rig.tables["box"]["carrier_at_mm"]
    (wide, high), inset = rig.tables["perfboard"]["size_mm"], rig.tables["perfboard"]["screw_inset_mm"]
    return [(x + dx, y + dy) for dx in (inset, wide - inset) for dy in (inset, high - inset)]


def _usb(rig: Rig) -> Opening:
    """Where the socket of the recommended board meets the right wall."""
    box, board = rig.tables["box"], rig.boards["esp32"]
    height = (
        box["wall_mm"] + box["standoff_mm"] + 2 * box["board_mm"] + box["socket_mm"] + box["usb_above_mm"]
    )
    return Opening("right", "MCU", (usb_from_bottom_mm(rig, board.key), height), size=tuple(box["usb_opening_mm"]),
                   note="USB, for a laptop")  # fmt: skip


def usb_from_bottom_mm(rig: Rig, board: str) -> float:
    """Middle between both headers, from the box's lower outside."""
    table = rig.tables["perfboard"]
    first = (table["size_mm"][1] - (table["rows_n"] - 1) * PITCH_MM) / 2
    rows = socket_rows(rig, rig.boards[board])
    below_top = first + (sum(rows) / 2 - 1) * PITCH_MM
    height: float = rig.tables["box"]["carrier_at_mm"][1] + table["size_mm"][1] - below_top
    return height


def page(rig: Rig, name: str) -> str:
    """An A4 page at full size with two faces and a scale bar."""
    sheet = Sheet(*A4_MM)
    sheet.text(MARGIN_MM, 14, "retrorig box: drilling, full size (1:1)", 5, font_weight="bold")
    y = TOP_MM
    for face in PAGES[name]:
        _face(sheet, rig, face, y)
        y += face_mm(rig, face)[1] + GAP_MM
    sheet.scale_bar(MARGIN_MM, A4_MM[1] - 22)
    return sheet.svg()


def _face(sheet: Sheet, rig: Rig, face: str, top: float) -> None:
    wide, high = face_mm(rig, face)
    left = (A4_MM[0] - wide) / 2
    sheet.text(left, top - 9, f"{TITLES[face]}: {wide:g} x {high:g} mm", 4, font_weight="bold")
    sheet.rect(left, top, wide, high, fill="#fcfcf8", stroke="#222", stroke_width=0.4)
    seen: set[tuple[str, float]] = set()
    for hole in (hole for hole in openings(rig) if hole.face == face):
        _opening(sheet, hole, left + hole.at[0], top + high - hole.at[1])
        for axis in (0, 1):
            seen.add(("xy"[axis], hole.at[axis]))
    for axis, at in sorted(seen):
        if axis == "x":
            sheet.line((left + at, top - 1), (left + at, top - 3), stroke="#06c", stroke_width=0.2)
            sheet.text(left + at, top - 4, f"{at:g}", 2.6, "middle", fill="#06c")
        else:
            y = top + high - at
            sheet.line((left - 1, y), (left - 3, y), stroke="#06c", stroke_width=0.2)
            sheet.text(left - 4, y + 0.9, f"{at:g}", 2.6, "end", fill="#06c")
    sheet.text(left, top + high + 4.5, "Blue: millimetres from the lower left corner.", 2.6, fill="#06c")


def _opening(sheet: Sheet, hole: Opening, x: float, y: float) -> None:
    half_x, half_y = hole.half
    style = {"fill": "white", "stroke": "#c00", "stroke_width": 0.35}
    if hole.d:
        sheet.circle(x, y, hole.d / 2, **style)
        said = f"{hole.what}: {hole.d:g} mm"
    else:
        sheet.rect(x - half_x, y - half_y, *hole.size, **style)
        said = f"{hole.what}: {hole.size[0]:g} x {hole.size[1]:g} mm"
    reach = max(half_x, half_y) if hole.d else 0
    for dx, dy in ((half_x + 2, 0), (0, half_y + 2)):
        if not reach or hole.d > SCREW_MM:
            sheet.line((x - dx, y - dy), (x + dx, y + dy), stroke="#c00", stroke_width=0.15)
    sheet.text(x, y - half_y - 2.6, said, 2.8, "middle")
    if hole.note:
        sheet.text(x, y + half_y + 4.6, hole.note, 2.4, "middle", fill="#444")
