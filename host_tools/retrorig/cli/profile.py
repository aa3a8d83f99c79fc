"""`retrorig profile`: load against velocity."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify
from retrorig.cli.tables import print_table, with_interval

if TYPE_CHECKING:
    from retrorig.progress import Profile

_POINTS = (("set", None), ("load", 1), ("m/s", 3))
_NEXT = (("loss of speed %", 0), ("m/s", 3), ("load", 1), ("95 % interval", None), ("", None))


@choosing()
def profile(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    axis: Annotated[
        str | None,
        typer.Option(
            "--axis",
            metavar="load|force",
            help="Noted load or mean pull; default: load if three are noted.",
        ),
    ] = None,
    decrement_pct: Annotated[
        list[float] | None,
        typer.Option(
            "--decrement-pct", metavar="P", help="A loss of speed to find the load for; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Fit an athlete's load-velocity line from sets with three or more loads, and find the load for a loss of speed.

    Without SET and a day it takes the last day with sets. Speeds are means of the steady part of each work set.

    Example: retrorig profile --athlete Anna --decrement-pct 10 --decrement-pct 25
    """
    from retrorig.progress import by_day, left_out, one_person, points_of, profile_of

    with reading(library) as opened:
        rows = one_person(chosen.each_row(opened))
        if not chosen.has_day:
            days = by_day(rows)
            rows = days[max(days)]
            notify(_days_told(sorted(days)))
        axis, points = points_of(rows, opened.drawn_samples, axis)
    answer(profile_of(points, axis, decrement_pct or (), chosen.athlete(rows)), as_json, plot, _show)
    if missed_n := left_out(rows, points):
        notify(f"Left out for want of a load or of a steady part: {missed_n} of the work sets.")


def _days_told(days: list[date]) -> str:
    """Say which day was taken, and which others could be."""
    if len(days) == 1:
        return f"Sets of {days[0]}, the only day."
    return f"Sets of {days[-1]}; there are {len(days) - 1} days before, from {days[0]} on: --on or --since takes them."


def _show(found: Profile) -> None:
    print_table(_POINTS, ((point.set_id, point.load, point.speed_mps) for point in found.points))
    unit = found.unit
    print(
        f"\nspeed = {with_interval(found.v0_mps.value, found.v0_mps.pm, 3)} m/s"
        f" - ({with_interval(found.slope.value, found.slope.pm, 5)}) m/s per {unit} * load"
        f"\nfrom {len(found.points)} sets with {found.loads} loads, {found.lightest:.4g} to {found.heaviest:.4g} "
        f"{unit}; r2 {found.r2:.3f}; it would stand still at {found.l0:.4g} {unit} "
        f"({found.l0_low:.4g} to {found.l0_high:.4g}), which nobody tried."
    )
    if found.next_loads:
        print()
        print_table(
            _NEXT,
            (
                (n.decrement_pct, n.speed_mps, n.load, f"{n.low:.3g} to {n.high:.3g} {unit}",
                 "" if n.is_tested else "beyond the loads tried")
                for n in found.next_loads
            ),
        )  # fmt: skip
