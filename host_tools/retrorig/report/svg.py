"""A matplotlib figure as a piece of a page: small, in the page's own colours and font, and told to screen readers."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from retrorig.extras import require
from retrorig.report.svg_minify import minified

INK, GRID, SPEED, FORCE, POWER, STEPS = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
"""What figures are drawn with; on the page each becomes a colour of the style sheet, which dark mode changes."""

LINES = tuple(f"#0701{number:02x}" for number in range(6))
"""Colours of sets that are drawn over one another."""

_ON_PAGE = {
    INK: "currentColor",
    SPEED: "var(--speed)",
    FORCE: "var(--force)",
    POWER: "var(--power)",
    STEPS: "var(--muted)",
    **{colour: f"var(--line-{number})" for number, colour in enumerate(LINES)},
}

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "retrorig",
    "path.simplify": False,
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.edgecolor": GRID,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.0,
    "xtick.bottom": False,
    "ytick.left": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


def style() -> Any:
    """The context that figures for pages are made and drawn in."""
    matplotlib = require("matplotlib", "report")
    return matplotlib.rc_context(_STYLE)


def inline(figure: Any, name: str, title: str) -> str:
    """The drawing as SVG for a page. `name` tells its ids from other figures', `title` says what it shows."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawing = text.getvalue()
    drawing = minified(drawing[drawing.index("<svg") :], GRID)
    drawing = re.sub(r' id="([^"]*)"', rf' id="{name}-\1"', drawing)
    drawing = re.sub(r'(url\(|href=")#', rf"\1#{name}-", drawing)
    drawing = drawing.replace(f"; fill: {INK}", "")  # the style sheet gives text its colour
    for drawn, shown in _ON_PAGE.items():
        drawing = drawing.replace(drawn, shown)
    view = re.search(r'viewBox="[^"]*"', drawing)
    body = drawing[drawing.index(">") + 1 :]
    head = f'<svg {view[0] if view else ""} role="img" aria-labelledby="{name}-title">'
    return f'{head}<title id="{name}-title">{html.escape(title)}</title>{body}'
