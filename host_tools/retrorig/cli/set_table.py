"""The table of sets, of one or of a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from retrorig import Choice, InputError, Library
from retrorig.cli.output import NO_VALUE, aligned, notify, print_json, print_lines
from retrorig.cli.width import clipped, room, tell_left_out
from retrorig.library import FIELDS, Column, ListStyle, set_lines

COLUMNS = (
    Column("set", "set_id"),
    Column("athlete", "athlete"),
    Column("started", "started_utc"),
    Column("time s", "duration_s", 1),
    Column("back m", "backward_m", 2),
    Column("kg", "load_kg", 1),
    Column("side", "side"),
    Column("RPE", "rpe", 0),
    Column("pain", "pain", 0),
    Column("q", "quality"),
    Column("mean m/s", "mean_speed_mps", 2),
    Column("peak m/s", "peak_speed_mps", 2),
    Column("mean N", "mean_force_n", 1),
    Column("peak N", "peak_force_n", 1),
    Column("work J", "work_j", 1),
    Column("mean W", "mean_power_w", 1),
    Column("forw m", "forward_m", 2),
    Column("end", "end_reason"),
)
MATTERS = (
    "set_id", "started_utc", "athlete", "backward_m", "load_kg", "side", "rpe", "pain", "quality", "duration_s",
)  # fmt: skip
LOOK = ListStyle(COLUMNS, partial(aligned, to_right=False), NO_VALUE)
_BY_KEY = {column.key: column for column in COLUMNS}


def print_sets(library: Library, choice: Choice, columns: str | None = None) -> None:
    """A table of sets, or a sentence that there is none. columns: keys of the contract with commas between."""
    look = replace(LOOK, columns=_columns(columns)) if columns else _fitting_look()
    found = set_lines(library, choice, look)
    if found is None:
        notify("No sets.")
        return
    print_lines(found.lines)
    tell_left_out(found.left_out)


def _fitting_look() -> ListStyle:
    width = room()
    if width is None:
        return LOOK
    return replace(LOOK, width=width, matters=MATTERS, align=lambda cells: LOOK.align([*map(clipped, cells)]))


def _columns(given: str) -> list[Column]:
    names = list(dict.fromkeys(name.strip() for name in given.split(",")))
    for name in names:
        if name not in FIELDS:
            raise InputError(f"--columns {name!r} is no key of a set: choose of {', '.join(FIELDS)}.")
    return [_BY_KEY.get(name) or Column(name, name, _digits(name)) for name in names]


def _digits(key: str) -> int | None:
    """Digits after the point; None for what is no number."""
    kind = str(FIELDS[key].type).split(" ")[0]
    return {"int": 0, "float": 2}.get(kind)


def print_new(library: Library, set_ids: Sequence[str], as_json: bool) -> None:
    """Sets that have just come into the library, as they are listed afterwards."""
    if as_json:
        print_json([library.set(set_id).as_dict() for set_id in set_ids])
    else:
        print_sets(library, Choice(ids=set_ids))
