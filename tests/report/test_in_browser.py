"""The page in a browser, as people open it: from a file, on paper, on a phone, in the dark, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from retrorig.cli import run

from .conftest import Report

TEXT_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, level AA."""

CONTRASTS = """
() => {
  const rgb = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return {light: [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4), a};
  };
  const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const back = rgb(getComputedStyle(e).backgroundColor);
      if (back.a === 1) return luminance(back.light);
    }
    return 1;
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim()).length;
    if (!words || element.tagName === "title" || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const front = luminance(rgb(element instanceof SVGElement ? style.fill : style.color).light);
    const [low, high] = [front, behind(element)].sort((a, b) => a - b);
    found.push([(high + 0.05) / (low + 0.05), element.tagName, element.textContent.trim().slice(0, 40)]);
  }
  return found;
}
"""


@pytest.fixture
def page(chromium: Browser, report: Report) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.goto(report.page.as_uri())
        yield page


def test_nothing_is_fetched_and_nothing_complained_of(chromium: Browser, report: Report) -> None:
    with chromium.new_context() as context:
        asked: list[str] = []
        said: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(report.page.as_uri())
        page.get_by_role("radio", name="distance").check()
        page.wait_for_load_state("networkidle")
        assert asked == [report.page.as_uri()] and said == []
        assert page.evaluate("document.characterSet") == "UTF-8"
        assert page.evaluate("document.compatMode") == "CSS1Compat", "a doctype before anything else"


def test_the_switch_shows_time_or_distance(page: Page) -> None:
    over_time, over_distance = page.locator(".by-time"), page.locator(".by-distance")
    assert over_time.count() == over_distance.count() == 5 + 2 + 2
    assert over_time.first.is_visible() and not over_distance.first.is_visible()
    page.get_by_role("radio", name="distance").check()
    assert not over_time.first.is_visible() and over_distance.first.is_visible()
    assert "backward distance, m" in over_distance.first.inner_text()
    page.get_by_role("radio", name="time").check()
    assert over_time.last.is_visible() and not over_distance.last.is_visible()


def test_keys_alone_reach_everything(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the sets"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, (
        "seen once it has the focus"
    )
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
        if reached[-1][0] == "INPUT":
            break
    assert [tag for tag, _ in reached] == [
        "DIV",
        *["A"] * 5,
        "INPUT",
    ]  # the table that scrolls, its sets, the switch
    assert all(outline == "solid" for _, outline in reached), "the focus is seen"
    page.keyboard.press("ArrowRight")
    assert page.locator(".by-distance").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(chromium: Browser, report: Report, scheme: str) -> None:
    with chromium.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(report.page.as_uri())
        found = page.evaluate(CONTRASTS)
        assert len(found) > 200
        assert min(found)[0] >= TEXT_CONTRAST, min(found)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_plots_change_with_the_scheme(chromium: Browser, report: Report) -> None:
    strokes = []
    for scheme in ("light", "dark"):
        with chromium.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(report.page.as_uri())
            script = (
                "[...document.querySelectorAll('#set-1 .by-time path')].map(p => getComputedStyle(p).stroke)"
            )
            strokes.append(set(page.evaluate(script)) - {"none"})
    assert len(strokes[0]) == len(strokes[1]) == 5  # grid, speed, force, power, steps
    assert not strokes[0] & strokes[1]


@pytest.mark.parametrize("width", [320, 360, 768])
def test_a_narrow_screen_needs_no_scrolling_sideways(chromium: Browser, report: Report, width: int) -> None:
    with chromium.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(report.page.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.wide'))"
        assert page.evaluate(f"Math.max(...{wide}.map(e => e.getBoundingClientRect().right))") <= width
        assert page.evaluate("document.querySelector('.wide').scrollWidth") > 320, (
            "the big table scrolls in itself"
        )


def test_a_laptop_s_window_shows_the_whole_table(chromium: Browser, report: Report) -> None:
    with chromium.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        page.goto(report.page.as_uri())
        inner, outer = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.wide'))")
        assert inner <= outer, "two athletes, warm-ups and every quantity, without scrolling sideways"


def test_on_paper_two_sets_share_a_page(chromium: Browser, report: Report) -> None:
    """A set is at most half as high as what a sheet of US letter, the lower one, leaves between its margins."""
    page = chromium.new_page(viewport={"width": round((215.9 - 28) / 25.4 * 96), "height": 900})
    page.emulate_media(media="print")
    page.goto(report.page.as_uri())
    heights = page.eval_on_selector_all(".set", "sets => sets.map(s => s.getBoundingClientRect().height)")
    page.close()
    assert sorted(heights)[-2] <= (279.4 - 28) / 25.4 * 96 / 2 - 8, (
        "all but the one whose name has 200 characters"
    )


def test_screen_readers_find_their_way(page: Page) -> None:
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), (
        "no level left out"
    )
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("main").count() == 1
    for table in page.locator("table").all():
        assert table.locator("caption").is_visible() and table.locator("caption").inner_text()
        assert table.locator("th").count() == table.locator("th[scope]").count() > 0
    for drawing in page.locator("figure svg").all():
        label = drawing.get_attribute("aria-labelledby")
        assert drawing.get_attribute("role") == "img"
        assert re.search(r"\d", page.locator(f"#{label}").text_content() or "")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    referred = page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby]')].map(e => e.getAttribute('aria-labelledby'))"
    )
    assert set(referred) <= set(ids)


def test_names_are_text_and_not_markup(page: Page) -> None:
    assert "Anna <b>Müller</b>" in page.locator("header").inner_text()
    assert page.locator("b").count() == 0


def test_lines_of_sets_are_told_apart_by_the_key(page: Page) -> None:
    key = page.locator(".key").first.locator("path")
    looks = [tuple(p.evaluate("p => [p.style.stroke, p.style.strokeDasharray]")) for p in key.all()]
    assert len(looks) == 2 and len(set(looks)) == 2
    drawn = page.locator(".group .pair").first.locator(".by-time").first.locator("path")
    strokes = {p.evaluate("p => p.style.stroke") for p in drawn.all()}
    assert {stroke for stroke, _ in looks} <= strokes


def test_it_prints(
    chromium: Browser, report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = tmp_path / "session.pdf"
    call = [
        "report",
        *report.set_ids[:3],
        "--library",
        str(report.library),
        "--output",
        str(tmp_path / "session.html"),
    ]
    assert run([*call, "--pdf", str(pdf)]) == 0
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-") and b"%%EOF" in content[-20:]
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 2 <= pages <= 5, "three sets: a summary, and two sets a page at most"
    assert capsys.readouterr().out == ""


def test_on_paper_no_line_of_a_set_is_larger_than_the_others(chromium: Browser, report: Report) -> None:
    page = chromium.new_page()
    page.emulate_media(media="print")
    page.goto(report.page.as_uri())
    sizes = page.eval_on_selector_all(".set p", "ps => ps.map(p => parseFloat(getComputedStyle(p).fontSize))")
    page.close()
    assert sizes and max(sizes) == min(sizes)


def test_paper_is_white_also_where_the_screen_is_dark(chromium: Browser, report: Report) -> None:
    with chromium.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(report.page.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator("fieldset").is_visible() and page.locator(".set").first.is_visible()
        assert min(page.evaluate(CONTRASTS))[0] >= TEXT_CONTRAST
