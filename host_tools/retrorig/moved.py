"""Sentences on metres that a rig moved outside of sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMES = {
    "kick": ("kick", "kicks"),
    "shift": ("shift of the belt", "shifts of the belt"),
    "hand": ("movement by hand or paw", "movements by hand or paw"),
    "full": ("walk that found the store full", "walks that found the store full"),
}
"""Kinds of remarks, as rigcore/verdict.py and rigcore/session.py name them, of one and of several."""

LEAST_M = 0.05
"""Less is how a belt settles."""


def told_moved(answer: Mapping[str, Any]) -> str:
    """A sentence about the metres in no set since the rig was started, by its `info`; "" when there are none.

    An older firmware does not tell them.
    """
    moved, roller = answer.get("moved"), answer.get("roller")
    if not moved or not roller:
        return ""
    metre = roller[1] * 1e-6 / roller[0]
    remarks: Mapping[str, Sequence[int]] = moved["remarks"]
    backward_m = (moved["between"][0] + sum(entry[1] for entry in remarks.values())) * metre
    forward_m = (moved["between"][1] + sum(entry[2] for entry in remarks.values())) * metre
    return sentence(backward_m, forward_m, {kind: entry[0] for kind, entry in remarks.items()})


def sentence(backward_m: float, forward_m: float, remarks: Mapping[str, int]) -> str:
    """Metres in no set, and how many remarks of each kind are among them."""
    if backward_m < LEAST_M and forward_m < LEAST_M:
        return ""
    ways = f"{backward_m:.1f} m" + (f" and {forward_m:.1f} m forward" if forward_m >= LEAST_M else "")
    kinds = [f"{n} {NAMES.get(kind, (kind, kind))[n > 1]}" for kind, n in remarks.items() if n]
    return f"{ways} were moved that are in no set: {', '.join(kinds) or 'way between sets'}"
