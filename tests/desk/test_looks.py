"""Every page at every width, in light, dark and print, by keys alone, and still while values change."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from retrorig.desk.running import Serving

SECOND = "rr-test-0003-00002"
PAGES = ("/", "/live", "/people", "/people/a1", "/plans", "/reports", "/rig", "/library", f"/sets/{SECOND}")
WIDTHS = (390, 820, 1280, 1920)


def go(looked_at: tuple[Page, Serving], path: str) -> Page:
    page, desk = looked_at
    page.goto(f"http://127.0.0.1:{desk.http_port}{path}")
    expect(page.locator(".htmx-request")).to_have_count(0)
    return page


SCROLLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


OUT_OF_REACH = """
() => [...document.querySelectorAll("[hx-get],[hx-post],[onclick],[role=button]")]
  .filter(e => !e.matches("button,form,input,textarea,select"))
  .filter(e => !/load|every|from:body/.test(e.getAttribute("hx-trigger") || ""))
  .map(e => e.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_every_width_scheme_and_paper_and_is_accessible(
    looked_at: tuple[Page, Serving], path: str
) -> None:
    page = go(looked_at, path)
    for details in page.locator("details").all():
        details.evaluate("e => e.open = true")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SCROLLS) <= 0, width
    page.set_viewport_size({"width": 1280, "height": 900})
    for scheme, options in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, f"{scheme}\n{found.generate_report()}"
    assert page.evaluate(OUT_OF_REACH) == [], "only what can have the focus is pressed"
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    page.emulate_media(color_scheme="light", media="print")
    assert page.locator("header").is_hidden() and page.evaluate(SCROLLS) <= 0
    page.emulate_media(media="screen")


def test_the_shared_page_is_as_accessible_and_has_nothing_to_press(
    looked_at: tuple[Page, Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, desk = looked_at
    monkeypatch.setattr("retrorig.desk.sharing.own_address", lambda: "127.0.0.1")
    page.goto(desk.desk.sharing.start())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SCROLLS) <= 0, width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}\n{found.generate_report()}"
    assert page.locator("form, input").count() == 0
    page.emulate_media(color_scheme="light")
    page.goto("about:blank")
    desk.desk.sharing.stop()


def test_keys_lead_from_page_to_page_with_a_focus_that_is_seen(looked_at: tuple[Page, Serving]) -> None:
    page = go(looked_at, "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/live")
    button = go(looked_at, "/").get_by_role("button", name="Pull")
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert button.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_a_stretch_is_zoomed_to_by_keys(looked_at: tuple[Page, Serving]) -> None:
    page = go(looked_at, f"/sets/{SECOND}")
    expect(page.locator("#plots[data-to]")).to_have_count(1)
    page.get_by_label("Stretch from").fill("1")
    page.locator("#stretch [name=to]").fill("2,5")
    page.keyboard.press("Enter")
    expect(page.locator("#plots")).to_have_attribute("data-to", "2.5")
    expect(page.locator("#plots")).to_have_attribute("data-from", "1")


MOMENT = """
([number, speed, force, state]) => told({
  kind: "told", number, speed, force, state, caption: "metres left", athlete: "Anna", next: "", position: "set 2 of 5",
  speed_band: [0.5, 1], force_band: null, speed_place: speed > 1 ? "above" : "within", force_place: "", trouble: "",
  cadence: Math.round(100 * speed), cadence_band: [90, 100], cadence_place: "within", ahead: speed - 1, pace: "m",
  share: 0.5, at_s: Number(number) + 1, age_ms: 1, sent_ms: 0,
})
"""
PLACES = """
() => Object.fromEntries(["number", "caption", "speed", "force", "state", "trace-speed", "trace-force", "full"]
  .map(id => [id, document.getElementById(id).getBoundingClientRect().toJSON()])
  .map(([id, at]) => [id, [Math.round(at.left), Math.round(at.top)]]))
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_or_blinks_while_values_change(looked_at: tuple[Page, Serving], width: int) -> None:
    page = go(looked_at, "/live")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("stream.close()")
    page.evaluate(MOMENT, ["10.0", 0.51, 80.0, "running"])
    before = page.evaluate(PLACES)
    for number, speed, force in (("11.1", 1.11, 999.0), ("18.8", 0.88, 8.0), ("14.7", 2.34, 123.0)):
        page.evaluate(MOMENT, [number, speed, force, "running"])
        now = page.evaluate(PLACES)
        moved = {name: (at, now[name]) for name, at in before.items() if abs(at[1] - now[name][1]) > 1}
        assert moved == {}, number
        assert abs(before["speed"][0] - now["speed"][0]) <= 1
    assert page.evaluate("document.getAnimations().length") == 0
    page.set_viewport_size({"width": 1280, "height": 900})
