"""Recordings of a belt: CSV files `time_s,belt_m,force_n`, as `replay` and `sim` play them."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from retrorig.errors import InputError
from retrorig.recording_columns import COLUMNS, Columns, read_header
from retrorig.recording_times import Gap, are_milliseconds, gaps, held, unix_scale, utc
from retrorig.texts import read_text, shown

BYTES_MAX = 1 << 28
"""A quarter of a gigabyte: twelve hours at 240 rows a second."""

GAPS_TOLD = 5
LIMITS = {"time_s": 1e6, "belt_m": 1e6, "force_n": 1e6}
"""Largest magnitude a value may have: eleven days, a thousand kilometres, a hundred tonnes. More is a wrong unit."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Recording:
    """A belt's motion and pull, linear between rows.

    `time_s` and `belt_m` are counted from the first row, so both start at 0; `time_s` strictly increases.
    Backward is positive. `notices` are sentences for the user about how the file was
    understood. `start_unix_s` is the moment of the first row, if the file tells it.
    """

    time_s: array[float]
    belt_m: array[float]
    force_n: array[float]
    notices: tuple[str, ...] = field(default=())
    start_unix_s: float | None = None

    @property
    def end_s(self) -> float:
        """Time of the last row, seconds."""
        return self.time_s[-1]

    @property
    def net_m(self) -> float:
        """Net backward movement, metres."""
        return self.belt_m[-1]

    @property
    def backward_m(self) -> float:
        """Sum of all backward movement, metres."""
        return math.fsum(max(0.0, b - a) for a, b in zip(self.belt_m, self.belt_m[1:], strict=False))

    @property
    def forward_m(self) -> float:
        """Sum of all forward movement, metres, not negative."""
        return math.fsum(max(0.0, a - b) for a, b in zip(self.belt_m, self.belt_m[1:], strict=False))

    def position_m(self, t_s: float) -> float:
        """Belt position at `t_s`, metres; before the first and after the last row it stands still."""
        return self._interpolate(self.belt_m, t_s)

    def force_n_at(self, t_s: float) -> float:
        """Pull in the drag line at `t_s`, newtons; before the first and after the last row that row's."""
        return self._interpolate(self.force_n, t_s)

    def _interpolate(self, values: array[float], t_s: float) -> float:
        after = bisect_right(self.time_s, t_s)
        if after == 0:
            return values[0]
        if after == len(values):
            return values[-1]
        t0, t1 = self.time_s[after - 1], self.time_s[after]
        v0, v1 = values[after - 1], values[after]
        return v0 + (v1 - v0) * ((t_s - t0) / (t1 - t0))


def read_recording(path: str | Path) -> Recording:
    """Read a recording; a file that can't be used raises InputError with the line number and the reason."""
    path = Path(path)
    name = shown(path.name)
    lines = _read_lines(path, name)
    header = read_header(name, lines[0])
    rows = [_parse_row(line, header, f"{name}, line {n}") for n, line in enumerate(lines[1:], start=2)]
    if not rows:
        raise InputError(
            f"{name} has a header but no rows: at least one row `time_s,belt_m,force_n` is needed."
        )
    seconds, start_unix_s, told = _in_seconds([row[0] for row in rows], header, name)
    _check_times(seconds, [row[0] for row in rows], name)
    return _timed(seconds, rows, start_unix_s, name, (*header.notices, *told))


def _timed(
    seconds: array[float],
    rows: list[tuple[float, float, float]],
    start_unix_s: float | None,
    name: str,
    notices: tuple[str, ...],
) -> Recording:
    """The recording from its first row on, its times in the unit in which they make sense, its gaps told."""
    belt_m = array("d", (row[1] - rows[0][1] for row in rows))
    force_n = array("d", (row[2] for row in rows))
    if start_unix_s is None and are_milliseconds(seconds, belt_m):
        seconds = array("d", (t * 1e-3 for t in seconds))
        notices += (
            f"{name}: time_s counts milliseconds here, and is read so: it lasts {seconds[-1]:.1f} s.",
        )
    found = gaps(seconds, belt_m)
    seconds, belt_m, force_n = held((seconds, belt_m, force_n), found)
    return Recording(seconds, belt_m, force_n, (*notices, *_told_gaps(found, name)), start_unix_s)


