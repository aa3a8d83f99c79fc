"""Plots as SVG text to put inside a page."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from retrorig.measure.samples import Samples

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "retrorig",
    "font.size": 9,
    "axes.grid": True,
    "grid.alpha": 0.3,
}
SPEED_COLOUR = "#1f6f8b"
FORCE_COLOUR = "#b5472f"


def speed_and_force_svg(samples: Samples) -> str:
    """Speed and force over a set's time, one above the other."""
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(7.5, 3.6), layout="constrained")
        speed, force = figure.subplots(2, 1, sharex=True)
        speed.plot(samples.time_s, samples.speed_mps, color=SPEED_COLOUR, linewidth=1)
        speed.set_ylabel("speed, m/s")
        force.plot(samples.time_s, samples.force_n, color=FORCE_COLOUR, linewidth=1)
        force.set_ylabel("force, N")
        force.set_xlabel("time, s")
        if np.isnan(samples.force_n).all():
            force.text(0.5, 0.5, "no force was measured", transform=force.transAxes, ha="center")
        return _svg(figure)


def _svg(figure: Figure) -> str:
    """The drawing without the XML head that a page does not want."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    drawing = text.getvalue()
    return drawing[drawing.index("<svg") :]
