"""`retrorig show`: one set."""

from __future__ import annotations

from typing import Any

from retrorig import SetRow, local_minute
from retrorig.cli.choosing import Chosen, choosing
from retrorig.cli.options import JsonOption, ReadLibraryOption, reading
from retrorig.cli.output import notify, print_facts, print_json


@choosing()
def show(chosen: Chosen, library: ReadLibraryOption = None, as_json: JsonOption = False) -> None:
    """Show everything about one set, or about several one after the other.

    With --json each quantity stands under its key, unrounded; several sets are a list.

    Example: retrorig show last
    """
    with reading(library) as opened:
        found = [opened.set(set_id) for set_id in chosen.ids(opened, must_name=True)]
    if as_json:
        dicts = [row.as_dict() for row in found]
        print_json(dicts[0] if len(dicts) == 1 else dicts)
        return
    for number, row in enumerate(found):
        print("\n" * bool(number), end="")
        _print(row)


def _print(found: SetRow) -> None:
    print_facts({**_head(found), **_measured(found), **_tail(found)})
    for sentence in _sentences(found):
        print(sentence)
    for sentence in _remarks(found):
        notify(sentence)


def _head(found: SetRow) -> dict[str, Any]:
    how = (found.value(key) for key in ("kind", "machine", "side", "attachment"))
    return {
        "set": found.set_id,
        "athlete": found.athlete,
        "started": found.started_utc and local_minute(found.started_utc),
        "made": " ".join(", ".join(filter(None, how)).split()),
        "ended by": found.ended_by,
    }


def _measured(found: SetRow) -> dict[str, str]:
    """What was measured or noted, in its unit and with as many digits as are sure."""
    from retrorig.report import words  # with the mathematics, which programs that want JSON need not load

    return {
        name: f"{words.value(found, key)}  {words.plus_minus(found, key).replace('± ', '+-')}".rstrip()
        for key, (name, _, _) in words.QUANTITIES.items()
        if found.value(key) is not None
    }


def _tail(found: SetRow) -> dict[str, Any]:
    return {
        "quality": ": ".join(filter(None, (found.quality, "; ".join(found.quality_reasons)))),
        "samples": f"{found.samples}, {found.samples_lost} lost",
        "notes": found.notes,
        "tags": ", ".join(found.tags) or None,
        "plan": found.plan_id,
        "calibration": found.calibration_id,
        "rig, firmware": f"{found.rig_id}, {found.firmware}",
    }


def _sentences(found: SetRow) -> list[str]:
    """What the numbers leave out: the session around the set, and why something is blank."""
    from retrorig.report import words

    blanks = [f"Left blank: {sentence[0].lower()}{sentence[1:]}" for sentence in words.blanks(found)]
    sentences = [*words.around(found), *words.beside(found), *words.rhythm(found), *blanks]
    return ["", *sentences, "+-: the true value lies within in 95 of 100 sets."]


def _remarks(found: SetRow) -> list[str]:
    """What people changed about the set, in sentences."""
    if not found.edited:
        return []
    remarks = [
        f"Noted by people: {', '.join(found.edited)}; `retrorig edit --undo` brings back what the rig recorded."
    ]
    start_s, end_s = found.trim_start_s or 0, found.trim_end_s or 0
    if start_s or end_s:
        remarks.append(
            f"The quantities leave out the first {start_s:g} s and the last {end_s:g} s; the samples are all kept."
        )
    return remarks
