"""From a set's bytes and the notes beside it to its row in the catalogue."""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right
from typing import Any

from retrorig.library.notes import CALIBRATION, EDITABLE, REMOVED, Edits
from retrorig.set_row import SetRow
from rigcore.decode import RawSet
from rigcore.vocabulary import END_POWER_LOST

MARGIN_S = 1.0
"""What stays beside a trimmed end, so that filters have something to stand on; more would be taken for rest."""


def understood(raw: RawSet, edits: Edits) -> RawSet:
    """The set under the calibration that was noted and within the part that was noted; `raw` stays as it is."""
    from retrorig.measure.recalibrate import recalibrated

    raw = recalibrated(raw, edits[CALIBRATION]) if CALIBRATION in edits else raw
    start_s, end_s = edits.get("trim_start_s", 0.0), edits.get("trim_end_s", 0.0)
    return _trimmed(raw, start_s, end_s) if start_s or end_s else raw


def row_of(raw: RawSet, label: str | None, edits: Edits, started_utc: str | None) -> SetRow:
    """All of a set but the name: `raw` as understood, made by the person of this label, started then."""
    from retrorig.measure.metrics import measure  # mathematics is loaded only where sets are measured

    noted = {key: edits[key] for key in (*EDITABLE, REMOVED) if key in edits}
    label = noted.pop("athlete", label)
    edited = sorted(set(edits) - {REMOVED})
    return SetRow(**{**measure(raw), "started_utc": started_utc, **noted}, label=label, edited=edited)


def _trimmed(raw: RawSet, start_s: float, end_s: float) -> RawSet:
    """The same set from one reading to another, without what lies more than MARGIN_S beyond them."""
    from retrorig.measure.motion import trace_motion

    motion = trace_motion(raw)
    recorded_us = raw.header["start_us"]
    last_us = motion.start_us + (motion.duration_s - end_s) * 1e6
    start_us, end_us = recorded_us, round(last_us)
    if start_s:
        start_us = raw.t_us[bisect_left(raw.t_us, motion.start_us + start_s * 1e6)]
    if end_s:
        end_us = raw.t_us[bisect_right(raw.t_us, last_us) - 1]
    low = start_us - MARGIN_S * 1e6 if start_s else float("-inf")
    high = end_us + MARGIN_S * 1e6 if end_s else float("inf")
    inside = slice(bisect_left(raw.t_us, low), bisect_right(raw.t_us, high))
    changed: dict[str, Any] = {name: getattr(raw, name)[inside] for name in ("t_us", "count", "code")}
    changed["header"] = {**raw.header, "start_us": start_us, "is_cut": bool(start_s)}
    if "start_unix_ms" in raw.header:
        changed["header"]["start_unix_ms"] += (start_us - recorded_us) // 1000
    if end_s:
        changed["end"] = {**(raw.end or {"reason": END_POWER_LOST}), "end_us": end_us, "is_cut": True}
    other = copy.copy(raw)
    vars(other).update(changed)
    return other
