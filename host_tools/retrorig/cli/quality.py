"""`retrorig quality`: which sets were of poor quality, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrorig import local_minute
from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify
from retrorig.cli.tables import print_table

if TYPE_CHECKING:
    from retrorig.progress import GradeHistory, PoorSet, RigGrades

SHOWN_N = 200
"""Nobody reads more."""

_SETS = (("set", None), ("started", None), ("athlete", None), ("q", None), ("why", None))
_REASONS = (("sets", 0), ("reason", None), ("rigs", None))
_RIGS = (("rig", None), ("A", 0), ("B", 0), ("C", 0), ("good %", 0), ("95 % interval", None))


@choosing()
def quality(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """List the sets that are not to be trusted fully, and what was wrong with them.

    Example: retrorig quality --since 2026-11-01
    """
    from retrorig.progress import grade_history

    with reading(library) as opened:
        found = grade_history(chosen.each_row(opened))
    answer(found, as_json, plot, _show)


def _show(found: GradeHistory) -> None:
    if found.poor:
        print_table(_SETS, map(_set_cells, found.poor[-SHOWN_N:]))
        if found.poor[SHOWN_N:]:
            notify(
                f"{len(found.poor) - SHOWN_N} older sets are not shown: --json has all, --until goes back."
            )
        print()
        print_table(_REASONS, ((each.sets, each.reason, ", ".join(each.rigs)) for each in found.reasons))
        print()
    print_table(_RIGS, map(_rig_cells, found.rigs))
    print(f"\nGraded A: {found.sets - len(found.poor)} of {found.sets} sets.")


def _set_cells(each: PoorSet) -> tuple:
    started = local_minute(each.started_utc) if each.started_utc else None
    return each.set_id, started, each.athlete, each.quality, "; ".join(each.reasons)


def _rig_cells(each: RigGrades) -> tuple:
    return (
        each.rig_id,
        *each.grades.values(),
        each.good_pct,
        f"{each.good_low_pct:.0f} to {each.good_high_pct:.0f}",
    )
