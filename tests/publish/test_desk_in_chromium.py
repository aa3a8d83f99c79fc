"""A coach at another site, in a real browser: pages open, curves are drawn, and a change is refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.publish.target import PEOPLE, Target
from tests.report.conftest import chromium as chromium

from retrorig import Library
from retrorig.desk.running import Serving
from retrorig.publish import PublishedCopy

SETS_N = 6
_DRAWN = """
() => [...document.querySelectorAll("canvas")].map(canvas => {
    const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return dots.some(value => value !== dots[0]);
})
"""


@pytest.fixture
def page(copy: PublishedCopy, chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """The first page; the browser has nothing to complain of but refusals."""
    said: list[str] = []
    with (
        Serving(copy.folder, port=str(tmp_path / "no-rig"), published=copy) as desk,
        chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}) as context,
    ):
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(desk.address())
        yield page
        page.close()
    assert [text for text in said if "422" not in text and "503" not in text] == []


def test_every_page_opens_and_says_what_it_shows(page: Page, target: Target, library: Library) -> None:
    for link in page.locator("nav a").all():
        link.click()
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(page.locator("header .sharing")).to_contain_text(f"postgresql:///{target.database}")
        expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name="Athletes").click()
    page.get_by_role("link", name=PEOPLE[0], exact=True).click()
    expect(page.locator("h1")).to_contain_text(PEOPLE[0])
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('main img').naturalWidth > 100")


def test_a_sets_curves_are_drawn_from_the_store(page: Page, library: Library) -> None:
    row = library.sets()[-1]
    page.goto(f"{page.url.partition('?')[0].rstrip('/')}/sets/{row.set_id}")
    expect(page.locator("canvas").first).to_be_visible()
    page.wait_for_function(f"() => (({_DRAWN.strip()})()).every(Boolean)")


def test_a_change_is_refused_where_it_was_asked(page: Page, target: Target, library: Library) -> None:
    before = target.rows("SELECT set_id, noted::text FROM retrorig.sets ORDER BY set_id")
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#message")).to_contain_text(
        "Nothing can be changed here: this desk shows what is published"
    )
    page.get_by_role("link", name="Library").click()
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.get_by_role("button", name="Rename").first.click()
    expect(page.locator("#message")).to_contain_text("Change it in the site's own library")
    assert target.rows("SELECT set_id, noted::text FROM retrorig.sets ORDER BY set_id") == before
