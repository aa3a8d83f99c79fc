"""Sketches of the mounting as SVG: not to scale, so nothing of them comes from rig.toml."""

from __future__ import annotations

WIDTH, HEIGHT = 900, 910
STYLE = (
    "text{font:15px sans-serif} .t{font-weight:bold;font-size:18px}"
    " path,circle,rect{fill:none;stroke:#222;stroke-width:2}"
    " .ground{stroke:#999;stroke-width:4} .belt{stroke:#555;stroke-width:5} .rope{stroke:#b06000;stroke-width:4}"
    " .cell{fill:#cfe3ff} .arm{stroke:#1c6fb8;stroke-width:7} .wheel{fill:#dff0d8} .body{stroke:#888;stroke-width:7}"
    " .slack{stroke:#c00000;stroke-dasharray:7 5} .thin{stroke-width:1}"
)


def svg() -> str:
    """All sketches on one sheet."""
    shapes = [*_treadmill(0), *_sled(340), *_line(660)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    paper = f'<path d="M0 0H{WIDTH}V{HEIGHT}H0Z" style="fill:white;stroke:none"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", ARROW, paper, *shapes, "</svg>", ""])


ARROW = (
    '<defs><marker id="a" markerWidth="9" markerHeight="9" refX="7" refY="4" orient="auto">'
    '<path d="M0 0L8 4L0 8Z" style="fill:#222;stroke:none"/></marker></defs>'
)


def _path(points: str, kind: str = "") -> str:
    return f'<path class="{kind}" d="{points}"/>'


def _circle(x: float, y: float, radius: float, kind: str = "") -> str:
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}"/>'


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{text}</text>'


def _label(x: float, y: float, text: str, to_x: float, to_y: float) -> list[str]:
    """A text with a thin line from its left end to what it names."""
    return [_text(x, y, text), _path(f"M{x - 4} {y - 5}L{to_x} {to_y}", "thin")]


def _arrow(x: float, y: float, length: float, text: str) -> list[str]:
    middle = x + length / 2
    tag = f'<text x="{middle}" y="{y - 8}" text-anchor="middle">{text}</text>'
    return [f'<path d="M{x} {y}h{length}" marker-end="url(#a)"/>', tag]


def _person(x: float, feet_y: float) -> list[str]:
    """Facing left; the belt is at the hips."""
    hip_y = feet_y - 70
    return [
        _circle(x, hip_y - 75, 14, "body"),
        _path(f"M{x} {hip_y - 60}L{x} {hip_y}L{x - 14} {feet_y}M{x} {hip_y}L{x + 24} {feet_y}", "body"),
        _path(f"M{x} {hip_y - 48}L{x - 28} {hip_y - 14}", "body"),
    ]


def _cell(x: float, y: float) -> str:
    return f'<rect class="cell" x="{x}" y="{y - 13}" width="40" height="26"/>'


def _treadmill(y: float) -> list[str]:
    top, low = y + 210, y + 270
    return [
        _text(20, y + 30, "Treadmill, from the side", "t"),
        _path(f"M140 {top}H700", "belt"), _path(f"M140 {low}H700", "belt"),
        _circle(140, y + 240, 30), _circle(700, y + 240, 30), _circle(140, y + 240, 4), _circle(700, y + 240, 4),
        _path(f"M70 {y + 320}V{y + 100}M40 {y + 320}H100"), _path(f"M70 {y + 140}H110M150 {y + 140}H436", "rope"),
        _cell(110, y + 140), *_person(436, top - 2), *_arrow(480, y + 110, 110, "walks backward"),
        *_arrow(560, y + 235, -90, "belt on top"),
        _path(f"M470 {y + 312}L400 {y + 297}", "arm"), _circle(400, low + 27, 24, "wheel"), _circle(400, low + 27, 4),
        _path(f"M455 {y + 322}H490M470 {y + 322}V{y + 306}"),
        *_label(520, y + 312, "foot on the frame", 482, y + 314),
        _text(84, y + 305, "measuring wheel, encoder behind it"),
        _path(f"M358 {y + 300}H375", "thin"),
        *_label(690, y + 180, "or: encoder on the axle", 702, y + 234),
        *_label(170, y + 106, "load cell at the fixed end", 132, y + 126),
        _text(85, y + 90, "post"),
    ]  # fmt: skip


def _sled(y: float) -> list[str]:
    ground = y + 250
    return [
        _text(20, y + 30, "Sled, from the side", "t"),
        _path(f"M20 {ground}H880", "ground"),
        _path(f"M190 {ground - 4}H400L420 {ground - 24}M220 {ground - 4}V{ground - 40}M380 {ground - 4}V{ground - 40}"),
        f'<rect x="210" y="{ground - 70}" width="180" height="30"/>', _text(270, ground - 49, "weight"),
        _path(f"M380 {ground - 40}L420 {ground - 46}M460 {ground - 51}L640 {ground - 72}", "rope"),
        f'<g transform="rotate(-7 440 {ground - 48})">{_cell(420, ground - 48)}</g>',
        *_person(640, ground - 4), *_arrow(680, y + 130, 120, "walks backward"),
        _path(f"M220 {ground - 44}L110 {ground - 26}", "arm"), _circle(110, ground - 26, 25, "wheel"),
        _circle(110, ground - 26, 4), _path(f"M160 {ground - 34}L194 {ground - 6}", "slack"),
        *_label(130, y + 160, "measuring wheel trails", 108, ground - 44),
        *_label(188, y + 290, "spring pulls the arm down: 5 to 10 N", 178, ground - 18),
        *_label(510, y + 290, "load cell at the sled; rope under 8°", 442, ground - 34),
    ]  # fmt: skip


def _line(y: float) -> list[str]:
    axis = y + 130
    return [
        _text(20, y + 30, "Load cell in the drag line, from above", "t"),
        _path(f"M60 {axis - 50}V{axis + 50}"),
        _path(f"M60 {axis}H110"), _circle(124, axis, 16), _path(f"M140 {axis}H200"), _circle(212, axis, 12),
        _path(f"M224 {axis}H300"), f'<rect class="cell" x="300" y="{axis - 36}" width="110" height="72"/>',
        _path(f"M410 {axis}H486"), _circle(498, axis, 12), _path(f"M510 {axis}H556"), _circle(572, axis, 16),
        _path(f"M588 {axis}H860", "rope"),
        _path(f"M124 {axis + 16}C180 {axis + 130} 500 {axis + 130} 572 {axis + 16}", "slack"),
        _path(f"M355 {axis - 36}C355 {axis - 80} 380 {axis - 72} 430 {axis - 72}", "thin"),
        _text(332, axis + 6, "cell"), _text(640, axis - 14, "rope to the athlete"),
        *_label(150, axis - 40, "shackle", 128, axis - 18), *_label(225, axis - 34, "eye bolt", 216, axis - 14),
        *_label(590, axis + 80, "safety strop: slack, 3 cm longer,", 508, axis + 74),
        _text(590, axis + 100, "carries only after a break"),
        _text(436, axis - 67, "cable, tied with a loop"), _text(20, axis + 80, "post or sled"),
    ]  # fmt: skip
