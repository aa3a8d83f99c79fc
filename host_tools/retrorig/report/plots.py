"""The pictures of a report: one set's speed, force and power; several sets over one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from retrorig.extras import require
from retrorig.measure.sample_table import Drawn
from retrorig.report.decimate import averages, decimated
from retrorig.report.svg import FORCE, INK, LINES, POWER, SPEED, STEPS, inline, style
from retrorig.report.units import SI, Units

Floats = NDArray[np.float64]
Along = Literal["time", "distance"]

AXIS = {"time": ("time", "s"), "distance": ("backward distance", "m")}
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)))
"""Sets that share a colour differ in their line."""

LEAST_SPAN = 6.0
"""Newtons or watts that an axis shows at least: force is known to 3 N, and the noise of a slack line is no pull."""

_ROWS: tuple[tuple[str, str, str, Callable[[Drawn], Floats], float], ...] = (
    ("speed", "m/s", SPEED, lambda samples: samples.speed_mps, 0.0),
    ("force", "N", FORCE, lambda samples: samples.smooth_n, LEAST_SPAN),
    ("power", "W", POWER, lambda samples: samples.smooth_n * samples.speed_mps, LEAST_SPAN),
)
_UNIT = {"speed": "m/s", "force": "N"}
_WIDTH_IN = 4.8
_STRETCHES_N = 60


class SetPlots:
    """Draws sets one after the other into one figure, which is a good deal quicker than a new figure each.

    A plot shows filtered speed, force and power, one above the other, with a stroke at each step.
    """

    def __init__(self, points_n: int, units: Units = SI) -> None:
        """points_n: points of a line, at most."""
        self._points_n, self._units = points_n, units
        with style():
            self._figure, self._panels = _figure(4.6, len(_ROWS))
            self._lines = [
                panel.plot([], [], color=row[2])[0] for panel, row in zip(self._panels, _ROWS, strict=True)
            ]
            self._blanks = [_blank(panel) for panel in self._panels]
            upper = self._panels[1].get_xaxis_transform()
            (self._steps,) = self._panels[1].plot([], [], transform=upper, color=STEPS, clip_on=False)
            for panel, row in zip(self._panels, _ROWS, strict=True):
                panel.set_ylabel(_label(row[0], row[1], units))

    def draw(self, samples: Drawn, steps_s: Floats, along: Along, name: str, title: str) -> str:
        """One set as SVG; see inline() for name and title."""
        x = _axis(samples, along, self._units)
        at = np.interp(steps_s, samples.time_s, x) if len(steps_s) else steps_s
        self._steps.set_data(np.repeat(at, 3), np.tile([1.02, 1.09, np.nan], len(at)))
        with style():
            for panel, line, blank, row in zip(self._panels, self._lines, self._blanks, _ROWS, strict=True):
                factor = self._units.factor(row[1])
                values = row[3](samples) * factor
                is_known = bool(len(values)) and not np.isnan(values).all()
                kept = decimated(values, self._points_n) if is_known else []
                line.set_data(x[kept], values[kept]) if is_known else line.set_data([], [])
                blank.set_visible(not is_known)
                panel.yaxis.set_tick_params(labelleft=is_known)
                panel.relim()
                panel.autoscale()
                _widen(panel, row[4] * factor) if is_known else panel.set_ylim(0, 1)
            self._panels[-1].set_xlabel(_label(*AXIS[along], self._units))
            return inline(self._figure, name, title)


def overlay_plot(
    sets: Sequence[Drawn],
    what: Literal["speed", "force"],
    along: Along,
    name: str,
    title: str,
    units: Units = SI,
) -> str:
    """Averages of several sets over one another, each of which moved; colour and dash are those of line_look()."""
    width_s = stretch_s(sets)
    with style():
        figure, (panel,) = _figure(2.7, 1)
        for number, samples in enumerate(sets):
            if what == "speed" or samples.has_force:
                colour, dash, _ = line_look(number)
                panel.plot(
                    *_average(samples, what, along, width_s, units),
                    color=colour,
                    linestyle=dash,
                    linewidth=1.3,
                )
        panel.set_ylim(bottom=min(0.0, panel.get_ylim()[0]))
        panel.set_ylabel(_label(what, _UNIT[what], units))
        panel.set_xlabel(_label(*AXIS[along], units))
        return inline(figure, name, title)


def stretch_s(sets: Sequence[Drawn]) -> float:
    """How long the stretches are that overlaid sets are averaged over: a second, more for sets of over a minute."""
    longest_s = max((samples.duration_s for samples in sets), default=0.0)
    return max(1.0, round(longest_s / _STRETCHES_N))


def line_look(number: int) -> tuple[str, Any, int]:
    """Colour, dash and the number of that dash, of the set of this number, 0 first; they repeat after 18."""
    turn = number // len(LINES) % len(DASHES)
    return LINES[number % len(LINES)], DASHES[turn], turn


def _figure(height_in: float, panels_n: int) -> tuple[Any, Any]:
    figure = require("matplotlib.figure", "report").Figure(
        figsize=(_WIDTH_IN, height_in),
    )
    margins = {
        "left": 0.135,
        "right": 0.985,
        "top": 1 - 0.08 / height_in,
        "bottom": 0.42 / height_in,
        "hspace": 0.12,
    }
    panels = figure.subplots(panels_n, 1, sharex=True, squeeze=False, gridspec_kw=margins)[:, 0]
    for panel in panels:
        panel.yaxis.set_label_coords(-0.115, 0.5)
    return figure, panels


def _label(name: str, unit: str, units: Units) -> str:
    return f"{name}, {units.name(unit)}"


def _axis(samples: Drawn, along: Along, units: Units) -> Floats:
    return samples.time_s if along == "time" else samples.distance_m * units.factor("m")


def _widen(panel: Any, least: float) -> None:
    """Give an axis at least this span, around the middle of what is on it."""
    low, high = panel.get_ylim()
    if high - low < least:
        middle = (low + high) / 2
        panel.set_ylim(middle - least / 2, middle + least / 2)


def _blank(panel: Any) -> Any:
    middle = {"transform": panel.transAxes, "ha": "center", "va": "center"}
    return panel.text(0.5, 0.5, "not measured", color=INK, **middle)


def _average(samples: Drawn, what: str, along: Along, width_s: float, units: Units) -> tuple[Floats, Floats]:
    if what == "speed":
        summed = samples.distance_m
    else:
        middle_n = (samples.bridged_n[1:] + samples.bridged_n[:-1]) / 2
        summed = np.concatenate(([0.0], np.cumsum(middle_n * np.diff(samples.time_s))))
    middles_s, values = averages(samples.time_s, summed, width_s)
    shown = values * units.factor(_UNIT[what])
    return np.interp(middles_s, samples.time_s, _axis(samples, along, units)), shown
