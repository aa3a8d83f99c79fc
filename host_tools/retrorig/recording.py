"""Recordings of a belt: CSV files `time_s,belt_m,force_n`, as `replay` and `sim` play them."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from retrorig.errors import InputError

COLUMNS = ("time_s", "belt_m", "force_n")
LIMITS = {"time_s": 1e6, "belt_m": 1e6, "force_n": 1e6}
"""Largest magnitude a value may have: eleven days, a thousand kilometres, a hundred tonnes. More is a wrong unit."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Recording:
    """A belt's motion and pull, linear between rows.

    `time_s` and `belt_m` are counted from the first row, so both start at 0; `time_s` strictly increases.
    Backward is positive. `notices` are sentences for the user about what was ignored in the file.
    """

    time_s: array[float]
    belt_m: array[float]
    force_n: array[float]
    notices: tuple[str, ...] = field(default=())

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
    name = Path(path).name
    lines = _read_lines(Path(path))
    extra = _check_header(name, lines[0])
    width = len(COLUMNS) + len(extra)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        place = f"{name}, line {number}"
        row = _parse_row(line, width, place)
        if rows and row[0] <= rows[-1][0]:
            raise InputError(f"{place}: time_s is {row[0]}, not later than the line before ({rows[-1][0]}).")
        rows.append(row)
    if not rows:
        raise InputError(
            f"{name} has a header but no rows: at least one row `time_s,belt_m,force_n` is needed."
        )
    return Recording(
        _from_zero(rows, 0), _from_zero(rows, 1), array("d", (r[2] for r in rows)), _notices(name, extra)
    )


def _from_zero(rows: list[list[float]], column: int) -> array[float]:
    origin = rows[0][column]
    return array("d", (row[column] - origin for row in rows))


def _read_lines(path: Path) -> list[str]:
    """The file's lines without trailing blank ones; at least one."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no recording {path}: check the name and the folder.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: name the CSV file in it.") from None
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}): check its permissions.") from None
    text = _decode(path.name, data).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n\t ")
    if not text:
        raise InputError(f"{path.name} is empty: a recording starts with the header `time_s,belt_m,force_n`.")
    return text.split("\n")


def _decode(name: str, data: bytes) -> str:
    if b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        line = data[: data.find(b"\0") + 1].count(b"\n") + 1
        raise InputError(f"{name}, line {line}: not plain text; save the recording as CSV in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name}, line {line}: not UTF-8 text; save the recording as CSV in UTF-8."
        ) from None


def _check_header(name: str, line: str) -> list[str]:
    """The names of the columns beyond the first three."""
    found = [cell.strip() for cell in line.split(",")]
    if tuple(found[:3]) != COLUMNS:
        shown = line if len(line) <= 40 else line[:40] + "..."
        raise InputError(
            f"{name}, line 1: the header is {shown!r}; it must start with `time_s,belt_m,force_n`, separated by commas."
        )
    return found[3:]


def _parse_row(line: str, width: int, place: str) -> list[float]:
    """The first three numbers of a row that must have `width` columns."""
    cells = line.split(",")
    if not line.strip():
        raise InputError(f"{place}: the line is blank; remove it.")
    if len(cells) < width:
        raise InputError(f"{place}: {len(cells)} of {width} columns; is the line cut off?")
    if len(cells) > width:
        raise InputError(
            f"{place}: {len(cells)} columns, the header has {width}; the decimal mark must be a point."
        )
    return [_number(column, cell.strip(), place) for column, cell in zip(COLUMNS, cells, strict=False)]


def _number(column: str, cell: str, place: str) -> float:
    if not _NUMBER.fullmatch(cell):
        shown = cell if len(cell) <= 20 else cell[:20] + "..."
        raise InputError(f"{place}: {column} is {shown!r}, which is not a finite number like 1.25.")
    value = float(cell)
    if abs(value) > LIMITS[column]:
        raise InputError(f"{place}: {column} is {cell[:20]}, more than {LIMITS[column]:.0f}; check the unit.")
    return value


def _notices(name: str, extra: list[str]) -> tuple[str, ...]:
    if not extra:
        return ()
    return (f"{name}: only the first three columns are used; ignored: {', '.join(extra)}.",)
