"""`retrorig day`: what an athlete did on one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from retrorig import Library, local, parse_moment
from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify
from retrorig.cli.tables import print_table

if TYPE_CHECKING:
    from retrorig.progress import Day

_SETS = (
    ("start", None), ("kind", None), ("side", None), ("load kg", 1), ("rest s", 0), ("time s", 1), ("back m", 2),
    ("mean m/s", 2), ("mean N", 1), ("mean W", 1), ("work J", 0), ("steps", 0), ("RPE", 0), ("pain", 0), ("q", None),
    ("set", None),
)  # fmt: skip
_TOTALS = (
    ("day", None), ("sets", 0), ("time s", 1), ("back m", 2), ("work J", 0), ("kg m", 0), ("mean m/s", 2),
    ("mean W", 1), ("mean RPE", 1), ("worst pain", 0),
)  # fmt: skip
_SPEEDS = (
    ("speed under", None), ("sets", 0), ("m/s", 3), ("against", None), ("change %", 1),
    ("smallest worth reporting %", 1),
)  # fmt: skip


@choosing(renamed={"on": ["--on", "--date"]})
def day(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Show what an athlete did on one day, beside the training day before.

    Example: retrorig day --athlete Anna --on 2026-11-22
    """
    from retrorig.progress import day_of, one_person

    with reading(library) as opened:
        wanted = _wanted_day(chosen, opened)
        rows = one_person(Chosen((), replace(chosen.choice, on=None)).each_row(opened))
        found = day_of(rows, chosen.athlete(rows), wanted)
    answer(found, as_json, plot, _show)


def _wanted_day(chosen: Chosen, opened: Library) -> date | None:
    """The day that was named, by its date or by its sets; None for the last one."""
    from retrorig.progress import by_day

    if chosen.words:
        return max(by_day(chosen.rows(opened)))
    if chosen.choice.on is None:
        return None
    day = parse_moment("--on", chosen.choice.on)
    return day.date() if isinstance(day, datetime) else day


def _show(found: Day) -> None:
    print(f"{found.day}{': ' + found.athlete if found.athlete else ''}\n")
    print_table(_SETS, (_set_cells(row) for row in found.sets))
    print()
    totals = [(found.day, found.totals), (found.before_day, found.before)]
    print_table(_TOTALS, (_total_cells(name, each) for name, each in totals if each is not None))
    if found.speeds:
        print()
        print_table(
            _SPEEDS,
            (
                (s.conditions, s.sets, s.mean_speed_mps, s.before_day, s.change_pct, s.smallest_change_pct)
                for s in found.speeds
            ),
        )
    if found.totals.without_force:
        notify(f"{found.totals.without_force} sets have no known pull and are not in work and power.")
    if found.undated:
        notify(f"{found.undated} sets have no date and are in no day.")


def _set_cells(row: dict) -> tuple:
    started = local(row["started_utc"]).strftime("%H:%M:%S")
    keys = (
        "kind", "side", "load_kg", "rest_s", "duration_s", "backward_m", "mean_speed_mps", "mean_force_n",
        "mean_power_w", "work_j", "steps", "rpe", "pain", "quality", "set_id",
    )  # fmt: skip
    return (started, *(row[key] for key in keys))


def _total_cells(name: str | None, each) -> tuple:
    return (
        name, each.sets, each.duration_s, each.backward_m, each.work_j, each.load_kg_m, each.mean_speed_mps,
        each.mean_power_w, each.rpe, each.pain,
    )  # fmt: skip
