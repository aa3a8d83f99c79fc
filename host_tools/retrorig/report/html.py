"""A report: one HTML file with everything in it, for screen, phone and paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from retrorig.extras import require
from retrorig.library import Library
from retrorig.measure.sample_table import Drawn, steps_in
from retrorig.report import session, words
from retrorig.report.plots import Along, SetPlots, line_look, overlay_plot, stretch_s
from retrorig.report.units import SI, Units
from retrorig.set_row import KEYS, SetRow
from retrorig.writing import replacing

ALONG: tuple[Along, ...] = ("time", "distance")
POINTS_N = 600
"""Points of a line; a plot is about that many dots wide."""

POINTS_ALL_N = 9000
"""Points of one kind of line on the whole page, so that a page of many sets stays small."""

POINTS_MIN_N = 60

STROKES_MAX_N = 200
"""More steps than these can't be told apart in a plot."""


@dataclass(frozen=True)
class Shown:
    """A set on the page: its number there, its row, texts and plots."""

    number: int
    row: SetRow
    start: str
    caveats: list[str]
    has_strokes: bool
    plots: dict[str, str]
    samples: Drawn


@dataclass(frozen=True)
class Overlay:
    """Sets of one athlete drawn over one another: plots by what they show and along what, and a key to the lines."""

    athlete: str | None
    key: list[tuple[Shown, str, int]]
    plots: dict[str, dict[str, str]]
    stretch_s: float


def write_html(
    library: Library,
    rows: Sequence[SetRow],
    path: Path,
    title: str | None = None,
    names: bool = True,
    units: Units = SI,
) -> None:
    """Write the report of these sets (at least one); without `names` nothing in it tells who they are of.

    InputError if the file can't be written.
    """
    with replacing(path) as file:  # opened first: where nothing can be written, nothing need be drawn
        page = _rendered(library, rows if names else session.without_names(rows), title, names, units)
        file.write(page.encode("utf-8", errors="replace"))


def _rendered(library: Library, rows: Sequence[SetRow], title: str | None, names: bool, units: Units) -> str:
    plots = SetPlots(max(POINTS_MIN_N, min(POINTS_N, POINTS_ALL_N // len(rows))), units)
    shown = [
        _shown(number, row, library.drawn_samples(row.set_id), plots, units)
        for number, row in enumerate(rows, 1)
    ]
    return _template().render(
        title=title or f"Backward walking, {session.when(rows)}",
        sets=shown,
        compared=_compared(shown, units),
        totals=session.totals(rows),
        when=session.when(rows),
        people=list(dict.fromkeys(row.athlete for row in rows if row.athlete)),
        names=names,
        measured={key for row in rows for key in KEYS if row.value(key) is not None},
        words=words,
        units=units,
        along=ALONG,
    )


def _template() -> Any:
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retrorig.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("report.html")


def _shown(number: int, row: SetRow, samples: Drawn, plots: SetPlots, units: Units) -> Shown:
    has_strokes = 0 < (row.steps or 0) <= STROKES_MAX_N
    steps_s = steps_in(samples) if has_strokes else np.empty(0)
    start = row.started
    drawn = {
        along: plots.draw(samples, steps_s, along, f"set-{number}-{along}", _title(number, row, along, units))
        for along in ALONG
    }
    return Shown(
        number,
        row,
        f"{start:%H:%M}" if start else "",
        words.caveats(row, samples),
        has_strokes,
        drawn,
        samples,
    )


def _title(number: int, row: SetRow, along: str, units: Units) -> str:
    """What a plot shows, for those who can't see it: the numbers that it is drawn from."""
    facts = [
        f"{words.QUANTITIES[key][0]} {words.value(row, key, units)}"
        for key in ("mean_speed_mps", "peak_speed_mps")
    ]
    if row.mean_force_n is None:
        facts.append("force was not measured")
    else:
        facts += [
            f"{words.QUANTITIES[key][0]} {words.value(row, key, units)}"
            for key in ("mean_force_n", "peak_force_n")
        ]
    return f"Set {number}: speed, force and power over {along}; " + ", ".join(facts)


def _compared(shown: Sequence[Shown], units: Units) -> list[Overlay]:
    def athlete(one: Shown) -> str:
        return one.row.athlete or ""

    moved = [one for one in shown if len(one.samples.time_s) > 1]
    groups = [list(group) for _, group in groupby(sorted(moved, key=athlete), key=athlete)]
    return [_overlaid(number, group, units) for number, group in enumerate(groups, 1) if len(group) > 1]


def _overlaid(number: int, group: list[Shown], units: Units) -> Overlay:
    sets = [one.samples for one in group]
    kinds = ("speed", "force") if any(samples.has_force for samples in sets) else ("speed",)
    numbers = ", ".join(str(one.number) for one in group)
    plots = {
        what: {
            along: overlay_plot(
                sets,
                what,
                along,
                f"over-{number}-{what}-{along}",
                f"Averaged {what} over {along}, sets {numbers}",
                units,
            )
            for along in ALONG
        }
        for what in kinds
    }
    key = []
    for place, one in enumerate(group):
        colour, _, turn = line_look(place)
        key.append((one, f"var(--line-{int(colour[-2:], 16)})", turn))
    return Overlay(group[0].row.athlete, key, plots, stretch_s(sets))
