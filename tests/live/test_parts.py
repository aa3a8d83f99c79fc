"""The parts of the live screen and the stream, each alone: what a plot keeps and shows, and how old a moment is."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from tests.live.test_frames import parsed

from retrorig.live.panels import GAP_S, SPAN_S, MovingPlot
from retrorig.live.stream import Told


class Plot(MovingPlot):
    """Notes what it is told to draw."""

    def __init__(self) -> None:
        super().__init__("speed", "cyan", 1.5, "speeds")
        self.lines: list[list[tuple[float, float]]] = []
        self.limits: dict[str, tuple[float, float]] = {}

    def query(self, selector: Any = None) -> Any:
        return [self]

    def clear(self) -> None:
        self.lines.clear()

    def plot(self, x: Any, y: Any, **_: Any) -> None:
        self.lines.append(list(zip(x, y)))

    def set_xlimits(self, xmin: Any = None, xmax: Any = None) -> None:
        self.limits["x"] = (xmin, xmax)

    def set_ylimits(self, ymin: Any = None, ymax: Any = None) -> None:
        self.limits["y"] = (ymin, ymax)


def test_a_plot_shows_its_last_seconds_counted_back_from_now() -> None:
    plot = Plot()
    for n in range(300):
        plot.add(1000 + 0.1 * n, 0.5 + n / 100)
    plot.draw()
    (line,) = plot.lines
    assert line[-1] == (0, pytest.approx(0.5 + 2.99)) and line[0][0] == pytest.approx(-SPAN_S, abs=0.11)
    assert all(later[0] - earlier[0] == pytest.approx(0.1) for earlier, later in zip(line, line[1:]))
    assert plot.limits["x"] == (-SPAN_S, 0)
    low, high = plot.limits["y"]
    assert low < 0 and 3.49 < high < 3.9


def test_a_plot_of_a_belt_at_rest_has_its_usual_height_and_room_for_what_goes_forward() -> None:
    plot = Plot()
    for n in range(10):
        plot.add(0.1 * n, 0.0)
    plot.draw()
    assert -0.1 < plot.limits["y"][0] < 0 and 1.5 < plot.limits["y"][1] < 1.7
    plot.add(1.0, -2.0)
    plot.draw()
    assert plot.limits["y"][0] < -2.0


def test_what_is_not_known_or_was_not_told_is_a_gap_in_the_line() -> None:
    plot = Plot()
    times = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6 + GAP_S, 0.7 + GAP_S, 0.8 + 2 * GAP_S]
    values = [1.0, 1.1, None, 1.3, 1.4, 1.5, 2.0, 2.1, 3.0]
    for at_s, value in zip(times, values, strict=True):
        plot.add(at_s, value)
    plot.draw()
    assert [[value for _, value in line] for line in plot.lines] == [[1.0, 1.1], [1.3, 1.4, 1.5], [2.0, 2.1]]
    assert not any(math.isnan(value) for line in plot.lines for _, value in line)


def test_a_rig_that_was_restarted_begins_a_new_plot() -> None:
    plot = Plot()
    for at_s in (500.0, 500.1, 3.0, 3.1):
        plot.add(at_s, at_s)
    plot.draw()
    assert [[value for _, value in line] for line in plot.lines] == [[3.0, 3.1]]


def test_a_moment_that_is_told_twice_leaves_what_was_before() -> None:
    """No sample came meanwhile: the converter is silent, or the rig is busy."""
    plot = Plot()
    for at_s in (3.0, 3.1, 3.1, 3.2):
        plot.add(at_s, at_s)
    plot.draw()
    assert [[value for _, value in line] for line in plot.lines] == [[3.0, 3.1, 3.1, 3.2]]


def test_a_moment_grows_older_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(parsed(), age_ms=40.0, at_utc_ms=1_780_000_000_000.0)
    for later_ms in (0, 25, 1000):
        monkeypatch.setattr(time, "time", lambda ms=later_ms: (1_780_000_000_000 + ms) / 1000)
        assert told.age_now_ms() == pytest.approx(40.0 + later_ms, abs=0.01)
