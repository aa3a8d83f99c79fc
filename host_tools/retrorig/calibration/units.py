"""Weights and lengths as people write them: always with their unit, so that none is taken for another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from retrorig.errors import InputError

WEIGHTS_N = {"kg": 9.80665, "g": 9.80665e-3, "N": 1.0, "lb": 4.4482216}
"""Newtons a unit, at standard gravity; the earth's own differs by up to 0.3 % with the place."""

LENGTHS_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "ft": 304.8}
_QUANTITY = re.compile(r"(\d+\.?\d*|\.\d+)\s*([A-Za-z]+)", re.ASCII)


@dataclass(frozen=True)
class Quantity:
    """What was written, and its value in newtons or millimetres."""

    text: str
    value: float


def weight(text: str) -> Quantity:
    """Newtons of "5kg", "49 N" or "11 lb"; InputError without a unit."""
    return _quantity(text, WEIGHTS_N, "weight", "5kg or 49N")


def length(text: str) -> Quantity:
    """Millimetres of "10m", "250 mm" or "33ft"; InputError without a unit."""
    return _quantity(text, LENGTHS_MM, "length", "10m or 250mm")


def _quantity(text: str, units: Mapping[str, float], kind: str, example: str) -> Quantity:
    found = _QUANTITY.fullmatch(text.strip())
    size = next((units[unit] for unit in units if found and found[2].lower() == unit.lower()), None)
    if found is None and _QUANTITY.fullmatch(pointed := text.strip().replace(",", ".", 1)):
        raise InputError(f"{text.strip()[:30]!r} is no {kind}: write it with a point, as {pointed[:30]}.")
    if found is None or size is None:
        raise InputError(f"{text.strip()[:30]!r} is no {kind}: write it with its unit, as in {example}.")
    value = float(found[1]) * size
    if value <= 0:
        raise InputError(f"A {kind} of {text.strip()} tells nothing: take one above zero.")
    return Quantity(found[1] + next(unit for unit in units if unit.lower() == found[2].lower()), value)
