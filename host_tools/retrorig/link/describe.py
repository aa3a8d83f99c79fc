"""Describes a rig in words, from its answers to `hello` and `info`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrorig.moved import told_moved
from rigcore.vocabulary import NOT_CALIBRATED

RESETS = {
    1: "power-on",
    2: "a software reset or a crash",
    3: "the watchdog",
    4: "deep sleep",
    5: "a soft reset",
}
"""As MicroPython tells it on the ESP32: a brownout and the EN button count as power-on."""

_FAULTS = {
    "desync": "torn reads",
    "overlap": "reads into the next conversion",
    "saturated": "readings at the end stop",
    "silent": "silences",
    "missed": "missed conversions",
    "paused": "conversions passed over while flash was erased at standstill",
    "restarts": "restarts of the converter",
    "dropped": "callbacks dropped",
}
"""Settling, which every start has, is none."""


def described(answer: Mapping[str, Any]) -> dict[str, str]:
    """Name and words of each fact; `answer` holds the keys of both answers."""
    force, seconds = answer["force_mn"], answer["uptime_ms"] // 1000
    return {
        "rig": f"{answer['rig']}, firmware {answer['firmware']}, protocol {answer['protocol']}",
        "build": answer["pack"] or "from single files",
        "state": answer["state"],
        "speed": f"{answer['speed_mmps'] / 1000:.2f} m/s backward",
        "pull": "not measured" if force is None else f"{force / 1000:.1f} N",
        "belt": f"{answer['counts']} counts, net backward since the start",
        "sets to pull": f"{answer['sets']}",
        "room left": f"about {answer['room_min']} min of walking, or {answer['room_sets']} sets like the latest",
        "calibration": _calibration(answer["calibration"]),
        "started": f"{_clock(seconds)} ago, start number {answer['boot']}, by {reset_cause(answer)}",
        "memory": f"{answer['heap_free']} bytes free",
        "in no set": told_moved(answer) or "nothing since the start",
        "looks wrong": answer["doubt"] or "nothing",
        "losses": _losses(answer),
    }


def reset_cause(answer: Mapping[str, Any]) -> str:
    """Why the board started last."""
    return RESETS.get(answer["reset_cause"], f"cause {answer['reset_cause']}")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _calibration(name: str) -> str:
    return "none yet: `retrorig calibrate` makes one" if name == NOT_CALIBRATED else name


def _losses(answer: Mapping[str, Any]) -> str:
    counted = [
        f"{answer['faults'][key]} {words}" for key, words in _FAULTS.items() if answer["faults"].get(key)
    ]
    if answer.get("damaged"):
        counted.append(f"{answer['damaged']} damaged places in the store (`retrorig doctor` names them)")
    if answer["bad_sectors"]:
        counted.append(f"{answer['bad_sectors']} bad sectors of flash")
    return "; ".join(counted) or "none since the start"
