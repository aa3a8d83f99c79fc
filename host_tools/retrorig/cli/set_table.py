"""The table of sets, of one or of a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from retrorig import Choice, Library
from retrorig.cli.output import NO_VALUE, aligned, notify, print_json, print_lines
from retrorig.library.set_list import Column, Look, set_lines

COLUMNS = (
    Column("set", "set_id"),
    Column("athlete", "athlete"),
    Column("started", "started_utc"),
    Column("time s", "duration_s", 1),
    Column("back m", "backward_m", 2),
    Column("forw m", "forward_m", 2),
    Column("mean m/s", "mean_speed_mps", 2),
    Column("peak m/s", "peak_speed_mps", 2),
    Column("mean N", "mean_force_n", 1),
    Column("peak N", "peak_force_n", 1),
    Column("work J", "work_j", 1),
    Column("mean W", "mean_power_w", 1),
    Column("q", "quality"),
    Column("end", "end_reason"),
)
LOOK = Look(COLUMNS, partial(aligned, to_right=False), NO_VALUE)


def print_sets(library: Library, choice: Choice) -> None:
    """A table of sets, or a sentence that there is none."""
    lines = set_lines(library, choice, LOOK)
    heading = next(lines, None)
    if heading is None:
        notify("No sets.")
    else:
        print_lines(chain([heading], lines))


def print_new(library: Library, set_ids: Sequence[str], as_json: bool) -> None:
    """Sets that have just come into the library, as they are listed afterwards."""
    if as_json:
        print_json([library.set(set_id).as_dict() for set_id in set_ids])
    else:
        print_sets(library, Choice(ids=set_ids))
