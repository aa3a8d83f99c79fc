"""The swing arm that presses the measuring wheel on belt or ground, and the foot it turns on.

`make cad` writes both as STEP (to change) and STL (to print), and a picture of them together. All dimensions are in
hardware/rig.toml, table `bracket`, in millimetres. Origin of the arm: the pivot; the encoder sits on the +x end.
Origin of the foot: the middle of its underside; the pivot runs along y.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace

from build123d import (
    Align,
    Axis,
    Box,
    Compound,
    Cylinder,
    ExportSVG,
    Locations,
    Part,
    PolarLocations,
    Pos,
    RegularPolygon,
    Rot,
    SlotOverall,
    chamfer,
    export_step,
    export_stl,
    extrude,
)

HERE = Path(__file__).resolve().parent
FILES = ("arm", "foot")
COARSENESS_MM = 0.05  # of the STL's facets: finer than any printer's nozzle
COARSENESS_RAD = 0.25
EDGE_MM = 0.8
ENCODER_MM = (40.0, 39.0)  # Omron E6B2: diameter, length of the body
WHEEL_MM = (79.6, 12.0)  # circumference 250
DATE = "2026-01-01T00:00:00"  # in the STEP file's head: the same source makes the same file
FLOOR = (Align.CENTER, Align.CENTER, Align.MIN)


def arm(d: SimpleNamespace) -> Part:
    """A flat arm: an eye for the pivot, a round head with collar hole and three slots for the encoder's screws."""
    head, eye = Pos(d.arm_mm, 0), Pos(0, 0)
    body = head * Cylinder(d.head_mm / 2, d.plate_mm, align=FLOOR)
    body += eye * Cylinder(d.pivot_eye_mm / 2, d.plate_mm, align=FLOOR)
    body += Pos(d.arm_mm / 2, 0) * Box(d.arm_mm, d.pivot_eye_mm, d.plate_mm, align=FLOOR)
    body = chamfer(body.edges().group_by(Axis.Z)[-1], EDGE_MM)
    body -= head * _through(d.boss_mm, d)
    body -= eye * _through(d.pivot_mm, d)
    body -= Pos(d.spring_at_mm, 0) * _through(d.spring_hole_mm, d)
    length_mm = (d.slot_to_mm - d.slot_from_mm) / 2 + d.slot_width_mm
    for place in PolarLocations((d.slot_from_mm + d.slot_to_mm) / 4, 3):
        body -= head * place * extrude(SlotOverall(length_mm, d.slot_width_mm), 2 * d.plate_mm, both=True)
    return body


def foot(d: SimpleNamespace) -> Part:
    """A plate with two slots for M6 screws and an upright ear that carries the pivot."""
    body = Box(d.foot_length_mm, d.foot_depth_mm, d.plate_mm, align=FLOOR)
    ear_y = (d.foot_depth_mm - d.plate_mm) / 2
    body += Pos(0, ear_y) * Box(d.pivot_eye_mm, d.plate_mm, d.foot_height_mm, align=FLOOR)
    pivot = Pos(0, ear_y, d.foot_height_mm) * Rot(90, 0, 0)
    body += pivot * Cylinder(d.pivot_eye_mm / 2, d.plate_mm)
    body -= pivot * Cylinder(d.pivot_mm / 2, 2 * d.plate_mm)
    slot = extrude(SlotOverall(d.foot_slot_length_mm, d.foot_slot_width_mm), 2 * d.plate_mm, both=True)
    for place in Locations(
        (-d.foot_length_mm / 4 - 5, -d.plate_mm / 2), (d.foot_length_mm / 4 + 5, -d.plate_mm / 2)
    ):
        body -= place * slot
    return body


def picture(arm_part: Part, foot_part: Part, d: SimpleNamespace, path: Path) -> None:
    """Line drawing of the arm beside the foot's ear, with bolt, encoder and measuring wheel in their places."""
    beside = Pos(0, d.foot_depth_mm / 2 + 0.5, d.foot_height_mm) * Rot(0, 20, 0) * Rot(-90, 0, 0)
    bolted = [foot_part, *(beside * part for part in (arm_part, *_bought(d)))]
    visible, _ = Compound(bolted).project_to_viewport((200, 300, 200))
    drawing = ExportSVG(scale=2, margin=4)
    drawing.add_layer("visible", line_weight=0.35)
    drawing.add_shape(visible, layer="visible")
    drawing.write(path)
    drawn = path.read_text(encoding="utf-8").replace("<svg ", '<svg style="background:white" ', 1)
    path.write_text(drawn, encoding="utf-8")  # black lines must show on a dark page too


def _bought(d: SimpleNamespace) -> list[Part]:
    """What is bolted to the arm, roughly, in the arm's place: bolt head, encoder, its shaft and the wheel."""
    head, plate = Pos(d.arm_mm, 0), d.plate_mm
    return [
        extrude(Pos(0, 0, plate) * RegularPolygon(7.5, 6), 5.5),  # M8
        head * Pos(0, 0, -ENCODER_MM[1]) * Cylinder(ENCODER_MM[0] / 2, ENCODER_MM[1], align=FLOOR),
        head * Pos(0, 0, plate) * Cylinder(3, 10, align=FLOOR),
        head * Pos(0, 0, plate + 4) * (Cylinder(WHEEL_MM[0] / 2, WHEEL_MM[1], align=FLOOR) - Cylinder(3, 60)),
    ]


def _through(diameter_mm: float, d: SimpleNamespace) -> Part:
    return Cylinder(diameter_mm / 2, 4 * d.plate_mm)


def main() -> None:
    dimensions = SimpleNamespace(
        **tomllib.loads((HERE.parent / "rig.toml").read_text(encoding="utf-8"))["bracket"]
    )
    parts = [make(dimensions) for make in (arm, foot)]
    picture(*parts, dimensions, HERE / "bracket.svg")
    for name, part in zip(FILES, parts, strict=True):
        part.label = name
        export_step(part, HERE / f"{name}.step", timestamp=DATE)
        export_stl(part, HERE / f"{name}.stl", tolerance=COARSENESS_MM, angular_tolerance=COARSENESS_RAD)


if __name__ == "__main__":
    main()
