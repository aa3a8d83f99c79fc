"""The carrier as pictures: what it looks like, its wires from above, its bare wire from the solder side."""

from __future__ import annotations

from hardware.derive.part_pictures import TIN, draw_part
from hardware.derive.perfboard import PITCH_MM, Hole, Layout, Run, socket, socket_rows
from hardware.derive.source import Rig
from hardware.derive.svg import Sheet

EDGE_MM = 6.0  # of the sheet around the board, for row and column names
TITLE_MM = 6.0
SHOWN_PX = 1000
BOARD, HOLE, COPPER = "#d8b36a", "#6b5426", "#c98f3c"


class View:
    """A sheet with the empty board; `mirrored`: seen from the solder side, turned over like a page."""

    def __init__(self, rig: Rig, made: Layout, title: str, mirrored: bool = False) -> None:
        self.rig, self.made, self.mirrored = rig, made, mirrored
        self._table = rig.tables["perfboard"]
        self.width_mm, self.height_mm = self._table["size_mm"]
        self.sheet = Sheet(
            self.width_mm + 2 * EDGE_MM, self.height_mm + 2 * EDGE_MM + TITLE_MM, shown_px=SHOWN_PX
        )
        self.sheet.text(EDGE_MM, 4.6, title, 2.8, font_weight="bold")
        build = f"{made.board.name}, with the large display" if made.has_large else made.board.name
        self.sheet.text(EDGE_MM, 7.9, build, 2.1)
        self._board()

    def at(self, hole: Hole) -> tuple[float, float]:
        """A hole's place on the sheet."""
        table = self._table
        x = (self.width_mm - (table["columns_n"] - 1) * PITCH_MM) / 2 + (hole.column - 1) * PITCH_MM
        y = (self.height_mm - (table["rows_n"] - 1) * PITCH_MM) / 2 + (hole.row - 1) * PITCH_MM
        return EDGE_MM + (self.width_mm - x if self.mirrored else x), EDGE_MM + TITLE_MM + y

    def _board(self) -> None:
        sheet, table, top = self.sheet, self._table, EDGE_MM + TITLE_MM
        sheet.rect(
            EDGE_MM, top, self.width_mm, self.height_mm, 1.5, fill=BOARD, stroke="#7d6430", stroke_width=0.3
        )
        inset = table["screw_inset_mm"]
        for x in (EDGE_MM + inset, EDGE_MM + self.width_mm - inset):
            for y in (top + inset, top + self.height_mm - inset):
                sheet.circle(x, y, 1.6, fill="white", stroke="#7d6430", stroke_width=0.3)
        for row in range(1, table["rows_n"] + 1):
            ends = self.at(Hole(row, 1)), self.at(Hole(row, table["columns_n"]))
            for colour, width in [(COPPER, 1.7)] * self.mirrored + [(HOLE, 0.9)]:
                sheet.line(
                    *ends,
                    stroke=colour,
                    stroke_width=width,
                    stroke_linecap="round",
                    stroke_dasharray=f"0 {PITCH_MM}",
                )
        self._names()

    def _names(self) -> None:
        table = self._table
        for column in range(1, table["columns_n"] + 1):
            x, y = self.at(Hole(1, column))
            for at_y in (EDGE_MM + TITLE_MM - 1, EDGE_MM + TITLE_MM + self.height_mm + 2.8):
                self.sheet.text(x, at_y, str(column), 1.5, "middle", fill="#555")
        for row in range(1, table["rows_n"] + 1):
            _, y = self.at(Hole(row, 1))
            for x in (EDGE_MM - 2.5, EDGE_MM + self.width_mm + 2.5):
                self.sheet.text(x, y + 0.7, chr(64 + row), 2, "middle", fill="#555")

    def bare(self, run: Run) -> None:
        self.sheet.line(*map(self.at, run.holes), stroke=TIN, stroke_width=0.9, stroke_linecap="round",
                        stroke_linejoin="round")  # fmt: skip

    def joint(self, hole: Hole) -> None:
        self.sheet.circle(*self.at(hole), 0.95, fill="#c4ccd3", stroke="#6f7880", stroke_width=0.15)

    def text(self, x: float, y: float, text: str, size: float, **style: object) -> None:
        white = {"stroke": "white", "stroke_width": 0.5, "stroke_linejoin": "round", "paint_order": "stroke"}
        self.sheet.text(x, y, text, size, str(style.pop("anchor", "middle")),
                        **{**white, "font_weight": "bold", **style})  # fmt: skip

    def sockets(self) -> None:
        """Two rows of sockets, used pins named."""
        for row, labels in zip(
            socket_rows(self.rig, self.made.board), (self.made.board.right, self.made.board.left)
        ):
            last = self._table["socket_last_column"]
            x, y = self.at(Hole(row, last - len(labels) + 1))
            to_x, _ = self.at(Hole(row, last))
            left = min(x, to_x)
            self.sheet.rect(left - 1.27, y - 1.25, abs(to_x - x) + 2.54, 2.5, 0.3, fill="#1d1d1d")
            for column in range(last - len(labels) + 1, last + 1):
                px, py = self.at(Hole(row, column))
                self.sheet.rect(px - 0.35, py - 0.35, 0.7, 0.7, fill="#777")

    def header(self, name: str) -> None:
        """A white keyed header."""
        holes = self.made.headers[name]
        (x, y), (to_x, to_y) = self.at(holes[0]), self.at(holes[-1])
        left, top = min(x, to_x) - 2.4, min(y, to_y) - 2.4
        wide, high = abs(to_x - x) + 4.8, abs(to_y - y) + 4.8
        self.sheet.rect(left, top, wide, high, 0.4, fill="#f3efe4", stroke="#a9a28c", stroke_width=0.25)
        for hole in holes:
            px, py = self.at(hole)
            self.sheet.rect(px - 0.35, py - 0.35, 0.7, 0.7, fill="#b9a24a")


