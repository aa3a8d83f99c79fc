"""Fewer points and fewer bytes, but the same picture."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from tests.export.libraries import recorded_blob, walk_blob
from tests.host.sets import MadeSet, blob_of, ramped
from tests.measure.walks import Gait

from retrorig.measure.gait import step_times
from retrorig.measure.sample_table import SampleTable
from retrorig.measure.samples import sample_set
from retrorig.report import Units
from retrorig.report.decimate import averages, decimated
from retrorig.report.plots import SetPlots, _widen, line_look, overlay_plot, stretch_s
from retrorig.report.svg import style
from retrorig.report.svg_minify import short_path
from rigcore.decode import decode_set

values = st.lists(st.floats(-1e3, 1e3, width=32) | st.just(float("nan")), min_size=1, max_size=400)
points = st.lists(
    st.tuples(st.floats(-999, 999), st.floats(-999, 999), st.booleans()), min_size=1, max_size=40
)


@given(values, st.integers(4, 60))
def test_an_outline_keeps_ends_and_extremes(numbers: list[float], points_n: int) -> None:
    all_values = np.array(numbers)
    kept = decimated(all_values, points_n)
    assert len(kept) <= max(points_n, 4)
    assert (np.diff(kept) > 0).all() and kept[0] == 0 and kept[-1] == len(numbers) - 1
    if not np.isnan(all_values).all():
        assert np.nanmax(all_values[kept]) == np.nanmax(all_values)
        assert np.nanmin(all_values[kept]) == np.nanmin(all_values)


@pytest.mark.parametrize(("pull_n", "ticks"), [(0.02, {"−2", "0", "2"}), (40.0, {"0", "20", "40"})])
def test_the_noise_of_a_slack_line_is_not_drawn_as_pull(pull_n: float, ticks: set[str]) -> None:
    raw = decode_set(blob_of(MadeSet(ramped(1.0, 4.0), lambda t: pull_n * (t > 2), 4.0)))
    drawn = SetPlots(400).draw(sample_set(raw), np.array([]), "time", "x", "x")
    labels = set(re.findall(r"<text[^>]*>([^<]+)</text>", drawn))
    assert ticks <= labels and not {"0.01", "0.02"} & labels


@pytest.mark.parametrize("pull_n", [40.0, 900.0])
def test_an_axis_label_lies_beside_its_numbers_in_the_middle_of_its_axis(pull_n: float) -> None:
    """Inside the picture, and no number lies under it."""
    raw = decode_set(blob_of(MadeSet(ramped(1.0, 4.0), lambda t: pull_n * (t > 2), 4.0)))
    plots = SetPlots(400)
    plots.draw(sample_set(raw), np.array([]), "time", "x", "x")
    canvas = FigureCanvasAgg(plots._figure)
    with style():
        canvas.draw()
    renderer = canvas.get_renderer()
    for panel in plots._panels:
        label, box = panel.yaxis.label.get_window_extent(renderer), panel.get_window_extent(renderer)
        numbers = [text.get_window_extent(renderer) for text in panel.get_yticklabels()]
        assert label.x0 >= 0 and label.x1 <= min(number.x0 for number in numbers)
        assert (label.y0 + label.y1) / 2 == pytest.approx((box.y0 + box.y1) / 2, abs=1)
    below = plots._panels[-1].xaxis.label.get_window_extent(renderer)
    assert below.y0 >= 0 and below.y1 <= min(
        text.get_window_extent(renderer).y0 for text in plots._panels[-1].get_xticklabels()
    )


@pytest.mark.parametrize(
    ("duration_s", "width_s", "middles_s"),
    [
        (3.0, 1.0, [0.5, 1.5, 2.5]),
        (3.4, 1.0, [0.5, 1.5, 2.5]),
        (2.6, 1.0, [0.5, 1.5, 2.3]),
        (0.4, 1.0, [0.2]),
    ],
)
def test_averages_are_those_of_whole_stretches(
    duration_s: float, width_s: float, middles_s: list[float]
) -> None:
    """Less than half a stretch at the end is left out; a short set is one stretch."""
    time_s = np.linspace(0, duration_s, 500)
    found_s, found = averages(time_s, time_s**2, width_s)
    assert found_s == pytest.approx(middles_s)
    assert found == pytest.approx([2 * middle_s for middle_s in middles_s], abs=0.01), "the slope of a square"


@pytest.mark.parametrize(
    ("durations_s", "width_s"), [([], 1.0), ([20.0], 1.0), ([90.0, 20.0], 2.0), ([300.0, 20.0], 5.0)]
)
def test_overlaid_sets_have_some_sixty_stretches_and_none_shorter_than_a_second(
    durations_s: list[float], width_s: float
) -> None:
    row = np.zeros(2)
    sets = [SampleTable(np.array([0.0, s]), row, row, row, row, row, lambda: row) for s in durations_s]
    assert stretch_s(sets) == width_s


def test_eighteen_sets_over_one_another_look_different() -> None:
    looks = [(colour, str(dash), turn) for colour, dash, turn in map(line_look, range(19))]
    assert len(set(looks[:18])) == 18 and looks[18] == looks[0]
    assert [turn for *_, turn in looks[:18]] == [0] * 6 + [1] * 6 + [2] * 6


@pytest.mark.parametrize("scale_nn", [465_766, None])
def test_a_set_is_drawn_with_its_power_its_steps_above_and_only_what_is_missing_said_to_be(
    scale_nn: int | None,
) -> None:
    header = {} if scale_nn else {"scale_nn": None}
    samples = sample_set(
        decode_set(blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 40 + 9 * t, 4.0, header=header)))
    )
    plots = SetPlots(4000)
    plots.draw(samples, np.array([1.0, 2.0]), "time", "x", "x")
    is_known = scale_nn is not None
    assert [blank.get_visible() for blank in plots._blanks] == [False, not is_known, not is_known]
    power_w = np.asarray(plots._lines[2].get_ydata())
    assert len(power_w) == (len(samples.time_s) if is_known else 0)
    if is_known:
        assert power_w == pytest.approx(samples.smooth_n * samples.speed_mps)
    at_s, heights = (np.asarray(each) for each in plots._steps.get_data())
    assert sorted({float(each) for each in at_s}) == [1.0, 2.0] and np.nanmin(heights) >= 1


@given(values, st.integers(4, 60))
def test_no_value_lies_far_from_the_outline(numbers: list[float], points_n: int) -> None:
    """Between two neighbouring kept points of a stretch nothing is higher than the stretch's kept highest."""
    all_values = np.array(numbers)
    kept = decimated(all_values, points_n)
    if len(kept) == len(numbers):
        return
    length = -(-len(numbers) // (points_n // 2 - 1))
    for first in range(0, len(numbers), length):
        stretch = all_values[first : first + length]
        inside = kept[(kept >= first) & (kept < first + length)]
        if np.isnan(stretch).all():
            assert np.isnan(all_values[inside]).all() and len(inside), "the line is broken there"
        else:
            assert np.nanmax(all_values[inside]) == np.nanmax(stretch)
            assert np.nanmin(all_values[inside]) == np.nanmin(stretch)


@given(points)
def test_a_short_path_goes_through_the_same_points(corners: list[tuple[float, float, bool]]) -> None:
    """An independent reader of SVG paths finds each point within half a tenth."""
    first, *others = corners
    path = f"M {first[0]:.6f} {first[1]:.6f} \n" + "".join(
        f"{'M' if is_move else 'L'} {x:.6f} {y:.6f} \n" for x, y, is_move in others
    )
    x = y = 0.0
    found = []
    for command, numbers in re.findall(r"([Ml])([^Mlz]*)", short_path(path)):
        a, b = map(float, re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers))
        x, y = (a, b) if command == "M" else (x + a, y + b)
        found.append((x, y))
    assert np.allclose(found, [corner[:2] for corner in corners], atol=0.0501)


