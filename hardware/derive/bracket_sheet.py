"""The bracket's arm and foot with their dimensions, full size on A4."""

from __future__ import annotations

from hardware.derive.source import Rig
from hardware.derive.svg import Sheet

A4_MM = (297.0, 210.0)
LINE = {"stroke": "#222", "stroke_width": 0.4}
THIN = {"stroke": "#888", "stroke_width": 0.15, "stroke_dasharray": "3 1 0.6 1"}
TEXT = 3.2


def picture(rig: Rig) -> str:
    d = rig.tables["bracket"]
    sheet = Sheet(*A4_MM)
    sheet.text(16, 14, "retrorig bracket: arm and foot, full size (1:1), millimetres", 5, font_weight="bold")
    _arm(sheet, d, 50, 62)
    _arm_edge(sheet, d, 50, 108)
    _foot_front(sheet, d, 70, 190)
    _foot_top(sheet, d, 200, 150)
    sheet.scale_bar(150, 194)
    return sheet.svg()


def _hole(sheet: Sheet, x: float, y: float, diameter: float) -> None:
    sheet.circle(x, y, diameter / 2, fill="white", **LINE)
    reach = diameter / 2 + 2
    sheet.line((x - reach, y), (x + reach, y), **THIN)
    sheet.line((x, y - reach), (x, y + reach), **THIN)


def _arm(sheet: Sheet, d: dict, x: float, y: float) -> None:
    """From above: pivot left, encoder right."""
    head, eye, long = d["head_mm"] / 2, d["pivot_eye_mm"] / 2, d["arm_mm"]
    meet = (head**2 - eye**2) ** 0.5
    sheet.path(
        f"M{x} {y - eye}H{x + long - meet:.3f}A{head} {head} 0 1 1 {x + long - meet:.3f} {y + eye}H{x}"
        f"A{eye} {eye} 0 0 1 {x} {y - eye}Z", **{**LINE, "fill": "#f2f5fa"},
    )  # fmt: skip
    _hole(sheet, x, y, d["pivot_mm"])
    _hole(sheet, x + d["spring_at_mm"], y, d["spring_hole_mm"])
    _hole(sheet, x + long, y, d["boss_mm"])
    middle, length = (d["slot_from_mm"] + d["slot_to_mm"]) / 4, (d["slot_to_mm"] - d["slot_from_mm"]) / 2
    width = d["slot_width_mm"]
    for turn in (0, 120, 240):
        sheet.rect(x + long + middle - (length + width) / 2, y - width / 2, length + width, width, width / 2,
                   fill="white", transform=f"rotate({turn} {x + long} {y})", **LINE)  # fmt: skip
    sheet.text(x + d["spring_at_mm"], y - 4.5, f"spring Ø {d['spring_hole_mm']:g}", TEXT, "middle")
    sheet.text(x - 16, y - 15, f"pivot Ø {d['pivot_mm']:g}, eye Ø {d['pivot_eye_mm']:g}", TEXT)
    circles = f"circles of Ø {d['slot_from_mm']:g} to {d['slot_to_mm']:g}"
    note = f"boss Ø {d['boss_mm']:g}; three slots {width:g} wide for M3 on {circles}"
    sheet.text(x + long - 70, y - head - 5, note, TEXT)
    sheet.dimension((x, y + 20), (x + d["spring_at_mm"], y + 20), f"{d['spring_at_mm']:g}", TEXT)
    sheet.dimension((x, y + 31), (x + long, y + 31), f"{long:g}", TEXT)
    sheet.dimension(
        (x + long + head + 8, y - head), (x + long + head + 8, y + head), f"{d['head_mm']:g}", TEXT
    )


def _arm_edge(sheet: Sheet, d: dict, x: float, y: float) -> None:
    """From the side: a plate."""
    left, right = x - d["pivot_eye_mm"] / 2, x + d["arm_mm"] + d["head_mm"] / 2
    sheet.rect(left, y, right - left, d["plate_mm"], fill="#f2f5fa", **LINE)
    sheet.dimension((right + 8, y), (right + 8, y + d["plate_mm"]), f"{d['plate_mm']:g}", TEXT)
    sheet.text(left, y - 3, "arm, from the side", TEXT)


def _foot_front(sheet: Sheet, d: dict, x: float, y: float) -> None:
    """`y`: its underside."""
    half, eye, high, plate = (
        d["foot_length_mm"] / 2,
        d["pivot_eye_mm"] / 2,
        d["foot_height_mm"],
        d["plate_mm"],
    )
    sheet.path(
        f"M{x - half} {y}V{y - plate}H{x - eye}V{y - high}A{eye} {eye} 0 0 1 {x + eye} {y - high}"
        f"V{y - plate}H{x + half}V{y}Z",
        **{**LINE, "fill": "#f2f5fa"},
    )
    _hole(sheet, x, y - high, d["pivot_mm"])
    sheet.text(x + eye + 4, y - high - 3, f"pivot Ø {d['pivot_mm']:g}", TEXT)
    sheet.text(x - half, y - high - eye - 4, "foot, from the front", TEXT)
    sheet.dimension((x - half, y + 9), (x + half, y + 9), f"{d['foot_length_mm']:g}", TEXT)
    sheet.dimension((x - half - 8, y - high), (x - half - 8, y), f"{high:g}", TEXT)
    sheet.dimension((x + half + 8, y - plate), (x + half + 8, y), f"{plate:g}", TEXT)


def _foot_top(sheet: Sheet, d: dict, x: float, y: float) -> None:
    """From above, the ear at the upper edge; `x`, `y`: its middle."""
    half, deep, plate = d["foot_length_mm"] / 2, d["foot_depth_mm"] / 2, d["plate_mm"]
    sheet.rect(x - half, y - deep, 2 * half, 2 * deep, fill="#f2f5fa", **LINE)
    sheet.rect(x - d["pivot_eye_mm"] / 2, y - deep, d["pivot_eye_mm"], plate, fill="#dde5f0", **LINE)
    away = d["foot_length_mm"] / 4 + 5
    for side in (-away, away):
        sheet.rect(x + side - d["foot_slot_length_mm"] / 2, y + plate / 2 - d["foot_slot_width_mm"] / 2,
                   d["foot_slot_length_mm"], d["foot_slot_width_mm"], d["foot_slot_width_mm"] / 2, fill="white",
                   **LINE)  # fmt: skip
    sheet.text(x - half, y - deep - 4, "foot, from above", TEXT)
    sheet.text(
        x - half,
        y + deep + 18,
        f"two slots {d['foot_slot_length_mm']:g} x {d['foot_slot_width_mm']:g} for M6",
        TEXT,
    )
    sheet.dimension((x - away, y + deep + 9), (x + away, y + deep + 9), f"{2 * away:g}", TEXT)
    sheet.dimension((x + half + 8, y - deep), (x + half + 8, y + deep), f"{d['foot_depth_mm']:g}", TEXT)
