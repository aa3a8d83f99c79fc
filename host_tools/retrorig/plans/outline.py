"""Summary of a plan for people: its sets and blocks as rows of a table."""

from __future__ import annotations

from typing import Any

from retrorig.plans.reader import board_text
from rigcore.plan import BYTES_MAX as BYTES_MAX
from rigcore.plan_progress import DEFAULTS, sets_n
from rigcore.vocabulary import DISTANCE, STEPS, TIME

Plan = dict[str, Any]

STEP_COLUMNS = ("sets", "kind", "target", "rest", "start", "band", "limit", "with")


def outline(plan: Plan) -> tuple[str, str, int, int]:
    """(id, name, sets, bytes on the rig)."""
    return plan["id"], plan["name"], sets_n(plan), len(board_text(plan))


def steps(plan: Plan) -> list[tuple[Any, ...]]:
    """One row a block, under STEP_COLUMNS."""
    return [_step({**DEFAULTS, **block}) for block in plan["blocks"]]


def _step(block: dict[str, Any]) -> tuple[Any, ...]:
    load_g = block["load_g"]
    others = (None if load_g is None else f"{load_g / 1000:g} kg", block["side"], block["attachment"])
    return (
        block["times"],
        block["kind"],
        _target(block),
        f"{block['rest_ms'] / 1000:g} s" if block["rest_ms"] else "until you move",
        block["start"],
        _joined(_band(block["speed_mmps"], "m/s"), _band(block["force_mn"], "N")),
        _joined(_limit(block["speed_max_mmps"], "m/s"), _limit(block["force_max_mn"], "N")),
        _joined(*others),
    )


def _target(block: dict[str, Any]) -> str:
    amount = block["amount"]
    texts = {DISTANCE: f"{amount / 1000:g} m", TIME: f"{amount / 1000:g} s", STEPS: f"{amount} steps"}
    return texts.get(block["target"], "open")


def _band(band: list[int] | None, unit: str) -> str | None:
    return None if band is None else f"{band[0] / 1000:g} to {band[1] / 1000:g} {unit}"


def _limit(limit: int | None, unit: str) -> str | None:
    return None if limit is None else f"{limit / 1000:g} {unit}"


def _joined(*texts: str | None) -> str | None:
    return ", ".join(text for text in texts if text) or None
