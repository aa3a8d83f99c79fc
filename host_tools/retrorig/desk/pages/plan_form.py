"""A plan as a form: its fields, and the TOML that they make. What the form has no field for stays as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from retrorig import InputError
from retrorig.desk.pages.forms import Form, number
from retrorig.desk.wording import SaidError
from retrorig.plans import QUESTIONS, TARGETS, Table
from rigcore.vocabulary import PLAN_KINDS, SIDES, STARTS

OPEN = ""
NUMBERS = ("times", "rest_s", "speed_max_mps", "force_max_n", "load_kg")
PACE = "pace_mps"
BANDS = ("speed_mps", "force_n", "cadence_spm")
WORDS = {"kind": PLAN_KINDS, "start": STARTS, "side": SIDES, "attachment": ()}
_FIELDS = {*NUMBERS, PACE, *BANDS, *WORDS, *TARGETS}
NEW_BLOCK: Table = {"kind": "work", "times": 3, "distance_m": 10, "rest_s": 60}
NEW_PLAN: Table = {"schema": 1, "id": "my-plan", "name": "My plan", "block": [dict(NEW_BLOCK)]}


@dataclass(frozen=True)
class Fields:
    """What the form shows: the plan's own values, its blocks, and whether there is more than it can show."""

    table: Table
    blocks: list[Table]
    has_more: bool


def fields_of(table: Table) -> Fields | None:
    """The form of a plan; None when its blocks are no blocks."""
    blocks = table.get("block", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return None
    has_more = "rule" in table or any(set(block) - _FIELDS for block in blocks)
    return Fields(table, blocks, has_more)


def table_from(form: Form) -> Table:
    """The plan that a sent form makes; its button may add a block, take one away or move one up."""
    table: Table = form.json("rest") if form.text("rest") else {}
    if not isinstance(table, dict):
        raise SaidError("odd")
    table |= {"id": form.text("id"), "name": form.text("name")}
    table.pop("ask", None)
    if asked := [question for question in QUESTIONS if form.text(f"ask-{question}")]:
        table["ask"] = asked
    count = int(form.text("blocks") or 0)
    table["block"] = [_block(form, number) for number in range(min(count, 1000))]
    _press(table["block"], form.text("press"))
    return table


def _press(blocks: list[Table], press: str) -> None:
    what, _, place = press.partition("-")
    if what == "add":
        blocks.append(dict(blocks[-1]) if blocks else dict(NEW_BLOCK))
    elif place.isdigit() and int(place) < len(blocks):
        block = blocks.pop(int(place))
        if what == "up":
            blocks.insert(max(0, int(place) - 1), block)


def _block(form: Form, place: int) -> Table:
    """A block: what its fields say, and what it had that is no field."""

    def text(key: str) -> str:
        return form.text(f"{key}-{place}")

    block: Table = {key: text(key) for key in WORDS if text(key)}
    for key in NUMBERS:
        if text(key):
            block[key] = _number(text(key))
    if paces := [_number(each) for each in text(PACE).split()]:
        block[PACE] = paces if len(paces) > 1 else paces[0]
    for key in BANDS:
        ends = [text(f"{key}-low"), text(f"{key}-high")]
        if any(ends):
            block[key] = [_number(end) for end in ends]
    if (target := text("target")) in TARGETS:
        block[target] = _number(text("amount"))
    return block | json.loads(text("rest") or "{}")


def _number(text: str) -> Any:
    """What was typed: a number, or the text itself, which the check then complains of."""
    try:
        found = number(text)
    except InputError:
        return text
    return "" if found is None else int(found) if found.is_integer() else found


def pace_of(block: Table) -> str:
    """One speed, or one a set with spaces between."""
    pace = block.get(PACE, "")
    return " ".join(map(str, pace)) if isinstance(pace, list) else str(pace)


def rest_of(table: Table) -> str:
    """The plan's values that have no field, as JSON for a hidden one."""
    return json.dumps(
        {key: value for key, value in table.items() if key not in ("id", "name", "ask", "block")}
    )


def rest_of_block(block: Table) -> str:
    """The block's values that have no field, as JSON."""
    return json.dumps({key: value for key, value in block.items() if key not in _FIELDS})
