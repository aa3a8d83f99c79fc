"""Finds the walk in a set's movement, from its first burst to its last, with hindsight.

A burst is a stretch of time in which the belt runs backward at more than a small share of the walk's usual speed. It
is walking unless it is too small, or comes back again: who leans creeps millimetres, who sways gives back what was
made, and a line that draws the belt back at each step takes a part of the step only. A walk goes on over stands that
are shorter than the rig's own `still_ms`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.lead_ins import last_given_back, without_lead_ins
from retrorig.measure.readings import Readings
from retrorig.measure.runs import runs_of
from rigcore.detect import REST_COUNTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STILL_MS = 3000
"""The rig's, where a set's header does not say it."""

PACE_S = (0.1, 0.5)
"""Speed is the way over so long around each reading, at least and at most: long against a count, short against a push.
Between the two, so long that a walk's usual pace makes PACE_COUNTS of a coarse encoder."""

PACE_COUNTS = 15

FLICKER_COUNTS, CLEAR, CREEP_PACE_S = 1.5 * REST_COUNTS, 3.0, 3.0
"""What the flicker of an edge may look like; a pace of less than CLEAR times that, as of a belt that creeps over a
coarse encoder, is taken over longer, up to CREEP_PACE_S."""

SLOW_SHARE = 0.08
"""A burst is faster than this share of the speed at which most metres are made."""

SWAY_FACTOR, SWAY_SHARE = 1.3, 0.25
"""It begins and ends where the belt is no faster than so many times what it creeps and sways in the stand beside, of
which no more is believed than the second, a share of the walk's speed."""

STAND_S, APART_S = 3.0, 0.4
"""The stand beside a burst in which the sway is seen, and how far it keeps from the burst."""

STEP_M, SMALL_M, SMALL_SHARE = 0.02, 0.01, 0.35
"""A burst of so much new ground is a step; one over the second is if it is faster than this share of the walk."""

BACK_SHARE, SWAY_M = 0.6, 0.1
"""A burst shorter than the second that gives back this share of its way was sway, unless new ground follows."""


class WalkSpan(NamedTuple):
    """Numbers of the readings just before the first movement and just after the last; is_open: it went on."""

    first: int
    last: int
    is_open: bool


class Bursts(NamedTuple):
    """Way and speed at each reading, and the bursts in them: parallel numbers of first and last reading.

    pace_s: over which the speed is. rest_mps: what the flicker of an encoder's edge looks like. usual_mps: the walk's.
    """

    t_s: Floats
    x_m: Floats
    pace_mps: Floats
    count_m: float
    pace_s: float
    rest_mps: float
    usual_mps: float
    first: Ints
    last: Ints


def find_walk(raw: Readings, bursts: Bursts) -> WalkSpan | None:
    """The walk among these bursts of the readings; None where no burst was one."""
    until = len(bursts.t_s) - 1
    chosen = _chain(raw, bursts, _is_walking(bursts).nonzero()[0])
    if not len(chosen):
        return None
    chosen = _led_in(raw, bursts, chosen, until)
    first, last = int(bursts.first[chosen[0]]), int(bursts.last[chosen[-1]])
    is_open = last >= until - 1
    return WalkSpan(_foot(bursts, first, -1), until if is_open else _foot(bursts, last, 1), is_open)


def _led_in(raw: Readings, bursts: Bursts, chosen: Ints, until: int) -> Ints:
    """The bursts of a walk without what led in; what gave ground back there makes none of the walk's old ground."""
    if len(chosen) < 2 or (raw.end or {}).get("pauses"):
        return chosen
    kept = without_lead_ins(bursts, raw.code[: until + 1], raw.header.get("zero"), chosen)
    lead_in = last_given_back(bursts, int(kept[0]))
    if lead_in < 0:
        return kept
    after = int(bursts.last[lead_in])
    begin = after + int(np.argmin(bursts.x_m[after : bursts.last[kept[0]] + 1]))
    anew = bursts._replace(x_m=np.where(np.arange(len(bursts.x_m)) < begin, bursts.x_m[begin], bursts.x_m))
    led_in = [lead_in, *chosen[: len(chosen) - len(kept)]]
    walking = np.flatnonzero(_is_walking(anew))
    found = _chain(raw, anew, walking[walking > max(led_in)])
    return found if len(found) else kept


def bursts_of(raw: Readings, until: int) -> Bursts:
    """All bursts of backward movement up to the reading `until`."""
    t_s: Floats = raw.t_us[: until + 1].astype(np.float64) * 1e-6
    count_m = raw.header["circumference_um"] / raw.header["counts_per_rev"] * 1e-6
    x_m = raw.count[: until + 1] * count_m
    pace_s = _pace_s(t_s, x_m, count_m)
    pace_mps = _pace(t_s, x_m, pace_s)
    usual_mps = _usual(x_m, pace_mps)
    if usual_mps < CLEAR * FLICKER_COUNTS * count_m / pace_s:
        pace_s = min(CLEAR * FLICKER_COUNTS * count_m / max(usual_mps, 1e-9), CREEP_PACE_S)
        pace_mps = _pace(t_s, x_m, pace_s)
        usual_mps = _usual(x_m, pace_mps)
    rest_mps = FLICKER_COUNTS * count_m / pace_s
    fast = pace_mps > max(rest_mps, SLOW_SHARE * usual_mps)
    runs = np.array(runs_of(fast), dtype=np.int64).reshape(-1, 2)
    return Bursts(t_s, x_m, pace_mps, count_m, pace_s, rest_mps, usual_mps, runs[:, 0], runs[:, 1] - 1)


