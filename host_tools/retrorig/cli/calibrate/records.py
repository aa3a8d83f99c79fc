"""The calibrations in the library: listed, shown, compared and printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify, print_facts, print_json
from retrorig.cli.tables import print_table

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="As `retrorig calibrate list` lists it.")]


def list_(
    rig: Annotated[str | None, typer.Option("--rig", metavar="ID", help="Of this rig alone.")] = None,
    library: ReadLibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """The calibrations in the library, oldest first.

    Example: retrorig calibrate list
    """
    with reading(library) as opened:
        records = opened.calibrations.all(rig)
    if as_json:
        print_json(records)
    elif not records:
        notify("No calibrations: `retrorig calibrate belt` and `retrorig calibrate force` make some.")
    else:
        columns = [(name, None) for name in ("id", "rig", "kind", "made", "by", "result")]
        print_table(columns, map(_row, records))


def show(calibration_id: IdArgument, library: ReadLibraryOption = None, as_json: JsonOption = False) -> None:
    """One calibration and what it rests on.

    Example: retrorig calibrate show 1997c5a4
    """
    with reading(library) as opened:
        print_record(opened.calibrations.get(calibration_id), as_json)


def compare(
    first: Annotated[str, typer.Argument(metavar="ID")],
    second: Annotated[str, typer.Argument(metavar="ID")],
    library: ReadLibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Two calibrations side by side, and whether the change is more than they are sure of.

    Example: retrorig calibrate compare 1997c5a4 5d2c90ab
    """
    from retrorig.calibration import compared

    with reading(library) as opened:
        found = compared(opened.calibrations.get(first), opened.calibrations.get(second))
    if as_json:
        print_json([{**vars(entry), "verdict": entry.verdict} for entry in found])
        return
    columns = [
        ("quantity", None),
        (first, 3),
        (second, 3),
        ("unit", None),
        ("change %", 3),
        ("sure of %", 3),
        ("", None),
    ]
    print_table(
        columns, ((e.name, e.first, e.second, e.unit, e.change_pct, e.allowed_pct, e.verdict) for e in found)
    )


def certificate(
    calibration_id: IdArgument,
    output: Annotated[Path, typer.Option("--output", metavar="FILE.html", help="Where to write the page.")],
    library: ReadLibraryOption = None,
) -> None:
    """A page about one calibration, to be printed and signed.

    Example: retrorig calibrate certificate 1997c5a4 --output calibration.html
    """
    from retrorig.calibration import write_certificate

    with reading(library) as opened:
        write_certificate(output, opened.calibrations.get(calibration_id))
    notify(f"Wrote {output}.")


def print_record(record: dict[str, Any], as_json: bool) -> None:
    from retrorig.calibration import facts, residual_lines, values

    if as_json:
        print_json(record)
        return
    print_facts(
        {"calibration": record["id"], "rig": record["rig"], "kind": record["kind"], **dict(facts(record))}
    )
    print()
    print_table((("quantity", None), ("value", None), ("95 %", None)), values(record))
    points = record["evidence"].get("points")
    if points:
        print("\n" + "\n".join(residual_lines(points)))


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    from retrorig.calibration import result

    made = record["made_utc"][:16].replace("T", " ")
    return record["id"], record["rig"], record["kind"], made, record.get("person") or "-", result(record)
