"""Checks a rig's answers: a faulty or hostile board ends in a sentence and gets into no file name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from retrorig.errors import RigRefusedError
from retrorig.forms import TEXT_MAX, is_rig_id, is_short, is_whole_number

_ID, _TEXT, _WHOLE, _MAYBE = (
    "an id of letters and digits",
    "a short text",
    "a whole number",
    "a whole number or null",
)
_PIECE = "a text"
_BY_NAME, _ROWS = "whole numbers by name", "rows of three whole numbers"
_FITS: dict[str, Callable[[Any], bool]] = {
    _ID: is_rig_id,
    _TEXT: is_short,
    _PIECE: lambda value: isinstance(value, str),
    _WHOLE: is_whole_number,
    _MAYBE: lambda value: value is None or is_whole_number(value),
    _BY_NAME: lambda value: isinstance(value, dict) and all(map(is_whole_number, value.values())),
    _ROWS: lambda value: isinstance(value, list) and all(map(_is_row, value)),
}
_FORMS: dict[str, dict[str, str]] = {
    "hello": {
        "rig": _ID, "firmware": _TEXT, "protocol": _WHOLE, "oldest": _WHOLE,
        "boot": _WHOLE, "era": _WHOLE, "board_us": _WHOLE, "pack": _TEXT,
    },
    "info": {
        "state": _TEXT, "phase": _TEXT, "calibration": _TEXT, "doubt": _TEXT, "faults": _BY_NAME,
        "force_mn": _MAYBE,
        **dict.fromkeys(
            ("counts", "speed_mmps", "sets", "room_bytes", "room_min", "room_sets", "bad_sectors", "heap_free",
             "lost", "dropped", "rate_mhz", "uptime_ms", "reset_cause"), _WHOLE),
    },
    "clock": {"board_us": _WHOLE},
    "sets": {"first": _WHOLE, "next": _WHOLE, "sets": _ROWS},
    "read": {"sent": _WHOLE},
    "plan-get": {"text": _PIECE, "length": _WHOLE},
    "trace": {"first": _WHOLE, "end": _WHOLE},
}  # fmt: skip


class Answer(dict[str, Any]):
    """A rig's answer by its keys; a key that is not there is the rig's fault and said as such."""

    def __missing__(self, key: str) -> Any:
        raise odd(f"it lacks {key}")


def answer_of(payload: bytes) -> Answer:
    """A frame's answer; RigRefusedError when it is none."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        raise odd("it is not JSON") from None
    if not isinstance(found, dict):
        raise odd("it is no JSON object")
    return Answer(found)


def accepted(verb: str, answer: Answer) -> Answer:
    """The answer itself; RigRefusedError when the rig refuses, or says what can't be."""
    if "err" in answer:
        text = answer.get("text", answer["err"])
        raise RigRefusedError(f"The rig refused: {str(text)[:TEXT_MAX]}", str(answer["err"])[:TEXT_MAX])
    for key, form in _FORMS.get(verb, {}).items():
        if key in answer and not _FITS[form](answer[key]):
            raise odd(f"{key} is not {form}")
    return answer


def _is_row(value: Any) -> bool:
    """Number, length and checksum of a set."""
    return isinstance(value, list) and len(value) == 3 and all(is_whole_number(each, 0) for each in value)


def odd(why: str) -> RigRefusedError:
    """The error for an answer that no rig should give."""
    return RigRefusedError(
        f"The rig's answer makes no sense ({why}): flash its firmware anew with `retrorig flash --firmware-only`.",
        "odd",
    )
