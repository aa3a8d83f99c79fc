"""What the pictures show: each value at its place, and all of it within the axes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Facts
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retrorig.progress.plots import people, rigs


def drawn(draw: Callable[[Figure, Any], None], found: Any) -> Figure:
    figure = Figure(layout="constrained")
    draw(figure, found)
    figure.draw_without_rendering()
    return figure


def heights(axis: Axes) -> dict[float, float]:
    """Of the bars, by the middle of each."""
    return {round(p.get_x() + p.get_width() / 2, 6): p.get_height() for p in axis.patches}  # type: ignore[attr-defined]


def points(axis: Axes, label: str) -> list[tuple[float, float]]:
    """Of the line with this label."""
    (line,) = (line for line in axis.get_lines() if line.get_label() == label)
    return [(float(x), float(y)) for x, y in np.asarray(line.get_xydata())]


def all_inside(axis: Axes) -> bool:
    """Whether every point of every line lies within the axes."""
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    at = np.concatenate(
        [np.asarray(line.get_xydata()) for line in axis.get_lines() if len(line.get_xdata()) > 0]
    )  # type: ignore[arg-type]
    x, y = at[:, 0], at[:, 1]
    return bool(np.all((left <= x) & (x <= right) & (low <= y) & (y <= high)))


def estimate(value: float, pm: float) -> Facts:
    return Facts(value=value, pm=pm)


def test_a_day_has_a_bar_of_speed_and_of_force_for_each_set_over_its_number_load_and_metres() -> None:
    sets = [
        {"mean_speed_mps": 0.8, "mean_force_n": 100.0, "load_kg": 20.0, "backward_m": 10.04},
        {"mean_speed_mps": 0.9, "mean_force_n": None, "load_kg": None, "backward_m": 20.0},
    ]
    figure = drawn(people.day, Facts(sets=sets, day="2026-11-29", athlete="Anna"))
    speed, force = figure.axes
    assert heights(speed) == {1: 0.8, 2: 0.9} and heights(force) == {1: 100.0, 2: 0.0}
    assert [tick.get_text() for tick in force.get_xticklabels()] == ["1\n20 kg\n10 m", "2\n20 m"]
    assert figure.get_suptitle() == "2026-11-29, Anna"


def test_a_week_that_grew_too_much_stands_out_in_what_grew() -> None:
    weeks = [
        Facts(
            monday=f"2026-11-{day:02d}", over_limit=over,
            totals=Facts(duration_s=60.0 * n, backward_m=100.0 * n, work_j=work),
        )
        for n, (day, over, work) in enumerate(((2, (), 1000.0), (9, (), None), (16, ("backward_m",), 3000.0)), 1)
    ]  # fmt: skip
    figure = drawn(people.trend, Facts(weeks=weeks, limit_pct=15))
    time, way, work = figure.axes
    assert heights(time) == {0: 1.0, 1: 2.0, 2: 3.0} and heights(work) == {0: 1.0, 1: 0.0, 2: 3.0}
    red = [p for p in way.patches if p.get_facecolor() == way.patches[-1].get_facecolor()]
    assert len(way.patches) == 4 and len(red) == 1 and red[0].get_height() == 300.0  # type: ignore[attr-defined]
    assert [tick.get_text() for tick in work.get_xticklabels()] == [week.monday for week in weeks]
    assert "15 %" in figure.get_suptitle()
    for week in weeks:
        week.over_limit = ()
    assert drawn(people.trend, Facts(weeks=weeks, limit_pct=15)).get_suptitle() == ""


def test_effort_and_pain_stand_at_their_days_and_days_without_are_left_out() -> None:
    days = [Facts(day="2026-11-01", rpe=6.5, pain=None), Facts(day="2026-11-03", rpe=8.0, pain=10)]
    (axis,) = drawn(people.felt, Facts(days=days)).axes
    effort, pain = points(axis, "effort, mean"), points(axis, "pain, worst")
    assert [y for _, y in effort] == [6.5, 8.0] and effort[1][0] - effort[0][0] == 2
    assert pain == [(effort[1][0], 10)] and all_inside(axis)


@pytest.mark.parametrize("has_steps", [True, False])
def test_each_difference_of_sides_has_a_line_of_its_own_in_sight(has_steps: bool) -> None:
    names = ("mean_speed_mps", "mean_force_n", "mean_power_w", "work_j")
    by_side = [Facts(quantity=name, index_pct=4.0 * n - 6, index_pm_pct=3.0) for n, name in enumerate(names)]
    steps = Facts(median_pct=5.0, lowest_pct=2.0, highest_pct=9.0) if has_steps else None
    (axis,) = drawn(people.sides, Facts(by_side=by_side, by_steps=steps)).axes
    rows = [tick.get_text() for tick in axis.get_yticklabels()]
    assert rows == ["mean speed", "mean force", "mean power", "work", *["step against step"] * has_steps]
    places = [(round(x, 6), y) for line in axis.get_lines()[:1] for x, y in np.asarray(line.get_xydata())]
    assert places == [(-6, 0), (-2, 1), (2, 2), (6, 3)]
    low, high = axis.get_ylim()
    assert low < 0 and len(rows) - 1 < high < len(rows)
    left, right = axis.get_xlim()
    assert left < -9 and right > 9


def test_fatigue_shows_each_sets_speeds_and_the_floor_under_the_sets_it_is_of() -> None:
    sets = [
        Facts(best_mps=1.2, mean_mps=1.0, last_mps=None, conditions="a"),
        Facts(best_mps=1.1, mean_mps=0.9, last_mps=0.8, conditions="b"),
        Facts(best_mps=1.0, mean_mps=0.8, last_mps=0.7, conditions="a"),
    ]
    advice = [
        Facts(conditions="a", floor_mps=0.9, stop_pct=10),
        Facts(conditions="b", floor_mps=0.81, stop_pct=10),
    ]
    (axis,) = drawn(people.fatigue, Facts(sets=sets, advice=advice)).axes
    assert points(axis, "steady mean") == [(1, 1.0), (2, 0.9), (3, 0.8)]
    assert np.isnan(points(axis, "last stretch")[0][1]) and points(axis, "fastest stretch")[2] == (3, 1.0)
    floors = [np.asarray(lines.get_segments()) for lines in axis.collections]  # type: ignore[attr-defined]
    assert [round(float(segment[0][1]), 6) for segment in floors[0]] == [0.9, 0.9]
    assert [round(float(segment[:, 0].mean()), 6) for segment in floors[0]] == [1, 3]
    assert [round(float(segment[:, 0].mean()), 6) for segment in floors[1]] == [2]
    assert axis.get_ylim()[0] == 0 and list(axis.get_xticks()) == [1, 2, 3]


def test_a_profile_draws_its_line_over_the_loads_tried_and_dotted_beyond_them() -> None:
    found = Facts(
        points=[Facts(load=10.0, speed_mps=1.0), Facts(load=30.0, speed_mps=0.8)],
        lightest=10.0, heaviest=30.0, r2=0.9871,
        v0_mps=estimate(1.1, 0.05), slope=estimate(0.01, 0.001), unit="kg",
        next_loads=[
            Facts(load=40.0, low=36.0, high=45.0, speed_mps=0.7, decrement_pct=36),
            Facts(load=70.0, low=50.0, high=90.0, speed_mps=0.4, decrement_pct=64),
        ],
    )  # fmt: skip
    (axis,) = drawn(people.profile, found).axes
    assert points(axis, "sets") == [(10.0, 1.0), (30.0, 0.8)]
    assert np.allclose(points(axis, "line, r2 0.987"), [(10.0, 1.0), (30.0, 0.8)])
    assert np.allclose(points(axis, "beyond the loads tried"), [(0.0, 1.1), (49.5, 1.1 - 0.495)])
    assert axis.get_xlim() == (0, pytest.approx(1.1 * 45.0)) and axis.get_ylim()[0] == 0
    spans = [np.asarray(lines.get_segments())[0] for lines in axis.collections]  # type: ignore[attr-defined]
    assert [(span[0][0], span[1][0], span[0][1]) for span in spans] == [(36.0, 45.0, 0.7), (50.0, 90.0, 0.4)]
    assert [text.get_text() for text in axis.texts] == ["-36 %", "-64 %"]
    assert all(text.get_clip_on() for text in axis.texts), (
        "what lies beyond the axes is not written beside them"
    )
    assert "kg" in axis.get_xlabel()


def test_grades_of_a_rig_are_stacked_and_the_commonest_reasons_named_from_the_top() -> None:
    reasons = [Facts(reason=f"reason {n}", sets=20 - n) for n in range(10)]
    found = Facts(rigs=[Facts(rig_id="RR-1", grades={"A": 5, "B": 3, "C": 2})], reasons=reasons)
    bars, named = drawn(rigs.grades, found).axes
    assert [(p.get_x(), p.get_width()) for p in bars.patches] == [(0, 5), (5, 3), (8, 2)]  # type: ignore[attr-defined]
    shown = sorted(named.texts, key=lambda text: -text.get_position()[1])
    assert [text.get_text() for text in shown] == [f"reason {n}" for n in range(8)]
    widths = {round(p.get_y() + p.get_height() / 2, 6): p.get_width() for p in named.patches}  # type: ignore[attr-defined]
    assert [widths[place] for place in sorted(widths, reverse=True)] == [20 - n for n in range(8)]
    low, high = named.get_ylim()
    assert low < 0 and shown[0].get_position()[1] < high
    _, empty = drawn(rigs.grades, Facts(rigs=found.rigs, reasons=[])).axes
    assert empty.get_xlabel() == "all sets are good"


def test_drag_shows_its_law_to_the_reference_speed_and_its_number_there() -> None:
    found = Facts(
        speeds_mps=(1.2, 1.6), c0_n=estimate(150.0, 5), c1_ns_per_m=estimate(30.0, 5),
        drag_n=estimate(180.0, 6), empty_drag_n=None,
    )  # fmt: skip
    (axis,) = drawn(rigs.drag, found).axes
    assert points(axis, "c0 + c1 v") == [(1.0, 180.0), (1.6, 198.0)]
    assert axis.get_ylim()[0] == 0 and axis.patches[0].get_x() == 1.2  # type: ignore[attr-defined]
    found.empty_drag_n, found.speeds_mps = estimate(20.0, 2), (0.4, 0.8)
    (axis,) = drawn(rigs.drag, found).axes
    assert points(axis, "c0 + c1 v") == [(0.4, 162.0), (1.0, 180.0)]
    labels = [text.get_text() for text in axis.get_legend().get_texts()]  # type: ignore[union-attr]
    assert "drag number" in labels and "empty belt" in labels


def test_a_drags_history_shows_each_day_and_what_may_be_chance() -> None:
    days = [
        Facts(day="2026-11-01", drag_n=estimate(180.0, 6), smallest_change_n=None),
        Facts(day="2026-11-08", drag_n=estimate(200.0, 6), smallest_change_n=9.0),
        Facts(day="2026-11-15", drag_n=estimate(220.0, 6), smallest_change_n=11.0),
    ]
    (axis,) = drawn(rigs.drag_history, Facts(days=days)).axes
    line = np.asarray(axis.get_lines()[0].get_xydata())
    assert list(line[:, 1]) == [180.0, 200.0, 220.0] and list(np.diff(line[:, 0])) == [7, 7]
    (band,) = axis.patches
    low, high = band.get_y(), band.get_y() + band.get_height()  # type: ignore[attr-defined]
    assert (low, high) == (170.0, 190.0)