def _in_seconds(
    times: list[float], header: Columns, name: str
) -> tuple[array[float], float | None, tuple[str, ...]]:
    """Times since the first row, the moment of the first row if the file tells it, and what to say of that."""
    scale, start_unix_s, told = header.scales[0], None, ()
    unix = unix_scale(times[0])
    if unix is not None:
        scale, start_unix_s = unix, times[0] * unix
        told = (f"{name}: its times are Unix times; the first row is of {utc(start_unix_s)}.",)
    return array("d", ((t - times[0]) * scale for t in times)), start_unix_s, told


def _check_times(seconds: array[float], written: list[float], name: str) -> None:
    """Strictly increasing, and no longer than any recording is."""
    for at, (before, now) in enumerate(pairwise(seconds)):
        if now <= before:
            raise InputError(
                f"{name}, line {at + 3}: time_s is {written[at + 1]}, not later than the line before ({written[at]})."
            )
    if seconds[-1] > LIMITS["time_s"]:
        raise InputError(
            f"{name}, line {len(seconds) + 1}: time_s is {written[-1]:g}, more than {LIMITS['time_s']:.0f} s "
            "after the first row; check the unit."
        )


def _told_gaps(found: list[Gap], name: str) -> list[str]:
    """A sentence for each of the first gaps and one for the rest."""
    told = [f"{name}, line {gap.after + 3}: {_told_gap(gap)}." for gap in found[:GAPS_TOLD]]
    if len(found) > GAPS_TOLD:
        rest_s = sum(gap.to_s - gap.from_s for gap in found[GAPS_TOLD:])
        told.append(f"{name}: {len(found) - GAPS_TOLD} more such gaps, {rest_s:.1f} s in all.")
    return told


def _told_gap(gap: Gap) -> str:
    told = f"nothing was recorded for {gap.to_s - gap.from_s:.1f} s"
    if gap.is_split:
        told += "; the belt stands meanwhile"
    return told + (
        f", and {abs(gap.left_out_m):.2f} m between its rows are left out" if gap.left_out_m else ""
    )


def _read_lines(path: Path, name: str) -> list[str]:
    """The file's lines without trailing blank ones; at least one."""
    text = read_text(path, "recording", BYTES_MAX).rstrip("\n\t ")
    if not text:
        raise InputError(f"{name} is empty: a recording starts with the header `time_s,belt_m,force_n`.")
    return text.split("\n")


def _parse_row(line: str, header: Columns, place: str) -> tuple[float, float, float]:
    """Time as it is written, metres and newtons of a row."""
    cells = line.split(",")
    if not line.strip():
        raise InputError(f"{place}: the line is blank; remove it.")
    if len(cells) < header.width:
        raise InputError(f"{place}: {len(cells)} of {header.width} columns; is the line cut off?")
    if len(cells) > header.width:
        raise InputError(
            f"{place}: {len(cells)} columns, the header has {header.width}; the decimal mark must be a point."
        )
    t, belt, force = (_number(column, cells[at], place) for column, at in zip(COLUMNS, header.places))
    return (
        t,
        _limited("belt_m", belt * header.scales[1], place),
        _limited("force_n", force * header.scales[2], place),
    )


def _number(column: str, cell: str, place: str) -> float:
    cell = cell.strip().strip('"').strip()
    if not _NUMBER.fullmatch(cell):
        shown_cell = cell if len(cell) <= 20 else cell[:20] + "..."
        raise InputError(f"{place}: {column} is {shown_cell!r}, which is not a finite number like 1.25.")
    return _finite(column, float(cell), place)


def _limited(column: str, value: float, place: str) -> float:
    if abs(value) > LIMITS[column]:
        raise InputError(f"{place}: {column} is {value:g}, more than {LIMITS[column]:.0f}; check the unit.")
    return value


def _finite(column: str, value: float, place: str) -> float:
    if math.isinf(value):
        raise InputError(f"{place}: {column} is larger than any number; check the unit.")
    return value
