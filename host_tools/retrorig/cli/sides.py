"""`retrorig sides`: left against right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.tables import print_table, with_interval

if TYPE_CHECKING:
    from retrorig.progress import Sides

_COLUMNS = (
    ("", None), ("sets l", 0), ("sets r", 0), ("left", None), ("right", None), ("(right - left) / mean %", 0),
    ("", None),
)  # fmt: skip
_NAMES = {
    "mean_speed_mps": ("mean speed m/s", 3), "mean_force_n": ("mean force N", 1), "mean_power_w": ("mean power W", 1),
    "work_j": ("work J", 0),
}  # fmt: skip


@choosing()
def sides(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Compare left with right: by sets that are marked with a side, and by the steps within sets.

    Sets are compared with sets of the same day and load. Mark a side with `retrorig edit SET --side left`.

    Example: retrorig sides --athlete Anna --since 2026-11-01
    """
    from retrorig.progress import one_person, sides_of

    with reading(library) as opened:
        rows = one_person(chosen.each_row(opened))
        found = sides_of(rows, chosen.athlete(rows))
    answer(found, as_json, plot, _show)


def _show(found: Sides) -> None:
    if found.by_side:
        print(
            "Sets of each side (mean +- spread from set to set), and the difference with its 95 % interval:\n"
        )
        print_table(_COLUMNS, map(_cells, found.by_side))
        print()
    steps = found.by_steps
    if steps:
        print(
            f"Steps of one foot against the other: {steps.median_pct:.0f} % apart in the middle set "
            f"({steps.lowest_pct:.0f} to {steps.highest_pct:.0f} %), each known to +-{steps.usual_pm_pct:.0f} %.\n"
            f"Sets: {steps.sets}; with more than chance: {steps.certain}. Which foot is which is not known."
        )
    for reason in found.why:
        print(f"Left out: {reason}.")


def _cells(each) -> tuple:
    name, digits = _NAMES[each.quantity]
    return (
        name, each.left_n, each.right_n, with_interval(each.left, each.left_sd, digits),
        with_interval(each.right, each.right_sd, digits), with_interval(each.index_pct, each.index_pm_pct, 1),
        "" if each.is_certain else "may be chance",
    )  # fmt: skip
