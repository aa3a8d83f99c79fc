"""The rig's sensors as they stand, in windows that share no conversion.

Time is the board's, so that a virtual rig that runs quicker than the clock on the wall calibrates quicker too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import fmean

from retrorig.errors import InputError
from retrorig.link.client import RigClient

LOOK_S = 0.05
CONVERSIONS_N = 64
"""The board's mean is over so many at most."""

RATE_HZ = 80.0
"""Taken for the converter's until the board has measured it."""

STEADY_N = 3
"""Windows in a row that must agree."""

STEADY_CODES = 20
STEADY_SPREADS = 0.25
"""Means of 64 conversions scatter by a 38th of their spread; a quarter of it is a trend."""

QUIET_CODES = 1000
QUIET_REL = 0.01
"""Largest spread of a quiet cell: these codes, and this share of what the load itself makes."""

STILL_COUNTS = 4
"""An edge that dithers moves the count to and fro."""

LIMIT_S = 60.0


@dataclass(frozen=True)
class Window:
    """board_s: end of the window. code: mean of the conversions, None without; spread: largest less smallest."""

    board_s: float
    counts: int
    code: float | None
    spread: int
    is_full: bool


@dataclass(frozen=True)
class Level:
    """A steady code, and the belt's count at its end."""

    code: float
    counts: int
    spread: int


class Sensors:
    """Windows of a rig, as they come."""

    def __init__(self, client: RigClient) -> None:
        self._client = client
        self._low, self._high = math.inf, -math.inf
        self._kept_range = 0.0
        rate_hz = client.info().get("rate_mhz", 0) / 1000 or RATE_HZ
        self.window_s = CONVERSIONS_N / rate_hz

    def look(self) -> Window:
        """The latest window."""
        raw = self._client.request("raw")
        if raw["code"] is not None:
            self._low, self._high = min(self._low, raw["code"]), max(self._high, raw["code"])
        return Window(
            raw["board_us"] * 1e-6,
            raw["counts"],
            raw["code"],
            raw["spread"],
            raw["conversions"] >= CONVERSIONS_N,
        )

    @property
    def code_range(self) -> float:
        """Largest less smallest mean code of all looks so far, or of one movement of those that were told apart."""
        return max(self._kept_range, self._high - self._low)

    def end_movement(self, counts_as_one: bool) -> None:
        """Begin a new range of codes; the one so far is kept only when it was a movement's."""
        if counts_as_one:
            self._kept_range = self.code_range
        self._low, self._high = math.inf, -math.inf

    def windows(self, every_s: float) -> Iterator[Window]:
        """A window each `every_s` of the board's time, the first begun now."""
        window = self.look()
        last_s, seen_s, pace = window.board_s, self._client.monotonic(), 1.0
        while True:
            self._client.listen(max(LOOK_S, (last_s + every_s - window.board_s) / pace))
            before_s, window = window.board_s, self.look()
            heard_s, seen_s = seen_s, self._client.monotonic()
            pace = max(1.0, (window.board_s - before_s) / (seen_s - heard_s))
            if window.board_s - last_s >= every_s:
                last_s = window.board_s
                yield window


def is_steady(latest: list[Window], zero: float | None = None) -> bool:
    """Whether these windows show one load at rest, and nobody on the belt."""
    codes = [window.code for window in latest if window.is_full and window.code is not None]
    if len(codes) < STEADY_N or moved(latest):
        return False
    spread = max(window.spread for window in latest)
    load = 0.0 if zero is None else abs(fmean(codes) - zero)
    is_quiet = spread <= max(QUIET_CODES, QUIET_REL * load)
    return is_quiet and max(codes) - min(codes) <= max(STEADY_CODES, STEADY_SPREADS * spread)


def moved(latest: list[Window]) -> bool:
    """Whether the belt moved."""
    counts = [window.counts for window in latest]
    return max(counts) - min(counts) > STILL_COUNTS


def level_of(latest: list[Window]) -> Level:
    """The level that steady windows show."""
    codes = [window.code for window in latest if window.code is not None]
    return Level(fmean(codes), latest[-1].counts, max(window.spread for window in latest))


def settle(sensors: Sensors, say: Callable[[str], None], zero: float | None = None) -> Level:
    """Wait until the load hangs still; InputError with what was in the way after LIMIT_S.

    zero: code without load, where it is known.
    """
    latest: list[Window] = []
    start_s, reason = None, ""
    for window in sensors.windows(sensors.window_s):
        start_s = start_s or window.board_s
        latest = [*latest, window][-STEADY_N:]
        if is_steady(latest, zero):
            return level_of(latest)
        if (now := unrest(latest)) != reason and len(latest) == STEADY_N:
            reason = now
            say(f"{reason} Waiting until that is over.")
        if window.board_s - start_s > LIMIT_S + STEADY_N * sensors.window_s:
            break
    raise InputError(f"{reason} The old calibration stays; mend that and begin again.")


def unrest(latest: list[Window]) -> str:
    """Why these windows are not steady, as a sentence."""
    if moved(latest):
        return "The belt moves: step off it and lean on nothing."
    if latest[-1].code is None:
        return "The load cell gives no values: see `retrorig doctor`."
    return "The load swings or still settles."
