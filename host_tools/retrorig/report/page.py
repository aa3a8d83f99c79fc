"""A page of sets: a table, pictures of the display, plots."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrorig.extras import require
from retrorig.measure.gait import step_times
from retrorig.measure.samples import Samples
from retrorig.report.plots import SetPlots
from retrorig.set_row import SetRow

POINTS_N = 400

COLUMNS = (  # heading, key, format
    ("set", "set_id", "{}"),
    ("time, s", "duration_s", "{:.1f}"),
    ("backward, m", "backward_m", "{:.2f}"),
    ("forward, m", "forward_m", "{:.2f}"),
    ("mean speed, m/s", "mean_speed_mps", "{:.2f}"),
    ("peak speed, m/s", "peak_speed_mps", "{:.2f}"),
    ("mean force, N", "mean_force_n", "{:.1f}"),
    ("peak force, N", "peak_force_n", "{:.1f}"),
    ("work, J", "work_j", "{:.1f}"),
    ("mean power, W", "mean_power_w", "{:.1f}"),
    ("quality", "quality", "{}"),
)


@dataclass
class Chapter:
    """One group of sets on the page: what it was, its sets with their samples, pictures (PNG files)."""

    title: str
    text: str
    sets: Sequence[SetRow]
    samples: Sequence[Samples]
    pictures: Sequence[Path] = field(default=())


def write_page(path: Path, title: str, chapters: Sequence[Chapter]) -> None:
    """Write one HTML file that needs nothing beside it."""
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(loader=jinja2.PackageLoader("retrorig.report"), autoescape=True)
    plots = SetPlots(POINTS_N)

    def plot(samples: Samples, set_id: str) -> str:
        title = f"Set {set_id}: speed, force and power over time"
        return plots.draw(samples, step_times(samples)[0], "time", f"set-{set_id}", title)

    environment.globals.update(svg=plot, picture=_data_url, cell=_cell, columns=COLUMNS)
    path.write_text(
        environment.get_template("page.html").render(title=title, chapters=chapters), encoding="utf-8"
    )


def _data_url(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def _cell(value: Any, form: str) -> str:
    return "" if value is None else form.format(value)
