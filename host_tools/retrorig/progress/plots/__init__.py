"""Pictures of the answers, one SVG file each."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from retrorig.errors import InputError
from retrorig.progress.day import Day
from retrorig.progress.drag import Drag
from retrorig.progress.drag_days import DragHistory
from retrorig.progress.fatigue import Fatigue
from retrorig.progress.felt import Felt
from retrorig.progress.plots import people, rigs
from retrorig.progress.plots.style import STYLE
from retrorig.progress.profile import Profile
from retrorig.progress.quality_history import GradeHistory
from retrorig.progress.sides import Sides
from retrorig.progress.trend import Trend
from retrorig.writing import replacing

SIZE_INCH = (7.5, 4.2)

_DRAWN: dict[type, Callable[[Figure, Any], None]] = {
    Day: people.day,
    Trend: people.trend,
    Sides: people.sides,
    Felt: people.felt,
    Fatigue: people.fatigue,
    Profile: people.profile,
    GradeHistory: rigs.grades,
    Drag: rigs.drag,
    DragHistory: rigs.drag_history,
}


def draw_figure(found: Any, path: Path) -> None:
    """Draw an answer of any kind into an SVG file; InputError if it can't be written."""
    if path.suffix.lower() != ".svg":
        raise InputError(f"{path} does not end in .svg: the picture is an SVG file.")
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=SIZE_INCH, layout="constrained")
        _DRAWN[type(found)](figure, found)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    with replacing(path) as file:
        file.write(drawn.getvalue())
