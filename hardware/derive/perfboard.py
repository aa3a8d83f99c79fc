"""The carrier on perforated board: what sits in which hole, and which copper joins the holes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from hardware.derive.source import Board, Rig, SourceError

PITCH_MM = 2.54
SUPPLY = {"5V_F": "RD", "3V3": "OG", "GND": "BK"}  # colours of the bridges


class Hole(NamedTuple):
    """Row and column from 1, seen from the parts' side; `W2` is row 23, column 2."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{chr(64 + self.row)}{self.column}"


def hole(text: str) -> Hole:
    return Hole(ord(text[0]) - 64, int(text[1:]))


class Run(NamedTuple):
    """Wire of one net from hole to hole; `colour` of an insulated one, `name` of one that W1 lists."""

    net: str
    holes: tuple[Hole, ...]
    colour: str = ""
    name: str = ""

    def steps(self) -> tuple[Hole, ...]:
        """Every hole that a bare wire passes; SourceError when it leaves rows and columns."""
        passed = [self.holes[0]]
        for start, stop in pairwise(self.holes):
            if start.row != stop.row and start.column != stop.column:
                raise SourceError(f"The track {self.net} from {start} to {stop} runs askew.")
            n = max(abs(stop.row - start.row), abs(stop.column - start.column))
            row, column = (stop.row - start.row) // n, (stop.column - start.column) // n
            passed += [Hole(start.row + i * row, start.column + i * column) for i in range(1, n + 1)]
        return tuple(passed)


@dataclass
class Layout:
    """Names of pins and legs -> holes. Tracks lie on the solder side, bridges and wires on the other."""

    board: Board
    has_large: bool
    sockets: dict[str, Hole] = field(default_factory=dict)  # used pins of the microcontroller board
    headers: dict[str, tuple[Hole, ...]] = field(default_factory=dict)
    legs: dict[str, dict[str, Hole]] = field(default_factory=dict)
    tracks: list[Run] = field(default_factory=list)
    bridges: list[Run] = field(default_factory=list)
    wires: list[Run] = field(default_factory=list)


def layout(rig: Rig, board: Board, has_large: bool = False) -> Layout:
    """The carrier for one microcontroller board, with or without what only a large display needs."""
    table = rig.tables["perfboard"]
    made = Layout(board, has_large)
    made.headers = {
        name: tuple(map(hole, holes))
        for name, holes in table["headers"].items()
        if has_large or name != large_header(rig)
    }
    made.legs = {ref: {leg: hole(at) for leg, at in legs.items()} for ref, legs in table["legs"].items()}
    copper = table["copper"]
    listed = copper["tracks"] + (copper["large"] if has_large else [])
    made.tracks = [Run(net, tuple(map(hole, holes))) for net, *holes in listed]
    made.bridges = [Run(net, tuple(map(hole, holes)), SUPPLY[net]) for net, *holes in copper["bridges"]]
    for wire in carrier_wires(rig, has_large):
        pin = wire.start.pin
        made.sockets[pin] = socket(rig, board, pin)
        beside = _beside(made.sockets[pin])
        made.tracks.append(Run(pin, (made.sockets[pin], beside)))
        made.wires.append(Run(pin, (beside, hole(table["wires"][pin])), wire.colour, pin))
    return made


def large_header(rig: Rig) -> str:
    """The header that only a large display's cable has."""
    (large,) = (cable for cable in rig.cables.values() if cable.instead_of)
    small = {wire.start.connector for wire in rig.cables[large.instead_of].wires}
    (header,) = {wire.start.connector for wire in large.wires} - small
    return header


def carrier_wires(rig: Rig, has_large: bool) -> list:
    """The wires of W1 that are built in."""
    only_large = set(rig.connectors[large_header(rig)].nets) - {"GND"}
    return [wire for wire in rig.cables["W1"].wires if has_large or wire.start.pin not in only_large]


def socket_rows(rig: Rig, board: Board) -> tuple[int, int]:
    """Rows of the right (upper) and the left (lower) header."""
    upper = hole(rig.tables["perfboard"]["upper_row"][board.key] + "1").row
    return upper, upper + round(board.rows_apart_mm / PITCH_MM)


def socket(rig: Rig, board: Board, pin: str) -> Hole:
    """Where a pin of the microcontroller board is: antenna to the left, counted from there."""
    side, number = board.place(pin).split()
    upper, lower = socket_rows(rig, board)
    first = rig.tables["perfboard"]["socket_last_column"] - len(board.left) + 1
    return Hole(upper if side == "right" else lower, first + int(number) - 1)


def _beside(at: Hole) -> Hole:
    """The hole next to a socket's pin, one row below, where its wire begins."""
    return Hole(at.row + 1, at.column)


def length_mm(run: Run) -> float:
    """From hole to hole, as the wire lies."""
    return sum(
        PITCH_MM * ((stop.row - start.row) ** 2 + (stop.column - start.column) ** 2) ** 0.5
        for start, stop in pairwise(run.holes)
    )
