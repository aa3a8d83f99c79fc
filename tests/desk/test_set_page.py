"""One set in a browser: plots that zoom, trim and undo, quality in words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from retrorig.desk.running import Serving
from retrorig.errors import InputError
from retrorig.library import Library, SetRow
from retrorig.report.feet import feet_compared
from retrorig.report.splits import EVERY_M, splits_of
from retrorig.report.traces import Traced

SET = "rr-test-0003-00002"


def loaded(page: Page) -> None:
    """Wait for the scripts, too: without them a click does nothing."""
    expect(page.locator("#plots[data-to]")).to_have_count(1)


@pytest.fixture
def seen_page(looked_at: tuple[Page, Serving]) -> Page:
    """The set, for tests that change nothing."""
    page, desk = looked_at
    page.goto(f"http://127.0.0.1:{desk.http_port}/sets/{SET}")
    loaded(page)
    return page


@pytest.fixture
def set_page(page: Page, desk: Serving) -> Page:
    page.goto(f"http://127.0.0.1:{desk.http_port}/sets/{SET}")
    loaded(page)
    return page


def seen(page: Page) -> tuple[float, float]:
    ends = page.locator("#plots").evaluate("e => [e.dataset.from, e.dataset.to]")
    return float(ends[0]), float(ends[1])


def drag(page: Page, low: float, high: float) -> None:
    """Drag over the speed's plot, from one share of its width to another."""
    box = page.locator("#plot-speed .u-over").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + low * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + high * box["width"], y, steps=4)
    page.mouse.up()


def test_dragging_zooms_all_plots_and_back(seen_page: Page) -> None:
    first, last = seen(seen_page)
    drag(seen_page, 0.25, 0.75)
    expect(seen_page.locator("#plots")).not_to_have_attribute("data-from", f"{first:g}")
    start, stop = seen(seen_page)
    assert start == pytest.approx(first + (last - first) * 0.25, abs=0.02 * (last - first))
    assert stop == pytest.approx(first + (last - first) * 0.75, abs=0.02 * (last - first))
    seen_page.get_by_role("button", name="Show all").click()
    expect(seen_page.locator("#plots")).to_have_attribute("data-from", f"{first:g}")


def test_hovering_tells_the_values(seen_page: Page) -> None:
    box = seen_page.locator("#plot-speed .u-over").bounding_box()
    assert box
    seen_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    for key in ("speed", "force", "power"):
        values = seen_page.locator(f"#plot-{key} .u-legend .u-value")
        expect(values.last).to_have_text(re.compile(r"-?\d+\.\d\d"))


def test_a_trim_by_dragging_changes_the_numbers_and_is_undone(set_page: Page, folder: Path) -> None:
    with Library(folder) as library:
        whole = library.set(SET)
    set_page.get_by_label("trims").check()
    drag(set_page, 0.2, 0.9)
    expect(set_page.locator("#message")).to_contain_text("Trimmed.")
    with Library(folder) as library:
        trimmed = library.set(SET)
    assert trimmed.trim_start_s == pytest.approx(whole.duration_s * 0.2, abs=0.05 * whole.duration_s)
    assert trimmed.duration_s == pytest.approx(whole.duration_s * 0.7, abs=0.1 * whole.duration_s)
    expect(set_page.get_by_label("left out at the start, s")).to_have_value(f"{trimmed.trim_start_s:g}")
    loaded(set_page)
    set_page.get_by_role("button", name="Undo", exact=True).click()
    expect(set_page.get_by_label("left out at the start, s")).to_have_value("")
    with Library(folder) as library:
        assert library.set(SET).duration_s == pytest.approx(whole.duration_s)


def test_plots_over_distance_end_at_the_set_s_distance(seen_page: Page, filled: Path) -> None:
    seen_page.get_by_label("distance", exact=True).check()
    with Library(filled) as library:
        metres = float(library.samples(SET).distance_m.max())
    expect(seen_page.locator("#plots")).to_have_attribute("data-to", re.compile(f"^{metres:.2f}"[:-1]))
    assert seen_page.get_by_label("trims").is_disabled(), "a trim is in seconds"


def test_other_sets_are_drawn_over_it_split_and_told_apart_by_feet(set_page: Page, folder: Path) -> None:
    set_page.get_by_text("Draw other sets over it").click()
    set_page.get_by_label("2026-11-22").first.check()
    set_page.get_by_label("another set").fill("00004")
    set_page.get_by_role("button", name="Draw").click()
    expect(set_page.locator("#plots")).to_have_attribute("data-lines", "3")
    expect(set_page.locator("#plot-speed .u-legend .u-series")).to_have_count(4)
    set_page.get_by_role("button", name="Each 1 m").click()
    with Library(folder) as library:
        metres = float(library.samples(SET).distance_m.max())
    expect(set_page.locator("#splits tbody tr")).to_have_count(int(metres) + 1)
    set_page.get_by_label("left", exact=True).check()
    set_page.locator("form[hx-post$=foot]").get_by_role("button", name="Save").click()
    expect(set_page.locator("#message .done")).to_be_visible()
    expect(set_page.get_by_label("left", exact=True)).to_be_checked()
    with Library(folder) as library:
        assert library.set(SET).first_foot == "left"
    loaded(set_page)
    set_page.get_by_role("button", name="Undo", exact=True).click()
    expect(set_page.get_by_label("not known")).to_be_checked()


def test_splits_add_up_to_the_set(filled: Path) -> None:
    with Library(filled) as library:
        row, samples = library.set(SET), library.samples(SET)
    for every_m in EVERY_M:
        splits = splits_of(samples, every_m)
        assert splits[-1].to_m == pytest.approx(samples.distance_m.max())
        assert sum(each.time_s for each in splits) == pytest.approx(row.duration_s)
        impulse = sum((each.mean_force_n or 0.0) * each.time_s for each in splits)
        assert impulse == pytest.approx(row.impulse_ns, rel=0.002)
    with pytest.raises(InputError, match="above 0"):
        splits_of(samples, 0.0)


def test_feet_are_named_once_somebody_said_which_was_first() -> None:
    gait = {"asymmetry_first_pct": -8.0, "asymmetry_pm_pct": 3.0}
    assert feet_compared(SetRow(gait=gait)) == []
    (told,) = feet_compared(SetRow(gait=gait, first_foot="left"))
    assert told.startswith("Steps of the right foot have 8.0 % more") and "chance" not in told
    (told,) = feet_compared(SetRow(gait={**gait, "asymmetry_pm_pct": 9.0}, first_foot="right"))
    assert told.startswith("Steps of the left foot") and "chance" in told


def test_quality_and_plus_minus_are_in_words(seen_page: Page) -> None:
    expect(seen_page.get_by_role("heading", name="Quality")).to_be_visible()
    speed = seen_page.get_by_role("row", name="mean speed")
    expect(speed).to_contain_text("±")


def test_a_stretch_has_few_points_and_every_peak(filled: Path) -> None:
    with Library(filled) as library:
        samples = library.samples(SET)
    whole = Traced(samples).between("time", points_n=40)
    assert len(whole.force.along) <= 40
    assert max(v for v in whole.force.values if v is not None) == pytest.approx(np.nanmax(samples.smooth_n))
    part = Traced(samples).between("time", 1.0, 2.0, points_n=40)
    assert part.force.along[0] <= 1.0 and part.force.along[-1] >= 2.0, "lines go on beyond what is seen"
    assert all(1.0 <= step <= 2.0 for step in part.steps)
    outside = Traced(samples).between("time", -5.0, 1e9, points_n=40)
    assert (outside.start, outside.stop) == (whole.first, whole.last)