def test_a_path_with_curves_is_left_alone() -> None:
    assert short_path("M 0 1 Q 2 3 4 5 z") == "M 0 1 Q 2 3 4 5 z"


@given(
    st.lists(st.floats(0.01, 2.0), min_size=2, max_size=60),
    st.lists(st.floats(-5, 5), min_size=61, max_size=61),
    st.floats(0.5, 5.0),
)
def test_averages_add_up_to_the_whole(steps_s: list[float], rates: list[float], width_s: float) -> None:
    time_s = np.concatenate(([0.0], np.cumsum(steps_s)))
    summed = np.concatenate(([0.0], np.cumsum(np.array(rates[: len(steps_s)]) * steps_s)))
    middles_s, means = averages(time_s, summed, width_s)
    end_s = min(len(means) * width_s, time_s[-1])
    widths_s = np.diff([0.0, *(middles_s[:-1] + middles_s[1:]) / 2, end_s])
    if len(means) > 1:
        assert np.allclose(np.diff(middles_s)[:-1], width_s)
    covered = np.interp(end_s, time_s, summed)
    last_s = end_s - (len(means) - 1) * width_s
    assert float(np.sum(means[:-1]) * width_s + means[-1] * last_s) == pytest.approx(covered, abs=1e-6)
    assert (widths_s > 0).all() and time_s[-1] - end_s <= width_s / 2 + 1e-9


def test_a_plot_is_the_same_whatever_was_drawn_before() -> None:
    """One figure serves all sets: nothing of a set may stay in it for the next."""
    blobs = [
        recorded_blob(1, 0.0),
        walk_blob(2, 60.0, Gait(steps=6)),
        walk_blob(3, 60.0, Gait(steps=6), scale_nn=0),
    ]
    recorded, walk, forceless = (sample_set(decode_set(blob)) for blob in blobs)
    together = SetPlots(200)
    together.draw(recorded, step_times(recorded)[0], "time", "x", "x")
    for samples, along in ((forceless, "distance"), (walk, "time")):
        steps_s = step_times(samples)[0]
        alone = SetPlots(200).draw(samples, steps_s, along, "x", "x")
        assert together.draw(samples, steps_s, along, "x", "x") == alone


