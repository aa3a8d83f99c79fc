"""The box to print: a tub with its openings and a lid with a lip.

`make cad` writes both as STEP and STL. Sizes and openings are those of the drilling pages (hardware/derive/box.py),
from hardware/rig.toml, in millimetres. Origin: the box's lower left outside corner, seen from the lid; z goes up from
the floor.
"""

from __future__ import annotations

from pathlib import Path

from build123d import Align, Box, Cylinder, Location, Part, Pos, Rot, export_step, export_stl
from hardware.derive.box import Opening, openings
from hardware.derive.source import load

HERE = Path(__file__).resolve().parent
CORNER = (Align.MIN, Align.MIN, Align.MIN)
COARSENESS_MM, COARSENESS_RAD = 0.05, 0.25
DATE = "2026-01-01T00:00:00"  # in the STEP file's head: the same source makes the same file
POST_MM, POST_BORE_MM = 7.0, 2.5  # for M3 screws into plastic


def tub(box: dict, holes: list[Opening]) -> Part:
    """Floor and four walls, with posts for the carrier."""
    wide, high, deep = box["outer_mm"]
    wall = box["wall_mm"]
    body = Box(wide, high, deep - wall, align=CORNER)
    body -= Pos(wall, wall, wall) * Box(wide - 2 * wall, high - 2 * wall, deep, align=CORNER)
    for hole in holes:
        if hole.what == "CAR":
            body += Pos(*hole.at, 0) * _cylinder(POST_MM, wall + box["standoff_mm"])
            body -= Pos(*hole.at, wall) * _cylinder(POST_BORE_MM, deep)
        elif hole.face != "lid":
            body -= _place(hole, wide) * _cutter(hole)
    return body


def lid(box: dict, holes: list[Opening]) -> Part:
    """A plate with the openings and a lip that fits the tub; outside up."""
    wide, high, _ = box["outer_mm"]
    wall, lip, play = box["wall_mm"], box["lid_lip_mm"], box["play_mm"]
    inset = wall + play
    body = Pos(0, 0, lip) * Box(wide, high, wall, align=CORNER)
    rim = Box(wide - 2 * inset, high - 2 * inset, lip, align=CORNER)
    rim -= Pos(wall, wall, 0) * Box(wide - 2 * (inset + wall), high - 2 * (inset + wall), lip, align=CORNER)
    body += Pos(inset, inset, 0) * rim
    for hole in holes:
        if hole.face == "lid":
            body -= Pos(*hole.at, lip) * _cutter(hole)
    return body


def _cylinder(diameter: float, height: float) -> Part:
    return Cylinder(diameter / 2, height, align=(Align.CENTER, Align.CENTER, Align.MIN))


def _cutter(hole: Opening) -> Part:
    """Through any wall, along z, about its middle."""
    return Cylinder(hole.d / 2, 30) if hole.d else Box(*hole.size, 30)


def _place(hole: Opening, wide: float) -> Location:
    """From a face's own two axes to the box's three."""
    x, y = hole.at
    return {
        "floor": Pos(x, y, 0),
        "bottom": Pos(x, 0, y) * Rot(90, 0, 0),
        "right": Pos(wide, x, y) * Rot(0, 0, 90) * Rot(90, 0, 0),
    }[hole.face]


def main() -> None:
    rig = load()
    box, holes = rig.tables["box"], openings(rig)
    for name, part in (("box", tub(box, holes)), ("lid", lid(box, holes))):
        part.label = name
        export_step(part, HERE / f"{name}.step", timestamp=DATE)
        export_stl(part, HERE / f"{name}.stl", tolerance=COARSENESS_MM, angular_tolerance=COARSENESS_RAD)


if __name__ == "__main__":
    main()
