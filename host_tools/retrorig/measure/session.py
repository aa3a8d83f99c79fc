"""What the board logs of a set beside its samples: pauses, the rest before it, limits exceeded, taken back or not."""

from __future__ import annotations

from typing import Any

from retrorig.measure.readings import Raw


def session_of(raw: Raw) -> dict[str, Any]:
    """The object `session` of a set.

    paused_s, pauses: standstill within a set that has a target, which duration_s contains and the target's
    clock does not. pause_backward_m, pause_forward_m: moved meanwhile, contained in the set's metres.
    rest_s, rest_backward_m, rest_forward_m: of the rest before the set, contained in no set; rest_s is
    None for the first after a start. remarks: how many movements of each kind in that rest were no walk.
    over_speed_s, over_force_s: above the plan's limits. step: place in the plan, from 0.
    pace_mps, cadence_asked_spm: the plan's pace, and the lowest and highest cadence that it asked.
    colour: what the coach's rule made of the answers. undone: the athlete took the set back.
    """
    header, end, note = raw.header, raw.end or {}, raw.note
    metres = header["circumference_um"] / header["counts_per_rev"] * 1e-6
    pauses, over_ms = end.get("pauses", ()), end.get("over_ms", {})
    rest_ms, rest_counts = header.get("rest_ms"), header.get("rest_counts", (0, 0))
    return {
        "paused_s": end.get("paused_ms", sum(stop - start for start, stop, *_ in pauses) // 1000) / 1000,
        "pauses": len(pauses),
        "pause_backward_m": sum(pause[2] for pause in pauses) * metres,
        "pause_forward_m": sum(pause[3] for pause in pauses) * metres,
        "rest_s": None if rest_ms is None else rest_ms / 1000,
        "rest_backward_m": rest_counts[0] * metres,
        "rest_forward_m": rest_counts[1] * metres,
        "remarks": {kind: entry[0] for kind, entry in header.get("remarks", {}).items()},
        "over_speed_s": over_ms.get("speed_max_mmps", 0) / 1000,
        "over_force_s": over_ms.get("force_max_mn", 0) / 1000,
        "pace_mps": None if header.get("pace_mmps") is None else header["pace_mmps"] / 1000,
        "cadence_asked_spm": header.get("cadence_spm"),
        "step": header.get("step"),
        "colour": note.get("colour") or None,
        "undone": bool(note.get("undone")),
    }


def ahead_m(distance_m: float, moved_s: float, pace_mps: float) -> float:
    """Metres ahead of a pace after so many seconds without pauses; less than 0 behind it."""
    return distance_m - pace_mps * moved_s