@pytest.mark.parametrize(("low", "high", "least"), [(1.0, 1.2, 2.0), (-3.0, -2.0, 4.0), (0.0, 5.0, 2.0)])
def test_an_axis_has_at_least_its_span_around_what_is_on_it(low: float, high: float, least: float) -> None:
    from matplotlib.figure import Figure

    panel = Figure().subplots()
    panel.set_ylim(low, high)
    _widen(panel, least)
    shown = panel.get_ylim()
    assert shown[1] - shown[0] == pytest.approx(max(least, high - low))
    assert sum(shown) == pytest.approx(low + high), "the middle stays"


@pytest.mark.parametrize(
    ("duration_s", "width_s", "middles"),
    [(10.0, 4.0, [2, 6]), (10.0, 3.0, [1.5, 4.5, 7.5]), (9.9, 4.0, [2, 6]), (1.0, 4.0, [0.5])],
)
def test_averages_stand_in_the_middle_of_their_stretch(
    duration_s: float, width_s: float, middles: list[float]
) -> None:
    time_s = np.linspace(0, duration_s, 101)
    found, rates = averages(time_s, 3.0 * time_s, width_s)
    assert found.tolist() == pytest.approx(middles)
    assert rates.tolist() == pytest.approx([3.0] * len(middles))


@pytest.mark.parametrize(("along", "below"), [("time", "time, s"), ("distance", "backward distance, yd")])
def test_each_panel_is_named_with_its_unit_and_the_lowest_with_what_it_is_drawn_along(along, below) -> None:
    plots = SetPlots(200, Units("yd", "km/h", "lbf"))
    samples = sample_set(decode_set(walk_blob(1, None, Gait(steps=8))))
    plots.draw(samples, step_times(samples)[0], along, "x", "x")
    assert [panel.get_ylabel() for panel in plots._panels] == ["speed, km/h", "force, lbf", "power, W"]
    assert [panel.get_xlabel() for panel in plots._panels] == ["", "", below]


@pytest.mark.parametrize("what", ["speed", "force"])
@pytest.mark.parametrize("pull_n", [40.0, -30.0])
def test_sets_over_one_another_stand_on_zero(monkeypatch, what: str, pull_n: float) -> None:
    """So that heights can be compared, and what is below zero is seen."""
    from retrorig.report import plots as plots_module

    figures = []
    monkeypatch.setattr(plots_module, "inline", lambda figure, *_: figures.append(figure) or "")
    sets = [
        sample_set(decode_set(blob_of(MadeSet(ramped(1.0, 6.0), lambda t: pull_n, 6.0, seed=n))))
        for n in (1, 2)
    ]
    overlay_plot(sets, what, "time", "x", "x", Units())
    (panel,) = figures[0].axes
    low, high = panel.get_ylim()
    shown = np.concatenate([line.get_ydata() for line in panel.lines])
    assert len(panel.lines) == 2
    assert low <= min(0.0, shown.min()) and high >= shown.max()
    assert low == 0 or shown.min() < 0
    assert (panel.get_xlabel(), panel.get_ylabel()) == (
        "time, s",
        f"{what}, {'m/s' if what == 'speed' else 'N'}",
    )


@pytest.mark.parametrize(("what", "lines_n"), [("speed", 2), ("force", 1)])
def test_a_set_without_force_is_drawn_where_its_speed_is(monkeypatch, what: str, lines_n: int) -> None:
    from retrorig.report import plots as plots_module

    class Forceless:
        has_force = False

        def __init__(self, samples) -> None:
            self._samples = samples

        def __getattr__(self, name: str):
            return getattr(self._samples, name)

    figures = []
    monkeypatch.setattr(plots_module, "inline", lambda figure, *_: figures.append(figure) or "")
    made = sample_set(decode_set(blob_of(MadeSet(ramped(1.0, 6.0), lambda t: 50.0, 6.0))))
    overlay_plot([made, Forceless(made)], what, "time", "x", "x", Units())
    assert len(figures[0].axes[0].lines) == lines_n


@pytest.mark.parametrize(("what", "factor", "value"), [("speed", 3.6, 1.0), ("force", 1 / 4.4482216, 50.0)])
def test_sets_over_one_another_are_drawn_as_they_were_walked(
    monkeypatch, what: str, factor: float, value: float
) -> None:
    """An even belt and an even pull are a line at their height, in the user's unit, but for start and stop."""
    from retrorig.report import plots as plots_module

    figures = []
    monkeypatch.setattr(plots_module, "inline", lambda figure, *_: figures.append(figure) or "")
    made = sample_set(decode_set(blob_of(MadeSet(ramped(1.0, 20.0), lambda t: 50.0, 20.0))))
    overlay_plot([made], what, "time", "x", "x", Units("yd", "km/h", "lbf"))
    (line,) = figures[0].axes[0].lines
    along, shown = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    inner = (along > 3) & (along < 15)
    assert inner.sum() >= 2 and shown[inner] == pytest.approx(value * factor, rel=0.02)
