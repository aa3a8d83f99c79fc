"""`retrorig trend`: load and duration, week over week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify
from retrorig.cli.tables import print_table, with_interval

if TYPE_CHECKING:
    from retrorig.progress import Trend, Week

_COLUMNS = (
    ("week of", None), ("days", 0), ("sets", 0), ("time min", 1), ("grew %", 0), ("back m", 0), ("grew %", 0),
    ("work kJ", 2), ("grew %", 0), ("load kg m", 0), ("grew %", 0), ("m/s", 3), ("change %", 1), ("smallest %", 1),
    ("", None),
)  # fmt: skip
_GROWN = ("duration_s", "backward_m", "work_j", "load_kg_m")


@choosing()
def trend(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    limit_pct: Annotated[
        float | None,
        typer.Option(
            "--limit-pct", metavar="P", help="Mark what grew by more in a week: the coach's own number."
        ),
    ] = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Show whether load and duration grow gradually, week over week.

    Example: retrorig trend --athlete Anna --limit-pct 15 --plot anna.svg
    """
    from retrorig.progress import one_person, trend_of

    with reading(library) as opened:
        rows = one_person(chosen.each_row(opened))
        found = trend_of(rows, chosen.athlete(rows), limit_pct)
    answer(found, as_json, plot, _show)


def _show(found: Trend) -> None:
    print_table(_COLUMNS, map(_cells, found.weeks))
    if found.speed_conditions:
        print(f"\nm/s: mean speed of the sets with the commonest conditions ({found.speed_conditions}).")
    if found.typical_error_pct is not None:
        print(
            f"A repeated set differs by {found.typical_error_pct:.1f} % (between {found.typical_error_between}); "
            "a change below the smallest is not worth reporting."
        )
    if found.undated:
        notify(f"{found.undated} sets have no date and are in no week.")


def _cells(week: Week) -> tuple:
    from retrorig.progress import remarks

    totals = week.totals
    grew = {
        key: with_interval(week.growth_pct.get(key), week.growth_pm_pct.get(key) or None, 0) for key in _GROWN
    }
    return (
        week.monday, week.days, totals.sets, totals.duration_s / 60, grew["duration_s"], totals.backward_m,
        grew["backward_m"], _scaled(totals.work_j), grew["work_j"], totals.load_kg_m, grew["load_kg_m"], week.speed_mps,
        week.speed_change_pct, week.speed_smallest_change_pct, remarks(week),
    )  # fmt: skip


def _scaled(joules: float | None) -> float | None:
    return None if joules is None else joules / 1000