def photo(rig: Rig, made: Layout) -> str:
    """From above, as it looks with the microcontroller board plugged in."""
    view = View(rig, made, "The finished carrier, from above")
    for run in made.bridges:
        view.sheet.wire(run.colour, *map(view.at, run.holes), width=0.9)
    for run in made.wires:
        view.sheet.wire(run.colour, *map(view.at, run.holes), width=0.9)
    for name in made.headers:
        view.header(name)
    view.sockets()
    for ref in made.legs:
        draw_part(view.sheet, rig, ref, {leg: view.at(at) for leg, at in made.legs[ref].items()})
    _microcontroller(view)
    for ref in made.legs:
        _name_part(view, ref)
    _name_headers(view)
    return view.sheet.svg()


def wires(rig: Rig, made: Layout) -> str:
    """From above without the microcontroller board: parts, bridges and the insulated wires with their names."""
    view = View(rig, made, "Parts and insulated wires, from above")
    for name in made.headers:
        view.header(name)
    view.sockets()
    for ref in made.legs:
        draw_part(view.sheet, rig, ref, {leg: view.at(at) for leg, at in made.legs[ref].items()})
    for run in (*made.bridges, *made.wires):
        view.sheet.wire(run.colour, *map(view.at, run.holes), width=0.9)
        for hole in (run.holes[0], run.holes[-1]):
            view.sheet.circle(*view.at(hole), 0.5, fill="#222")
    for ref in made.legs:
        _name_part(view, ref)
    for run in made.wires:
        x, y = view.at(run.holes[0])
        is_upper = run.holes[0].row < 8
        side, anchor = (1.6, "end") if is_upper else (-4.4, "start")
        view.text(x + 0.6, y + side, run.name, 1.5, anchor=anchor, turn=-90)
    _name_headers(view)
    return view.sheet.svg()


def solder_side(rig: Rig, made: Layout) -> str:
    """From below, turned over sideways: bare wire, and each joint."""
    view = View(rig, made, "Bare wire, from the solder side", mirrored=True)
    for run in made.tracks:
        view.bare(run)
    ends = [*made.sockets.values(), *(hole for holes in made.headers.values() for hole in holes)]
    ends += [hole for legs in made.legs.values() for hole in legs.values()]
    ends += [hole for run in (*made.bridges, *made.wires) for hole in (run.holes[0], run.holes[-1])]
    for hole in ends:
        view.joint(hole)
    _name_nets(view)
    return view.sheet.svg()


