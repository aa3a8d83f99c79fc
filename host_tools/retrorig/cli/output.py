"""What people and programs see: tables and JSON on stdout, notices and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

FILE_WIDTH = 160
"""Characters a line where the output is no terminal: wide enough for every table."""

NO_VALUE = "-"

_SET_COLUMNS = (  # heading, key, digits after the point (None: text)
    ("set", "set_id", None),
    ("athlete", "athlete", None),
    ("started", "started_utc", None),
    ("time s", "duration_s", 1),
    ("back m", "backward_m", 2),
    ("forw m", "forward_m", 2),
    ("mean m/s", "mean_speed_mps", 2),
    ("peak m/s", "peak_speed_mps", 2),
    ("mean N", "mean_force_n", 1),
    ("peak N", "peak_force_n", 1),
    ("work J", "work_j", 1),
    ("mean W", "mean_power_w", 1),
    ("q", "quality", None),
    ("end", "end_reason", None),
)


def print_json(value: Any) -> None:
    """JSON alone on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def notify(sentence: str) -> None:
    """A sentence for the person, out of the way of what programs read."""
    print(sentence, file=sys.stderr)


def print_sets(sets: Sequence[dict[str, Any]]) -> None:
    """A table of sets, or a sentence that there is none."""
    if not sets:
        notify("No sets.")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for heading, _, digits in _SET_COLUMNS:
        table.add_column(heading, justify="left" if digits is None else "right", no_wrap=True)
    for row in sets:
        table.add_row(*(_cell(key, row[key], digits) for _, key, digits in _SET_COLUMNS))
    _console().print(table)


def print_facts(facts: dict[str, Any]) -> None:
    """A table of names and values."""
    table = Table(box=box.SIMPLE, show_header=False)
    for key, value in facts.items():
        table.add_row(key, _cell(key, value, 3 if isinstance(value, float) else None))
    _console().print(table)


@contextmanager
def progress(label: str) -> Iterator[Callable[[float, float], None]]:
    """A progress bar on stderr while the block runs; call what it gives with (done, total)."""
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), TextColumn("{task.percentage:3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else FILE_WIDTH, highlight=False)


def _cell(key: str, value: Any, digits: int | None) -> str:
    if value is None:
        return NO_VALUE
    if key == "started_utc":
        return datetime.fromisoformat(value).astimezone().strftime("%Y-%m-%d %H:%M")
    if digits is not None:
        return f"{value:.{digits}f}"
    if isinstance(value, list):
        return escape("; ".join(map(str, value))) or NO_VALUE
    return escape(str(value))
