"""Summary of a plan for people: its sets and blocks as rows of a table."""

from __future__ import annotations

from typing import Any

from retrorig.plans.reader import board_text
from retrorig.report.units import SI, Units
from rigcore.plan import BYTES_MAX as BYTES_MAX
from rigcore.plan_progress import DEFAULTS, sets_n
from rigcore.vocabulary import DISTANCE, STEPS, TIME

Plan = dict[str, Any]

STEP_COLUMNS = ("sets", "kind", "target", "rest", "start", "band", "limit", "with")


def outline(plan: Plan) -> tuple[str, str, int, int]:
    """(id, name, sets, bytes on the rig)."""
    return plan["id"], plan["name"], sets_n(plan), len(board_text(plan))


def steps(plan: Plan, units: Units = SI) -> list[tuple[Any, ...]]:
    """One row a block, under STEP_COLUMNS."""
    return [_step({**DEFAULTS, **block}, units) for block in plan["blocks"]]


def _step(block: dict[str, Any], units: Units) -> tuple[Any, ...]:
    load_g = block["load_g"]
    others = (None if load_g is None else f"{load_g / 1000:g} kg", block["side"], block["attachment"])
    return (
        block["times"],
        block["kind"],
        _target(block, units),
        f"{block['rest_ms'] / 1000:g} s" if block["rest_ms"] else "until you move",
        block["start"],
        _joined(
            _band(block["speed_mmps"], "m/s", units),
            _band(block["force_mn"], "N", units),
            _cadence(block["cadence_spm"]),
            _pace(block["pace_mmps"], units),
        ),
        _joined(_limit(block["speed_max_mmps"], "m/s", units), _limit(block["force_max_mn"], "N", units)),
        _joined(*others),
    )


def _target(block: dict[str, Any], units: Units) -> str:
    amount = block["amount"]
    texts = {DISTANCE: _in(units, amount, "m"), TIME: f"{amount / 1000:g} s", STEPS: f"{amount} steps"}
    return texts.get(block["target"], "open")


def _band(band: list[int] | None, unit: str, units: Units) -> str | None:
    return (
        None
        if band is None
        else f"{_in(units, band[0], unit).partition(' ')[0]} to {_in(units, band[1], unit)}"
    )


def _cadence(band: list[int] | None) -> str | None:
    return None if band is None else f"{band[0]} to {band[1]} steps/min"


def _pace(pace: int | list[int] | None, units: Units) -> str | None:
    if pace is None:
        return None
    *before, last = pace if isinstance(pace, list) else [pace]
    return " ".join(
        ["pace", *(_in(units, each, "m/s").partition(" ")[0] for each in before), _in(units, last, "m/s")]
    )


def _limit(limit: int | None, unit: str, units: Units) -> str | None:
    return None if limit is None else _in(units, limit, unit)


def _in(units: Units, thousandths: int, unit: str) -> str:
    """What the board keeps in thousandths of an SI unit; as a plan wrote it where that is the unit shown."""
    shown = thousandths / 1000 * units.factor(unit)
    return f"{shown:g} {unit}" if units.name(unit) == unit else f"{shown:.4g} {units.name(unit)}"


def _joined(*texts: str | None) -> str | None:
    return ", ".join(text for text in texts if text) or None