def _name_nets(view: View) -> None:
    """Longer nets beside their longest track; pins of headers and of the microcontroller board at the edge."""
    named: set[str] = set()
    for run in sorted(view.made.tracks, key=lambda run: -len(run.steps())):
        steps = run.steps()
        if len(steps) >= 4 and run.net not in named:
            x, y = view.at(steps[len(steps) // 2])
            view.text(x, y - 1.15, run.net, 1.6, fill="#a00")
        named.add(run.net)
    for name, holes in view.made.headers.items():
        for hole, pin in zip(holes, view.rig.connectors[name].pins):
            x, y = view.at(hole)
            if holes[0].column == holes[-1].column:
                is_left = view.mirrored == (hole.column < 15)
                at_x, anchor = (x + 1.5, "start") if is_left else (x - 1.5, "end")
                view.text(at_x, y + 0.5, f"{name} {pin}", 1.3, anchor=anchor)
            else:
                at_y, anchor = (y + 1.4, "end") if hole.row > 12 else (y - 1.4, "start")
                view.text(x + 0.5, at_y, f"{name} {pin}", 1.3, anchor=anchor, turn=-90)
    for pin, hole in view.made.sockets.items():
        x, y = view.at(hole)
        view.text(x + 0.5, y - 1.4, view.made.board.label(pin), 1.4, anchor="start", turn=-90)


def _name_part(view: View, ref: str) -> None:
    """Beside the body, so that bands and marks stay visible."""
    points = [view.at(hole) for hole in view.made.legs[ref].values()]
    x, y = (sum(values) / len(points) for values in zip(*points))
    is_column = abs(points[0][1] - points[-1][1]) > 5
    dx, dy = {"R": (0.0, -3.7), "D": (0.0, -2.5)}.get(ref[0], (0.0, 0.7)) if is_column else (0.0, -1.6)
    dx, dy = {"D5": (0, -4.3), "D6": (0, -3.1), "C1": (0, 5.2), "C2": (-2.6, 0.6), "Q1": (0, -1.6)}.get(
        ref, (dx, dy)
    )
    if len(points) == 2 and not is_column and abs(points[0][0] - points[1][0]) < 3 and ref[0] == "R":
        x, y, dx, dy = *points[0], 3.0, 0.6
    view.text(x + dx, y + dy, ref, 1.9)


def _name_headers(view: View) -> None:
    for name, holes in view.made.headers.items():
        places = [view.at(hole) for hole in holes]
        is_column = holes[0].column == holes[-1].column
        pins = view.rig.connectors[name].pins
        for (x, y), pin in zip(places, pins):
            if is_column:
                view.text(x, y + 0.5, pin.rstrip("123"), 1.4)
            else:
                view.text(x + 0.5, y, pin, 1.4, turn=-90)
        x, y = places[0]
        middle_x = (x + places[-1][0]) / 2
        if is_column:
            at = (
                (x, min(y, places[-1][1]) - 2.8) if holes[0].column < 15 else (x, max(y, places[-1][1]) + 4.6)
            )
        else:
            at = (middle_x, y + 4.5) if holes[0].row > 12 else (middle_x, y - 2.8)
        view.sheet.text(*at, name, 2.2, "middle", font_weight="bold")


def _microcontroller(view: View) -> None:
    """The board on its sockets: its outline, module, USB socket and pin names."""
    board = view.made.board
    upper, lower = socket_rows(view.rig, board)
    last = view.rig.tables["perfboard"]["socket_last_column"]
    to_x, top = view.at(Hole(upper, last))
    _, low = view.at(Hole(lower, last))
    long, wide = board.size_mm
    right, middle = to_x + 2.5, (top + low) / 2
    sheet = view.sheet
    sheet.rect(
        right - long, middle - wide / 2, long, wide, 1, fill="#20242b", stroke="#000", stroke_width=0.3
    )
    sheet.rect(right - long, middle - 9, 25.5, 18, 0.4, fill="#b9bfc6", stroke="#777", stroke_width=0.3)
    sheet.rect(right - long, middle - 9, 6, 18, fill="#2c3038")
    sheet.text(
        right - long + 15,
        middle + 1,
        "ESP32" if board.key == "esp32" else "ESP32-S3",
        3,
        "middle",
        fill="#333",
    )
    sheet.rect(right - 5, middle - 4, 6.5, 8, 0.4, fill="#c9ced4", stroke="#777", stroke_width=0.3)
    sheet.text(right - 9, middle + 0.8, "USB", 2.2, "middle", fill="white")
    for pin in view.made.sockets:
        x, y = view.at(socket(view.rig, board, pin))
        sheet.circle(x, y, 0.6, fill="#d8c060")
        below = y < middle
        sheet.text(x + 0.6, y + (1.4 if below else -1.4), board.label(pin), 1.5, "start" if below else "end",
                   fill="white", turn=90)  # fmt: skip
