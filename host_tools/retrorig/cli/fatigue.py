"""`retrorig fatigue`: velocity loss within sets and across them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.tables import print_table, with_interval

if TYPE_CHECKING:
    from retrorig.progress import Fatigue, SetLoss

_COLUMNS = (
    ("set", None), ("under", None), ("mean m/s", 3), ("best m/s", 3), ("last m/s", 3), ("loss within %", 0),
    ("loss across %", 1), ("reached at m", 1), ("", None),
)  # fmt: skip


@choosing()
def fatigue(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    stop_pct: Annotated[
        float | None,
        typer.Option(
            "--stop-pct", metavar="P", help="Loss of speed at which to stop: the coach's own number."
        ),
    ] = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Show how much speed was lost within sets and from set to set, and whether to stop.

    Without SET it takes the last day with sets. Within: the last second of steady walking against the fastest.
    Across: a set's mean against the fastest set before it with the same load.

    Example: retrorig fatigue --athlete Anna --stop-pct 20
    """
    from retrorig.progress import by_day, fatigue_of, one_person

    with reading(library) as opened:
        rows = one_person(chosen.each_row(opened))
        if not chosen.has_day:
            days = by_day(rows)
            rows = days[max(days)]
        found = fatigue_of(rows, opened.drawn_samples, stop_pct)
    answer(found, as_json, plot, _show)


def _show(found: Fatigue) -> None:
    from retrorig.progress import advised

    print_table(_COLUMNS, map(_cells, found.sets))
    for advice in found.advice:
        verdict, *more = advised(advice)
        print(f"\n{verdict}\n  {' '.join(more)}")


def _cells(each: SetLoss) -> tuple:
    within = with_interval(each.within_pct, each.within_pm_pct, 0)
    return (
        each.set_id, each.conditions, each.mean_mps, each.best_mps, each.last_mps, within, each.across_pct,
        each.reached_at_m, each.why or "",
    )  # fmt: skip
