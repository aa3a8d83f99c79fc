"""The table of sets. It may have a hundred thousand lines, so whatever can be done for a whole column at once is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from retrorig.cli.output import NO_VALUE, aligned, local_minute, notify, print_lines

_COLUMNS = (  # heading, key, digits after the point (None: text)
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
KEYS = tuple(key for _, key, _ in _COLUMNS)

Column = tuple[str, str, Sequence[Any]]
"""Heading, form of a cell, cells."""


def print_sets(sets: Sequence[dict[str, Any]]) -> None:
    """A table of sets, or a sentence that there is none."""
    print_rows([[row[key] for key in KEYS] for row in sets])


def print_rows(rows: Sequence[Sequence[Any]]) -> None:
    """The same of sets that are given as their values in the order of KEYS."""
    if not rows:
        notify("No sets.")
        return
    columns = [
        _text_column(heading, _shown(key, values))
        if digits is None
        else _number_column(heading, values, digits)
        for (heading, key, digits), values in zip(_COLUMNS, zip(*rows), strict=True)
    ]
    line = "  ".join(form for _, form, _ in columns)
    heading = "  ".join(heading for heading, _, _ in columns).rstrip()
    lines = map(line.__mod__, zip(*(cells for _, _, cells in columns), strict=True))
    print_lines(chain([heading], map(str.rstrip, lines)))


def _text_column(heading: str, cells: list[str]) -> Column:
    if all(map(str.isascii, cells)):
        width = max(len(heading), max(map(len, cells)))
        return heading.ljust(width), f"%-{width}s", cells
    heading, *cells = aligned([heading, *cells], to_right=False)
    return heading, "%s", cells


def _number_column(heading: str, values: Sequence[float | None], digits: int) -> Column:
    """The numbers themselves, or texts when some are missing; the longest is that of the largest or the smallest."""
    known = [value for value in values if value is not None]
    form = f"%.{digits}f"
    ends = (min(known), max(known)) if known else ()
    width = max(map(len, (heading, *(form % end for end in ends))))
    if len(known) == len(values):
        return heading.rjust(width), f"%{width}.{digits}f", values
    cells = [NO_VALUE if value is None else form % value for value in values]
    return heading.rjust(width), f"%{width}s", cells


def _shown(key: str, values: Sequence[str | None]) -> list[str]:
    known = [value for value in values if value is not None]
    if key == "started_utc":
        known = local_minutes(known)
    rest = iter(known)
    return (
        known
        if len(known) == len(values)
        else [NO_VALUE if value is None else next(rest) for value in values]
    )


def local_minutes(moments: Sequence[str]) -> list[str]:
    """Each moment in UTC as date and minute on this computer's clock, whose offset is looked up once an hour."""
    hours = {hour: _whole_hour(hour) for hour in {moment[:13] for moment in moments}}
    return [
        hour + moment[13:16] if (hour := hours[moment[:13]]) else local_minute(moment) for moment in moments
    ]


def _whole_hour(hour: str) -> str:
    """The local date and hour that an hour in UTC is from its first minute to its last; nothing when it is none."""
    first, last = local_minute(f"{hour}:00Z"), local_minute(f"{hour}:59Z")
    return first[:13] if (first[13:], last) == (":00", f"{first[:13]}:59") else ""
