"""Puts a pace into a plan: what an athlete did in it last, or at best, or a speed; no name goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from retrorig.errors import InputError
from retrorig.set_row import SetRow
from rigcore.plan import NUMBERS

Plan = dict[str, Any]
LAST, BEST = "last", "best"


def with_pace(plan: Plan, pace: str, rows: Iterable[SetRow] = ()) -> Plan:
    """The plan with a pace for each set: "last", "best", or metres a second as text.

    "last" is the mean speed of the newest set at the same place in the plan, "best" that of the fastest. They are taken
    from those of `rows` that were made by this plan; a place without such a set has the mean of its block's others, a
    block without any keeps its pace. InputError where there is none at all, or where they are several people's.
    """
    if pace not in (LAST, BEST):
        return _all(plan, _speed(pace))
    done = [row for row in rows if _counts(row, plan["id"])]
    if not done:
        raise InputError(
            f"The library has no set of the plan {plan['id']}: give a speed, as in --pace 0.9, or another --athlete."
        )
    people = sorted({row.athlete or "nobody" for row in done})
    if len(people) > 1:
        raise InputError(
            f"{', '.join(people)} made sets of the plan {plan['id']}: say whose pace with --athlete."
        )
    ends = list(accumulate(block.get("times", 1) for block in plan["blocks"]))
    blocks = [
        {**block, **_of_block(done, range(end - block.get("times", 1), end), pace)}
        for block, end in zip(plan["blocks"], ends, strict=True)
    ]
    return {**plan, "blocks": blocks}


def _counts(row: SetRow, plan_id: str) -> bool:
    is_made = row.plan_id == plan_id and row.session.get("step") is not None
    return is_made and bool(row.mean_speed_mps) and not row.session.get("undone")


def _of_block(rows: Sequence[SetRow], steps: range, pace: str) -> dict[str, int | list[int]]:
    found: dict[int, SetRow] = {}
    for row in sorted(rows, key=lambda row: row.started_utc or ""):
        step = row.session["step"]
        if step in steps and not (pace == BEST and step in found and _mps(found[step]) > _mps(row)):
            found[step] = row
    if not found:
        return {}
    usual = sum(_mps(row) * row.duration_s for row in found.values()) / sum(
        row.duration_s for row in found.values()
    )
    paces = [_board(_mps(found[step]) if step in found else usual) for step in steps]
    return {"pace_mmps": paces[0] if len(set(paces)) == 1 else paces}


def _mps(row: SetRow) -> float:
    return row.mean_speed_mps or 0.0


def _all(plan: Plan, mps: float) -> Plan:
    return {**plan, "blocks": [{**block, "pace_mmps": _board(mps)} for block in plan["blocks"]]}


def _speed(pace: str) -> float:
    try:
        return float(pace)
    except ValueError:
        raise InputError(
            f"A pace is {LAST}, {BEST} or metres a second, as in --pace 0.9; {pace!r} is none."
        ) from None


def _board(mps: float) -> int:
    low, high = NUMBERS["pace_mmps"]
    if not low <= mps * 1000 <= high:
        raise InputError(f"A pace is from {low / 1000:g} to {high / 1000:g} m/s, not {mps:g}.")
    return round(mps * 1000)
