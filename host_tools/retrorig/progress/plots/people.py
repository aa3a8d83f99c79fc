"""Pictures of what an athlete did: day, trend, sides, fatigue, profile."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retrorig.progress.day import Day
from retrorig.progress.fatigue import Fatigue
from retrorig.progress.felt import Felt
from retrorig.progress.plots.style import AMBER, BLUE, GREY, RED, bars
from retrorig.progress.profile import NextLoad, Profile
from retrorig.progress.sides import Sides
from retrorig.progress.trend import Trend

_TREND = (
    ("duration_s", "time, min", 1 / 60),
    ("backward_m", "distance, m", 1.0),
    ("work_j", "work, kJ", 1e-3),
)
_SPEEDS = (
    ("best_mps", "^", GREY, "fastest stretch"),
    ("mean_mps", "o", BLUE, "steady mean"),
    ("last_mps", "v", RED, "last stretch"),
)
_QUANTITIES = {
    "mean_speed_mps": "mean speed",
    "mean_force_n": "mean force",
    "mean_power_w": "mean power",
    "work_j": "work",
}


def day(figure: Figure, found: Day) -> None:
    """Speed and force of each set."""
    speed, force = figure.subplots(2, 1, sharex=True)
    place = np.arange(1, len(found.sets) + 1)
    bars(speed, place, [row["mean_speed_mps"] for row in found.sets], BLUE, "mean speed, m/s")
    bars(force, place, [row["mean_force_n"] for row in found.sets], RED, "mean force, N")
    force.set_xticks(place, [_set_label(number, row) for number, row in enumerate(found.sets, 1)])
    figure.suptitle(f"{found.day}{', ' + found.athlete if found.athlete else ''}")


def _set_label(number: int, row: dict[str, Any]) -> str:
    load = "" if row["load_kg"] is None else f"\n{row['load_kg']:g} kg"
    return f"{number}{load}\n{row['backward_m']:.0f} m"


def trend(figure: Figure, found: Trend) -> None:
    """Time, distance and work a week; what grew by more than the limit in another colour."""
    axes = figure.subplots(len(_TREND), 1, sharex=True)
    place = np.arange(len(found.weeks))
    for axis, (key, label, scale) in zip(axes, _TREND, strict=True):
        values = [(getattr(week.totals, key) or 0.0) * scale for week in found.weeks]
        over = [number for number, week in enumerate(found.weeks) if key in week.over_limit]
        bars(axis, place, values, BLUE, label)
        axis.bar(over, [values[number] for number in over], color=RED)
    axes[-1].set_xticks(place, [week.monday for week in found.weeks], rotation=45, ha="right")
    axes[-1].set_xlabel("week of")
    if any(week.over_limit for week in found.weeks):
        figure.suptitle(f"red: grew by more than {found.limit_pct:g} %", color=RED)


def felt(figure: Figure, found: Felt) -> None:
    """Mean effort and worst pain of each day, 0 to 10."""
    axis = figure.subplots()
    for key, mark, colour, label in (("rpe", "o", BLUE, "effort, mean"), ("pain", "^", RED, "pain, worst")):
        known = [(day.day, value) for day in found.days if (value := getattr(day, key)) is not None]
        days = np.array([day for day, _ in known], dtype="datetime64[D]")
        axis.plot(days, [value for _, value in known], f"{mark}-", color=colour, label=label)
    axis.set_ylim(-0.3, 10.3)
    axis.set_ylabel("points of 10")
    axis.tick_params(axis="x", rotation=45)
    figure.legend(loc="outside upper center", ncols=2)


def sides(figure: Figure, found: Sides) -> None:
    """Differences with their intervals, about the line of none."""
    axis = figure.subplots()
    names = [_QUANTITIES[each.quantity] for each in found.by_side]
    if names:
        axis.errorbar(
            [each.index_pct for each in found.by_side],
            np.arange(len(names)),
            xerr=[each.index_pm_pct for each in found.by_side],
            **_marked("o", BLUE, "sets, right less left, with 95 % interval"),
        )
    steps = found.by_steps
    if steps:
        spread = [[steps.median_pct - steps.lowest_pct], [steps.highest_pct - steps.median_pct]]
        label = "steps, without sign: median and range over the sets"
        axis.errorbar([steps.median_pct], [len(names)], xerr=spread, **_marked("s", AMBER, label))
        names.append("step against step")
    axis.axvline(0, color=GREY, linewidth=1)
    axis.set_yticks(np.arange(len(names)), names)
    axis.set_ylim(-0.6, len(names) - 0.4)
    axis.set_xlabel("difference, % of the mean of both")
    figure.legend(loc="outside upper center")


def _marked(mark: str, colour: str, label: str) -> dict[str, Any]:
    return {"fmt": mark, "color": colour, "capsize": 4, "label": label}


def fatigue(figure: Figure, found: Fatigue) -> None:
    """Fastest, mean and last speed of each set, and the coach's floor."""
    axis = figure.subplots()
    place = np.arange(1, len(found.sets) + 1)
    for key, mark, colour, label in _SPEEDS:
        values = [np.nan if getattr(each, key) is None else getattr(each, key) for each in found.sets]
        axis.plot(place, values, mark, color=colour, label=label)
    for number, advice in enumerate(found.advice):
        inside = np.array([i for i, each in enumerate(found.sets, 1) if each.conditions == advice.conditions])
        floor = np.full(len(inside), advice.floor_mps)
        label = "" if number else f"{advice.stop_pct:g} % below the fastest set"
        axis.hlines(floor, inside - 0.3, inside + 0.3, color=RED, linestyle="--", label=label)
    axis.set_xticks(place)
    axis.set_xlabel("set")
    axis.set_ylabel("speed, m/s")
    axis.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=4)


def profile(figure: Figure, found: Profile) -> None:
    """The sets, the line (dashed beyond the loads tried) and the loads asked for with their intervals."""
    axis = figure.subplots()
    last = max([found.heaviest, *(each.high for each in found.next_loads if each.high < 2 * found.heaviest)])
    loads, speeds = [point.load for point in found.points], [point.speed_mps for point in found.points]
    axis.plot(loads, speeds, "o", color=BLUE, label="sets")
    for ends, line, label in (
        ((found.lightest, found.heaviest), "-", f"line, r2 {found.r2:.3f}"),
        ((0.0, 1.1 * last), ":", "beyond the loads tried"),
    ):
        heights = [found.v0_mps.value - found.slope.value * end for end in ends]
        axis.plot(ends, heights, line, color=BLUE, linewidth=1, label=label)
    for each in found.next_loads:
        _next_load(axis, each)
    axis.set_xlim(0, 1.1 * last)
    axis.set_ylim(bottom=0)
    axis.set_xlabel(f"load, {found.unit}")
    axis.set_ylabel("mean speed of the steady part, m/s")
    axis.legend()


def _next_load(axis: Axes, each: NextLoad) -> None:
    axis.hlines(each.speed_mps, each.low, each.high, color=RED, linewidth=2)
    axis.plot(each.load, each.speed_mps, "d", color=RED)
    axis.annotate(
        f"-{each.decrement_pct:g} %",
        (each.load, each.speed_mps),
        textcoords="offset points",
        xytext=(6, 6),
        clip_on=True,
    )
