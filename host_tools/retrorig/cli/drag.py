"""`retrorig drag`: the rig's resistance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from retrorig import InputError, Library, SetRow
from retrorig.cli.answers import PlotOption, answer
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify
from retrorig.cli.tables import print_table, with_interval
from rigcore.vocabulary import SLED

if TYPE_CHECKING:
    from retrorig import SampleTable
    from retrorig.progress import Drag, DragHistory, Estimate

_Set = tuple[str, date | None, str | None]
"""Id, day and machine."""

_PARTS = (("", None), ("value", None), ("", None))
_DAYS = (
    ("day", None),
    ("sets", 0),
    ("drag at 1 m/s N", 0),
    ("change N", 1),
    ("smallest worth reporting N", 1),
)


_LoadOption = Annotated[
    float | None, typer.Option("--load-kg", metavar="KG", help="Only sets with this load.")
]
_SpinDownOption = Annotated[
    list[str] | None,
    typer.Option("--spin-down", metavar="SET", help="A set in which the empty belt coasts; may be repeated."),
]
_HistoryOption = Annotated[bool, typer.Option("--history", help="Day by day: how the drag changed.")]


@choosing()
def drag(
    chosen: Chosen,
    library: ReadLibraryOption = None,
    load_kg: _LoadOption = None,
    spin_down: _SpinDownOption = None,
    history: _HistoryOption = False,
    as_json: JsonOption = False,
    plot: PlotOption = None,
) -> None:
    """Fit the rig's drag number from ordinary sets: F = c0 + c1 v + m a, and its value at 1 m/s.

    Sets must be of one rig, machine and load, and one athlete on a treadmill (body weight adds to the belt's friction).

    Example: retrorig drag --rig 5feceb66ffc8 --load-kg 60 --history
    """
    from retrorig.progress import drag_history, drag_of

    if history and spin_down:
        raise InputError("--history compares ordinary sets: leave out --spin-down, or leave out --history.")
    with reading(library) as opened:
        empty = opened.choose(spin_down) if spin_down else []
        rows = _alike((row for row in chosen.each_row(opened) if load_kg in (None, row.load_kg)), empty)
        sets = [
            (row.set_id, row.day, row.machine) for row in rows
        ]  # of a whole row each there may be too many
        if not sets:
            raise InputError("No ordinary sets were found: check --rig, --load-kg, --athlete and --library.")
        if history:
            return answer(drag_history(_by_day(opened, sets)), as_json, plot, _show_history)
        coasting = [opened.drawn_samples(name) for name in empty]
        found = drag_of(_samples(opened, (name for name, *_ in sets)), sets[0][2] == SLED, coasting)
    answer(found, as_json, plot, _show)
    return None


def _samples(library: Library, names: Iterable[str]) -> Iterator[SampleTable]:
    """The samples of each, one set at a time: a long one takes 20 MB."""
    return (library.drawn_samples(name) for name in names)


def _by_day(library: Library, sets: Iterable[_Set]) -> dict[date, Iterator[SampleTable]]:
    names: dict[date, list[str]] = {}
    for name, day, _ in sets:
        if day is not None:
            names.setdefault(day, []).append(name)
    return {day: _samples(library, of_day) for day, of_day in names.items()}


_EQUAL = (("rig_id", "rig", "--rig"), ("machine", "machine", "SET"), ("load_kg", "load", "--load-kg"))


def _alike(rows: Iterable[SetRow], left_out: list[str]) -> Iterator[SetRow]:
    """The rows without the spin-downs; InputError at the first that was made under other conditions than the first."""
    first: SetRow | None = None
    for row in rows:
        if row.set_id in left_out:
            continue
        first = first or row
        for key, what, option in _EQUAL:
            if row.value(key) != first.value(key):
                raise InputError(
                    f"These sets differ in their {what} ({first.value(key)}, {row.value(key)}): choose with {option}."
                )
        if row.machine != SLED and row.athlete != first.athlete:
            raise InputError("On a treadmill drag depends on body weight: choose one athlete with --athlete.")
        yield row


def _show(found: Drag) -> None:
    print(
        f"{found.sets} sets, {found.time_s:.0f} s, speeds {found.speeds_mps[0]:.2f} to {found.speeds_mps[1]:.2f} m/s\n"
    )
    parts = [
        ("drag number", found.drag_n, 1, "N at a steady 1 m/s"),
        ("c0, dry friction", found.c0_n, 1, "N"),
        ("c1, with speed", found.c1_ns_per_m, 1, "N per m/s"),
        ("m, moved mass", found.mass_kg, 1, "kg"),
        ("friction coefficient", found.friction, 3, "c0 / (m g)"),
        ("empty belt, drag", found.empty_drag_n, 1, "N at a steady 1 m/s"),
        ("empty belt, c0", found.empty_c0_n, 1, "N"),
    ]
    if found.spin_down:
        parts += [
            ("spin-down, c0/m", found.spin_down.c0_per_mass_mps2, 3, "m/s2"),
            ("spin-down, c1/m", found.spin_down.c1_per_mass_per_s, 3, "1/s"),
        ]
    print_table(
        _PARTS, ((name, _with_pm(value, digits), unit) for name, value, digits, unit in parts if value)
    )
    print(f"\nThe law explains {100 * found.r2:.0f} % of the pull's changes.")


def _with_pm(value: Estimate, digits: int) -> str | None:
    return with_interval(value.value, value.pm, digits)


def _show_history(found: DragHistory) -> None:
    print_table(
        _DAYS,
        ((d.day, d.sets, _with_pm(d.drag_n, 1), d.change_n, d.smallest_change_n) for d in found.days),
    )
    print(f"\nIn common: c1 {_with_pm(found.c1_ns_per_m, 1)} N per m/s, m {_with_pm(found.mass_kg, 1)} kg.")
    if found.left_out:
        notify(f"Left out, too little pulling: {', '.join(found.left_out)}.")
