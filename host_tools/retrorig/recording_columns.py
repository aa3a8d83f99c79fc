"""The header of a recording: which column is the time, the belt and the pull, and in which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrorig.errors import InputError

COLUMNS = ("time_s", "belt_m", "force_n")

_NAMES = {
    "time_s": ("time", "t", "timestamp", "elapsed"),
    "belt_m": ("belt", "belt_position", "position", "pos", "distance", "x"),
    "force_n": ("force", "pull", "f"),
}
_UNITS = {
    "time_s": {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "min": 60.0},
    "belt_m": {"m": 1.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "yd": 0.9144},
    "force_n": {"n": 1.0, "kn": 1000.0, "kgf": 9.80665, "lbf": 4.4482216},
}
_WITH_UNIT = re.compile(r"(?P<name>.*?)[ _]*(?:[_ ](?P<unit>[^\W_]+)|[(\[] *(?P<other>\w+) *[)\]])")


@dataclass(frozen=True)
class Columns:
    """Where each of time_s, belt_m and force_n stands and what its numbers are multiplied by.

    `width` is the number of columns, `notices` say what was not as in a recording of ours.
    """

    places: tuple[int, ...]
    scales: tuple[float, ...]
    width: int
    notices: tuple[str, ...]


def read_header(name: str, line: str) -> Columns:
    """Understand the first line of a recording; InputError when it is unclear."""
    cells = [cell.strip().strip('"').strip() for cell in line.split(",")]
    found = [at for wanted in COLUMNS if (at := _column(cells, wanted)) is not None]
    if len(found) < len(COLUMNS):
        raise InputError(f"{name}, line 1: the header is {_short(line)!r}; {_mend(line)}")
    places, scales = (tuple(part) for part in zip(*found, strict=True))
    return Columns(places, scales, len(cells), tuple(_notices(name, cells, places)))


def _column(cells: list[str], wanted: str) -> tuple[int, float] | None:
    """Place and scale of a quantity; its own name goes before others, of which there must be only one."""
    if wanted in cells:
        return cells.index(wanted), 1.0
    others = [(at, scale) for at, cell in enumerate(cells) if (scale := _scale(cell, wanted))]
    return others[0] if len(others) == 1 else None


def _scale(cell: str, wanted: str) -> float | None:
    match = _WITH_UNIT.fullmatch(cell.lower())
    if match is None or match["name"] not in _NAMES[wanted]:
        return None
    return _UNITS[wanted].get(match["unit"] or match["other"])


def _notices(name: str, cells: list[str], places: tuple[int, ...]) -> list[str]:
    notices = []
    names = [cells[place] for place in places]
    if tuple(names) != COLUMNS:
        notices.append(f"{name}: {', '.join(names)} are read as {', '.join(COLUMNS)}.")
    ignored = [cell for at, cell in enumerate(cells) if at not in places]
    if ignored:
        notices.append(f"{name}: only {', '.join(names)} are used; ignored: {', '.join(ignored)}.")
    return notices


def _mend(line: str) -> str:
    if ";" in line or "\t" in line:
        return "put commas between the columns and a point before decimals, as in `0.25,1.5,80`."
    return "it must name `time_s,belt_m,force_n`, or these with their units, as `time_ms,belt_mm,force_kgf`."


def _short(line: str) -> str:
    return line if len(line) <= 40 else line[:40] + "..."
