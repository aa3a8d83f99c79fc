"""Reads a set's bytes and checks the values in its header, end and note.

A sum tells that bytes are those that a board wrote, not that they make sense: another firmware, a client of somebody
else's or a hostile board may write anything. A value that can't be is left out as if it had not been known; a set
without what every quantity needs is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from retrorig.forms import is_plain, is_whole_number
from retrorig.library.clocks import UNIX_MS
from retrorig.vocabulary import KINDS
from rigcore import fields
from rigcore.decode import RawSet, decode_set, iter_records, unpack_header
from rigcore.vocabulary import MACHINES, SIDES

Fits = Callable[[Any], bool]

_SAMPLE_MAX = 1 << 31
"""Counts and codes have 31 bits on the board."""

RIG_MAX = 32
"""Characters of a rig's id in a set; ours have 12 hex digits. Sets and folders are named by it."""


def read_set(blob: bytes) -> RawSet:
    """The set; ValueError when the bytes are none, or lack what every quantity needs."""
    raw = decode_set(blob)
    raw.header = _header(raw.header)
    end = _fitting(raw.end or {})
    raw.end = end if "reason" in end and "end_us" in end else None  # type: ignore[assignment]
    raw.note = _fitting(raw.note)
    for column in (raw.count, raw.code):
        if column and not -_SAMPLE_MAX <= min(column) <= max(column) < _SAMPLE_MAX:
            raise ValueError("its samples are beyond any sensor")
    return raw


def header_of(blob: bytes) -> dict[str, Any]:
    """A set's header alone, which is quicker to read than the set."""
    _, _, body, _ = next(iter_records(blob))
    return _header(unpack_header(body))


def _header(found: dict[str, Any]) -> dict[str, Any]:
    header = _fitting(found)
    for key in _NEEDED:
        if key not in header:
            raise ValueError(f"its header's {key} is missing or can't be")
    if "zero" not in header:
        header.pop("scale_nn", None)
    return header


def _fitting(found: dict[str, Any]) -> dict[str, Any]:
    """Without the values that can't be; what has no form here means nothing to this program and stays."""
    return {key: value for key, value in found.items() if key not in _FORMS or _FORMS[key](value)}


def _from(low: int, *high: int) -> Fits:
    return lambda value: is_whole_number(value, low, *high)


def _are(n: int | None, fits: Fits) -> Fits:
    """A list of so many that fit, None for any number."""
    return lambda value: isinstance(value, list) and n in (None, len(value)) and all(map(fits, value))


def _are_remarks(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(map(_are(3, is_whole_number), value.values()))
        and all(map(is_plain, value))
    )


def _are_times(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_from(0), value.values()))


_NEEDED = ("rig", "boot", "no", "start_us", "counts_per_rev", "circumference_um")
_FORMS: dict[str, Fits] = {
    **{
        name: is_plain if number in fields.TEXTS else is_whole_number
        for number, name in fields.FIELDS.items()
    },
    **dict.fromkeys(
        ("boot", "no", "era", "step", "rest_ms", "load_g", "delay_conv", "samples", "lost"), _from(0)
    ),
    **dict.fromkeys(("circumference_pm_ppm", "span_pm_ppm", "linearity_mn", "paused_ms"), _from(0)),
    **dict.fromkeys(("start_us", "end_us"), _from(0)),
    **dict.fromkeys(("counts_per_rev", "circumference_um", "rate_mhz"), _from(1)),
    **dict.fromkeys(("rpe", "pain"), _from(0, 10)),
    "rig": lambda value: is_plain(value) and 0 < len(value) <= RIG_MAX,
    "start_unix_ms": _from(*UNIX_MS),
    "rest_counts": _are(2, is_whole_number),
    "remarks": _are_remarks,
    "pauses": _are(None, _are(4, is_whole_number)),
    "over_ms": _are_times,
    "kind": lambda value: value in KINDS,
    "machine": lambda value: value in MACHINES,
    "side": lambda value: value in SIDES,
    "target": _are(2, lambda value: is_plain(value) or is_whole_number(value)),
    "colour": is_plain,
    "pace_mmps": _from(1),
    "cadence_spm": _are(2, _from(1)),
}