def _pace_s(t_s: Floats, x_m: Floats, count_m: float) -> float:
    way_m = float(x_m.max() - x_m.min())
    if way_m == 0:
        return PACE_S[0]
    first, last = int((x_m != x_m[0]).argmax()) - 1, len(x_m) - 1 - int((x_m != x_m[-1])[::-1].argmax())
    mps = way_m / max(float(t_s[last] - t_s[first]), PACE_S[0])
    return min(max(PACE_S[0], PACE_COUNTS * count_m / mps), PACE_S[1])


def _pace(t_s: Floats, x_m: Floats, pace_s: float) -> Floats:
    return (np.interp(t_s + pace_s / 2, t_s, x_m) - np.interp(t_s - pace_s / 2, t_s, x_m)) / pace_s


def _usual(x_m: Floats, pace_mps: Floats) -> float:
    """The speed above which half of the backward metres were made."""
    order = pace_mps[1:].argsort()
    so_far = np.maximum(x_m[1:] - x_m[:-1], 0)[order].cumsum()
    if not len(so_far) or so_far[-1] <= 0:
        return 0.0
    return float(pace_mps[1:][order[so_far.searchsorted(so_far[-1] / 2)]])


def _is_walking(bursts: Bursts) -> NDArray[np.bool_]:
    """Which bursts were no lean and no sway."""
    if not len(bursts.first):
        return np.zeros(0, dtype=bool)
    furthest_m = np.maximum.accumulate(bursts.x_m)
    new_m = furthest_m[bursts.last] - np.maximum(
        furthest_m[np.maximum(bursts.first - 1, 0)], bursts.x_m[bursts.first]
    )
    way_m = bursts.x_m[bursts.last] - bursts.x_m[bursts.first]
    fastest = np.maximum.reduceat(bursts.pace_mps, bursts.first)
    lowest_m = np.minimum.reduceat(
        bursts.x_m, bursts.last
    )  # until the next one ends, so its begin is the lowest
    comes_back = (bursts.x_m[bursts.last] - lowest_m > BACK_SHARE * way_m) & (way_m < SWAY_M)
    is_followed = np.zeros(len(new_m), dtype=bool)
    is_followed[:-1] = new_m[1:] > SMALL_M
    is_fast = fastest >= SMALL_SHARE * bursts.usual_mps
    is_step = (new_m >= STEP_M) | ((new_m >= SMALL_M) & is_fast)
    goes_on = np.logical_or.accumulate(is_step[::-1])[::-1]
    on_old_ground = (way_m >= SWAY_M) & goes_on  # of one who is drawn back at each step
    return (is_step & (is_followed | ~comes_back)) | on_old_ground


def _chain(raw: Readings, bursts: Bursts, walking: Ints) -> Ints:
    """The walking bursts of one walk: the walk in which most metres were made."""
    if len(walking) < 2 or (raw.end or {}).get("pauses"):
        return walking
    still_s = raw.header.get("still_ms", STILL_MS) * 1e-3
    stood_s = bursts.t_s[bursts.first[walking[1:]]] - bursts.t_s[bursts.last[walking[:-1]]]
    parts = np.split(walking, np.flatnonzero(stood_s > still_s) + 1)
    return max(parts, key=lambda part: bursts.x_m[bursts.last[part[-1]]] - bursts.x_m[bursts.first[part[0]]])


def _foot(bursts: Bursts, edge: int, way: int) -> int:
    """From a burst's first (way -1) or last (1) reading on to where the belt is as slow as in the stand beside."""
    slow_mps = max(bursts.rest_mps, _sway(bursts, edge, way))
    is_slow = bursts.pace_mps[edge::way] <= slow_mps
    beside = int(is_slow.argmax())  # 0, too, where nothing is
    foot = edge + way * beside if is_slow[beside] else (0 if way < 0 else len(bursts.t_s) - 1)
    return _at_rest(bursts, min(foot, edge), max(foot, edge), way)


def _at_rest(bursts: Bursts, first: int, last: int, way: int) -> int:
    """Of these readings the last (way -1) or first (1) one at which the belt lay where it did at rest."""
    part_m = way * bursts.x_m[first : last + 1]
    lying = part_m >= part_m.max() - REST_COUNTS * bursts.count_m
    return first + int(lying.argmax()) if way > 0 else last - int(lying[::-1].argmax())


def _sway(bursts: Bursts, edge: int, way: int) -> float:
    """Highest speed of the sway in the stand beside a burst, with an allowance for chance."""
    at_s = bursts.t_s[edge]
    near, far = bursts.t_s.searchsorted((at_s + way * APART_S, at_s + way * STAND_S)).tolist()
    stand_mps = bursts.pace_mps[min(near, far) : max(near, far)]
    most = float(stand_mps.max(initial=0.0))  # backward only: who goes forward from there walks
    return min(SWAY_FACTOR * most, SWAY_SHARE * bursts.usual_mps)
