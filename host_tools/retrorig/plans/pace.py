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
    """The plan with a pace in each block: "last", "best", or metres a second as text.

    "last" is the mean speed over the block's latest sets, of each place in the plan the newest; "best" that of the
    block's fastest set. They are taken from those of `rows` that were made by this plan; a block without such a set
    keeps its pace. InputError where there is none at all, or where they are several people's.
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


def _of_block(rows: Sequence[SetRow], steps: range, pace: str) -> dict[str, int]:
    newest_last = sorted(
        (row for row in rows if row.session["step"] in steps), key=lambda row: row.started_utc or ""
    )
    if not newest_last:
        return {}
    if pace == BEST:
        return {"pace_mmps": _board(max(row.mean_speed_mps or 0.0 for row in newest_last))}
    latest = {row.session["step"]: row for row in newest_last}.values()
    metres = sum((row.mean_speed_mps or 0.0) * row.duration_s for row in latest)
    return {"pace_mmps": _board(metres / sum(row.duration_s for row in latest))}


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
