"""From a set's bytes and the notes beside it to its row in the catalogue."""

from __future__ import annotations

import copy
from typing import Any

from retrorig.library.edits import EDITABLE, Edits
from rigcore.decode import RawSet

SetRow = dict[str, Any]

MARGIN_S = 1.0
"""What stays beside a trimmed end, so that filters have something to stand on; more would be taken for rest."""


def understood(raw: RawSet, edits: Edits) -> RawSet:
    """The set under the calibration that was noted and within the part that was noted; `raw` stays as it is."""
    from retrorig.measure.recalibrate import recalibrated

    raw = recalibrated(raw, edits["calibration"]) if "calibration" in edits else raw
    start_s, end_s = edits.get("trim_start_s", 0.0), edits.get("trim_end_s", 0.0)
    return _trimmed(raw, start_s, end_s) if start_s or end_s else raw


def row_of(raw: RawSet, label: str | None, edits: Edits, started_utc: str | None) -> SetRow:
    """All keys of a set: `raw` as understood, made by the person of this label, started then."""
    from retrorig.measure.metrics import measure  # mathematics is loaded only where sets are measured

    row = {**measure(raw), "athlete": label, "tags": [], "started_utc": started_utc}
    row.update((key, edits[key]) for key in EDITABLE if key in edits)
    row["edited"] = sorted(edits)
    return row


def _trimmed(raw: RawSet, start_s: float, end_s: float) -> RawSet:
    """The same set without what lies more than MARGIN_S beyond the part that counts."""
    from retrorig.measure.motion import trace_motion

    shift_us, start_us = round(start_s * 1e6), raw.header["start_us"]
    end_us = start_us + round((trace_motion(raw).duration_s - end_s) * 1e6)
    low = start_us + shift_us - MARGIN_S * 1e6 if start_s else float("-inf")
    high = end_us + MARGIN_S * 1e6 if end_s else float("inf")
    inside = [number for number, t_us in enumerate(raw.t_us) if low <= t_us <= high]
    changed: dict[str, Any] = {"header": {**raw.header, "start_us": start_us + shift_us}}
    if "start_unix_ms" in raw.header:
        changed["header"]["start_unix_ms"] = raw.header["start_unix_ms"] + shift_us // 1000
    if end_s:
        changed["end"] = {**(raw.end or {"reason": "power_lost"}), "end_us": end_us}
    for name in ("t_us", "count", "code"):
        column = getattr(raw, name)
        changed[name] = [column[number] for number in inside]
    other = copy.copy(raw)
    vars(other).update(changed)
    return other
