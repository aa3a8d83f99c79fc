"""The parts of the live screen."""

from __future__ import annotations

from collections import deque

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Digits, Label
from textual_plot import HiResMode, PlotWidget

SPAN_S = 12.0
"""Seconds that a plot shows: some twenty steps, which can still be told apart in forty columns."""

MARGIN = 0.04
"""Of the height, so that zero and the peak are not drawn into the frame."""

GAP_S = 1.0
"""Where nothing was told for so long the line is interrupted."""


class Figure(Vertical):
    """A big number under its caption."""

    def __init__(self, caption: str, figure_id: str) -> None:
        super().__init__(id=figure_id, classes="figure")
        self._caption = caption

    def compose(self) -> ComposeResult:
        yield Label(self._caption)
        yield Digits("-")

    def show(self, number: str, caption: str | None = None) -> None:
        """Another number, and another caption if given."""
        self.query_one(Digits).update(number)
        if caption is not None:
            self.query_one(Label).update(caption)


class MovingPlot(PlotWidget):
    """The last seconds of one quantity."""

    def __init__(self, caption: str, colour: str, least: float, plot_id: str) -> None:
        super().__init__(id=plot_id, allow_pan_and_zoom=False)
        self.can_focus = False
        self._caption, self._colour, self._least = caption, colour, least
        self._points: deque[tuple[float, float]] = deque()

    def on_mount(self) -> None:
        self.margin_top, self.margin_bottom, self.margin_left = 1, 2, 7
        self.border_title = self._caption

    def add(self, at_s: float, value: float | None) -> None:
        """One more point; None and a long silence leave a gap."""
        points = self._points
        if points and at_s < points[-1][0]:  # the rig was restarted: its clock begins anew
            points.clear()
        if points and at_s - points[-1][0] > GAP_S:
            points.append((at_s, float("nan")))
        points.append((at_s, float("nan") if value is None else value))
        while points[0][0] < at_s - SPAN_S:
            points.popleft()

    def draw(self) -> None:
        """Show what was added: time counts back from now."""
        if not self._points or not self.query("#legend"):  # the screen is being taken down
            return
        self.clear()
        now_s = self._points[-1][0]
        for run in _runs(self._points):
            self.plot(
                [at_s - now_s for at_s, _ in run],
                [value for _, value in run],
                line_style=self._colour,
                hires_mode=HiResMode.BRAILLE,
            )
        known = [value for _, value in self._points if value == value]
        self.set_xlimits(-SPAN_S, 0)
        low, high = min([0.0, *known]), max([self._least, *known])
        self.set_ylimits(low - MARGIN * (high - low), high + MARGIN * (high - low))


def _runs(points: deque[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The points between the gaps, two or more in a row."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point[1] == point[1]:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]
