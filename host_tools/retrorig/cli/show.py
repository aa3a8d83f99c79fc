"""`retrorig show`: one set."""

from __future__ import annotations

from typing import Any

from retrorig.cli.options import JsonOption, LibraryOption, SetArgument
from retrorig.cli.output import notify, print_facts, print_json
from retrorig.library import Library


def show(set_id: SetArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show everything about one set.

    Example: retrorig show 5feceb66ffc8-1c9a44-00001
    """
    with Library(library) as opened:
        found = opened.set(set_id)
    if as_json:
        print_json(found)
        return
    print_facts(found)
    for sentence in _remarks(found):
        notify(sentence)


def _remarks(found: dict[str, Any]) -> list[str]:
    """What people changed about the set, in sentences."""
    if not found["edited"]:
        return []
    remarks = [
        f"Noted by people: {', '.join(found['edited'])}; `retrorig edit --undo` brings back what the rig recorded."
    ]
    start_s, end_s = found["trim_start_s"] or 0, found["trim_end_s"] or 0
    if start_s or end_s:
        remarks.append(
            f"The quantities leave out the first {start_s:g} s and the last {end_s:g} s; the samples are all kept."
        )
    return remarks
