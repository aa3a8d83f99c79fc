"""What the pictures have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

BLUE, RED, GREY, GREEN, AMBER = "#1f6f8b", "#b5472f", "#8a8a8a", "#4a7c59", "#c58b2a"
STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "retrorig",
    "font.size": 9,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.axisbelow": True,
}


def bars(axis: Axes, place: np.ndarray, values: list[float | None], colour: str, label: str) -> None:
    """A bar for each value; none where it is not known."""
    axis.bar(place, [0.0 if value is None else value for value in values], color=colour)
    axis.set_ylabel(label)
