"""Belts whose true speed is known, for judging speed estimators.

A recording is played as the virtual rig plays it, straight between rows, its own measuring noise included. Its
truth is the slope of a cubic fitted to the played belt for `TRUTH_S` to each side (no shift in time). What that
truth is unsure of is stated in MEASUREMENT.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.walker_belt import WalkerBelt

from retrorig.recording import read_recording

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

TESTS = Path(__file__).parents[1]
FOLDERS = (TESTS.parent / "host_tools" / "retrorig" / "recordings", TESTS / "recordings" / "belts")
RECORDINGS = {  # TRUTH_S: longer than the recording's own steps, shorter than what people do with a belt
    "wheel-push-steady": 0.06,
    "wheel-push-varied": 0.06,
    "treadmill-belt": 0.06,
    "hand-wheel-reversals-1": 0.03,
    "hand-wheel-reversals-2": 0.03,
}
GRID_S = 0.0005
RECORDED_MAX_S = 60.0


@dataclass(frozen=True)
class Motion:
    """Position (m) and speed (m/s) at times from 0 to `end_s`."""

    name: str
    position_m: Function
    speed_mps: Function
    end_s: float


def motions() -> list[Motion]:
    """The built-in walker, steady gaits, constant, accelerating and reversing belts, recordings."""
    walks = [_walker(speed) for speed in (0.3, 1.0, 2.0, 5.0, 8.0)]
    gaits = [_gait(speed, hz) for speed, hz in ((0.3, 1.0), (1.0, 1.9), (2.0, 2.6), (5.0, 3.2), (8.0, 3.5))]
    constant = [_constant(speed) for speed in (0.05, 0.2, 1.0, 8.0)]
    changing = [
        _from_speed("accelerating to 8 m/s", lambda t: np.interp(t, [1, 11, 13, 17], [0, 8, 8, 0]), 19.0),
        _from_speed("swinging 1 m/s", lambda t: np.sin(0.8 * np.pi * (t - 1)) * (t > 1), 15.0),
        _from_speed("reversing 2 m/s", lambda t: np.interp(t % 4, [0, 1, 3, 4], [0, 2, -2, 0]), 16.0),
    ]
    return [*walks, *gaits, *constant, *changing, *(_recorded(name, w) for name, w in RECORDINGS.items())]


def _walker(speed: float) -> Motion:
    """The walker moves evenly between knots: their slopes, in the middle between two knots, are its speed."""
    belt = WalkerBelt(sets=1, distance_m=18 * speed, speed_mps=speed, wait_s=1.0, rest_s=0.0)
    knots_s = np.arange(0, belt.end_s, belt.GRID_S)
    position = np.array([belt.position_m(t) for t in knots_s])
    slopes, middles_s = np.diff(position) / belt.GRID_S, knots_s[:-1] + belt.GRID_S / 2
    return Motion(
        f"built-in walker {speed:g} m/s",
        lambda t: np.interp(t, knots_s, position),
        lambda t: np.interp(t, middles_s, slopes),
        belt.end_s - belt.GRID_S,
    )


def _gait(speed: float, step_hz: float) -> Motion:
    """Steps as people take them: 15 % ripple at the step, 4 % at twice that."""

    def ripple(t: Floats) -> Floats:
        phase = 2 * np.pi * step_hz * t
        return 1 + 0.15 * np.sin(phase) + 0.04 * np.sin(2 * phase + 1)

    name = f"gait {speed:g} m/s, {step_hz:g} steps/s"
    return _from_speed(name, lambda t: speed * np.clip(t - 1, 0, 1) * ripple(t), 16.0)


def _constant(speed: float) -> Motion:
    return _from_speed(f"constant {speed:g} m/s", lambda t: speed * np.clip((t - 1) / 0.5, 0, 1), 9.0)


def _from_speed(name: str, speed_mps: Function, end_s: float) -> Motion:
    grid_s = np.arange(0, end_s + 0.1, GRID_S)
    speed = speed_mps(grid_s)
    position = np.concatenate(([0.0], np.cumsum((speed[1:] + speed[:-1]) * (GRID_S / 2))))
    return Motion(name, lambda t: np.interp(t, grid_s, position), speed_mps, end_s)


def _recorded(name: str, truth_s: float) -> Motion:
    path = next(folder / f"{name}.csv" for folder in FOLDERS if (folder / f"{name}.csv").exists())
    recording = read_recording(path)
    time_s, belt_m = np.array(recording.time_s), np.array(recording.belt_m)
    end_s = min(recording.end_s, RECORDED_MAX_S)
    grid_s = np.arange(-0.2, end_s + 0.2, 0.001)
    played = np.interp(grid_s, time_s, belt_m)
    half = round(truth_s / 0.001)
    kernel: Floats = np.linalg.pinv(np.vander(np.arange(-half, half + 1.0), 4, increasing=True))[1] / 0.001
    speed = np.convolve(played, kernel[::-1], mode="same")
    return Motion(
        name, lambda t: np.interp(t, time_s, belt_m), lambda t: np.interp(t, grid_s, speed), end_s - 0.1
    )
