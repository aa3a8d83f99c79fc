"""Sketches of the mounting, from the side and roughly to scale: box and panel, the line of sight, the cables' way."""

from __future__ import annotations

import math
from typing import Any

from hardware.derive.source import Rig
from hardware.derive.svg import Sheet

PX_PER_MM = 0.1
WIDE, HIGH = 900.0, 360.0
GROUND = 335.0
ROPE, CABLE, BODY = "#b06000", "#1a8f3c", "#777"
HIP_MM, SHOULDER_MM, TOP_MM, REACH_MM = 900.0, 1400.0, 1700.0, 300.0


def look_down_deg(table: dict[str, Any], place: str, eye_mm: float) -> float:
    """How far below the level line the panel lies for an eye at a height above the ground or belt."""
    return math.degrees(math.atan((eye_mm - table[f"panel_{place}_mm"]) / 1000 / table[f"{place}_from_m"]))


class Scene:
    """A sheet with ground and a person who faces left and walks backward, to the right."""

    def __init__(self, rig: Rig, place: str, title: str, eye_x: float, floor: float = GROUND) -> None:
        self.table, self.place, self.floor, self.eye_x = rig.tables["mounting"], place, floor, eye_x
        self.sheet = Sheet(WIDE, HIGH, shown_px=WIDE)
        self.cables_m: list[float] = []  # the encoder's first
        self.sheet.text(20, 32, title, 20, font_weight="bold")
        self.sheet.line((10, GROUND), (WIDE - 10, GROUND), stroke="#999", stroke_width=4)
        self.person()

    def y(self, mm: float) -> float:
        """Height on the sheet of what is so far above the belt or ground."""
        return self.floor - mm * PX_PER_MM

    @property
    def panel(self) -> tuple[float, float]:
        """Where the panel is, at its height and as far from the eye as the source says."""
        return (
            self.eye_x - 1000 * self.table[f"{self.place}_from_m"] * PX_PER_MM,
            self.y(self.table[f"panel_{self.place}_mm"]),
        )

    def person(self) -> None:
        x, sheet, limb = (
            self.eye_x + 8,
            self.sheet,
            {"stroke": BODY, "stroke_width": 7, "stroke_linecap": "round"},
        )
        sheet.circle(x, self.y(self.table["eye_mm"]), 13, fill="none", stroke=BODY, stroke_width=6)
        sheet.line((x, self.y(SHOULDER_MM)), (x, self.y(HIP_MM)), (x - 16, self.y(30)), **limb)
        sheet.line((x, self.y(HIP_MM)), (x + 26, self.y(30)), **limb)
        sheet.line((x, self.y(SHOULDER_MM - 50)), (x - 30, self.y(1050)), **limb)
        self.arrow(x + 34, self.y(1250), 90, "walks back")

    def sight(self) -> None:
        """Box with panel, and the line from the eye to it with its angle and height."""
        (x, y), sheet = self.panel, self.sheet
        angle = look_down_deg(self.table, self.place, self.table["eye_mm"])
        eye_y = self.y(self.table["eye_mm"])
        sheet.line(
            (self.eye_x - 8, eye_y), (x + 10, y), stroke="#06c", stroke_width=1.5, stroke_dasharray="7 5"
        )
        sheet.rect(x - 6, y - 9, 12, 18, 2, fill="#cfe3ff", stroke="#222", stroke_width=2,
                   transform=f"rotate({angle:.1f} {x:.1f} {y:.1f})")  # fmt: skip
        middle = (x + self.eye_x) / 2
        said = f"{self.table[f'{self.place}_from_m']:g} m, {angle:.0f}° down"
        sheet.text(middle, min(eye_y, y) - 14, said, 15, "middle", fill="#06c")
        height = self.table[f"panel_{self.place}_mm"] / 1000
        self.label(x - 20, y - 16, f"box: panel {height:.2f} m up", "end")

    def cable(self, *points: tuple[float, float]) -> None:
        """A cable with its ties."""
        away = sum(math.dist(one, other) for one, other in zip(points, points[1:]))
        self.cables_m.append(away / PX_PER_MM / 1000)
        self.sheet.line(*points, stroke=CABLE, stroke_width=3, stroke_linejoin="round")
        for (x, y), (to_x, to_y) in zip(points, points[1:]):
            n = max(1, round(math.dist((x, y), (to_x, to_y)) / PX_PER_MM / 200))
            for i in range(n + 1):
                self.sheet.circle(x + (to_x - x) * i / n, y + (to_y - y) * i / n, 2.6, fill=CABLE)

    def cell(self, x: float, y: float, rope_to_x: float) -> None:
        """Load cell at the fixed end, rope to the athlete's belt."""
        self.sheet.line((x, y), (rope_to_x, self.y(HIP_MM)), stroke=ROPE, stroke_width=4)
        self.sheet.rect(x + 8, y - 9, 34, 18, 2, fill="#ffe0b0", stroke="#222", stroke_width=2)

    def wheel(self, x: float, y: float, foot: tuple[float, float]) -> None:
        """Measuring wheel with the encoder, on its arm."""
        self.sheet.line(foot, (x, y), stroke="#1c6fb8", stroke_width=6)
        self.sheet.circle(x, y, 9, fill="#dff0d8", stroke="#222", stroke_width=2)
        self.sheet.circle(x, y, 2.5, fill="#222")

    def label(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.sheet.text(x, y, text, 15, anchor)

    def arrow(self, x: float, y: float, length: float, text: str) -> None:
        head = 8 if length > 0 else -8
        self.sheet.line((x, y), (x + length, y), stroke_width=2)
        self.sheet.line(
            (x + length - head, y - 5), (x + length, y), (x + length - head, y + 5), stroke_width=2
        )
        self.label(x + length / 2, y - 8, text, "middle")

    def post(self, x: float, top_mm: float) -> None:
        self.sheet.line((x, self.y(top_mm)), (x, GROUND), stroke="#555", stroke_width=9)
        self.sheet.line((x - 32, GROUND - 2), (x + 32, GROUND - 2), stroke="#555", stroke_width=8)

    def deck(self, left: float, right: float) -> None:
        """A treadmill's belt over two rollers."""
        for x in (left, right):
            self.sheet.circle(x, self.floor + 16, 16, fill="white", stroke="#222", stroke_width=2)
        for y in (self.floor, self.floor + 32):
            self.sheet.line((left, y), (right, y), stroke="#333", stroke_width=4)
        self.arrow(right - 20, self.floor + 22, -70, "")
        self.label(right - 16, self.floor + 20, "belt", "end")


def treadmill(rig: Rig) -> Scene:
    """Box on the frame's upright; one faces the upright and holds no rail."""
    scene = Scene(
        rig,
        "treadmill",
        "Treadmill with an upright: box on the upright, not on the console",
        400,
        GROUND - 56,
    )
    x, y = scene.panel
    upright = x - 12
    scene.deck(upright + 22, 590)
    scene.sheet.line((upright, scene.y(1600)), (upright, GROUND), stroke="#555", stroke_width=9)
    scene.sheet.line((upright, GROUND - 4), (600, GROUND - 4), stroke="#555", stroke_width=6)
    scene.cell(upright, scene.y(950), scene.eye_x + 8)
    scene.wheel(330, scene.floor + 40, (375, GROUND - 6))
    scene.cable((330, scene.floor + 40), (375, GROUND - 8), (upright - 8, GROUND - 8), (upright - 8, y + 9))
    scene.cable((upright + 8, scene.y(950)), (upright - 8, scene.y(950)), (upright - 8, y + 9))
    scene.sight()
    scene.label(608, scene.floor + 14, "measuring wheel on the returning")
    scene.label(608, scene.floor + 34, "belt, near the upright")
    _legend(scene, "W3 from the encoder and W6 from the cell run along the frame, tied every 20 cm")
    scene.label(upright - 20, scene.y(930), "load cell", "end")
    return scene


def sled(rig: Rig) -> Scene:
    """Box on a mast, tilted up towards the athlete, who faces the sled."""
    scene = Scene(rig, "sled", "Sled: box on a mast, tilted up; 5 m of rope", 750)
    x, y = scene.panel
    mast = x - 12
    scene.sheet.line(
        (mast - 60, GROUND - 5),
        (mast + 70, GROUND - 5),
        (mast + 86, GROUND - 22),
        stroke="#333",
        stroke_width=6,
    )
    scene.sheet.rect(mast - 52, GROUND - 50, 40, 42, fill="#ddd", stroke="#222", stroke_width=2)
    scene.label(mast - 32, GROUND - 24, "load", "middle")
    scene.sheet.line((mast, GROUND - 6), (mast, y), stroke="#555", stroke_width=7)
    scene.cell(mast + 76, GROUND - 26, scene.eye_x + 8)
    scene.wheel(mast - 120, GROUND - 12, (mast - 60, GROUND - 14))
    scene.cable(
        (mast - 120, GROUND - 12), (mast - 60, GROUND - 14), (mast - 7, GROUND - 10), (mast - 7, y + 9)
    )
    scene.cable(
        (mast + 84, GROUND - 26), (mast + 60, GROUND - 10), (mast + 7, GROUND - 10), (mast + 7, y + 9)
    )
    scene.sight()
    scene.label(mast - 64, GROUND - 60, "wheel trails", "end")
    scene.label(mast + 130, GROUND - 12, "load cell at the sled")
    _legend(scene, "both cables run along sled and mast, a loop at the arm's pivot")
    return scene


def post(rig: Rig) -> Scene:
    """A deck without uprights, or an anchor in a wall: cell and box on the same post."""
    scene = Scene(
        rig, "post", "Post in front of a deck without uprights: box and cell on the post", 500, GROUND - 56
    )
    x, y = scene.panel
    stem = x - 12
    scene.post(stem, 1550)
    scene.deck(330, 690)
    scene.sheet.line((320, GROUND - 4), (700, GROUND - 4), stroke="#555", stroke_width=6)
    scene.cell(stem, scene.y(950), scene.eye_x + 8)
    scene.wheel(395, scene.floor + 40, (440, GROUND - 6))
    floor = [(320, GROUND - 8), (stem + 40, GROUND + 2), (stem - 8, GROUND - 8)]
    scene.cable((395, scene.floor + 40), (440, GROUND - 8), *floor, (stem - 8, y + 9))
    scene.cable((stem + 8, scene.y(950)), (stem - 8, scene.y(950)), (stem - 8, y + 9))
    scene.sheet.rect(stem + 50, GROUND - 8, 60, 9, 3, fill="#f2c500", stroke="#222", stroke_width=1.5)
    scene.sight()
    scene.label(stem - 20, scene.y(930), "load cell", "end")
    scene.label(stem + 16, GROUND - 18, "cable bridge")
    _legend(scene, "the only cable on the floor lies in a bridge, on the side where nobody walks")
    return scene


def line() -> str:
    """The load cell in the drag line, from above."""
    sheet, axis = Sheet(WIDE, 240, shown_px=WIDE), 130.0
    sheet.text(20, 32, "Load cell in the drag line, from above", 20, font_weight="bold")
    thick = {"stroke_width": 3}
    sheet.line((60, axis - 50), (60, axis + 50), **thick)
    for x, to_x in ((60, 110), (140, 200), (224, 300), (410, 486), (510, 556)):
        sheet.line((x, axis), (to_x, axis), **thick)
    for x, radius in ((124, 16), (212, 12), (498, 12), (572, 16)):
        sheet.circle(x, axis, radius, fill="none", stroke="#222", **thick)
    sheet.rect(300, axis - 36, 110, 72, 3, fill="#ffe0b0", stroke="#222", **thick)
    sheet.line((588, axis), (860, axis), stroke=ROPE, stroke_width=5)
    sheet.path(f"M124 {axis + 16}C180 {axis + 110} 500 {axis + 110} 572 {axis + 16}", stroke="#c00000", stroke_width=3,
               stroke_dasharray="7 5")  # fmt: skip
    sheet.path(
        f"M355 {axis - 36}C355 {axis - 76} 380 {axis - 68} 430 {axis - 68}", stroke=CABLE, stroke_width=3
    )
    for x, y, text in (
        (355, axis + 6, "cell"), (720, axis - 14, "rope to the athlete"), (150, axis - 36, "shackle"),
        (235, axis - 22, "eye bolt"), (720, axis + 76, "safety strop: slack, 3 cm longer,"),
        (720, axis + 95, "carries only after a break"), (530, axis - 63, "cable, tied with a loop"),
        (70, axis + 76, "post or sled"),
    ):  # fmt: skip
        sheet.text(x, y, text, 15, "middle")
    return sheet.svg()


def _legend(scene: Scene, text: str) -> None:
    scene.sheet.line((20, 62), (60, 62), stroke=CABLE, stroke_width=3)
    for x in (20, 40, 60):
        scene.sheet.circle(x, 62, 2.6, fill=CABLE)
    scene.label(72, 67, text)


SCENES = {"treadmill": treadmill, "sled": sled, "post": post}
