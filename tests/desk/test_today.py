"""The first page in a browser: the day's sets, edited in place, undone, moved, removed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from retrorig.desk.running import Serving
from retrorig.errors import DiskFullError
from retrorig.library import Library
from retrorig.library.database import FILE_NAME

SECOND = "rr-test-0003-00002"


def edit(page: Page, what: str, value: str) -> None:
    """Type another value for the first set on the page, by keys alone."""
    page.locator(f"#value-{SECOND}-{what}").focus()
    page.keyboard.press("Enter")
    field = page.locator(f"#set-{SECOND} [name=value]")
    expect(field).to_be_focused()
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(value)
        page.get_by_role("button", name="Save").click()
    else:
        field.fill(value)
        page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def noted(folder: Path, key: str) -> object:
    with Library(folder) as library:
        return library.set(SECOND).value(key)


def test_the_last_day_is_shown_by_athlete_with_a_button_to_pull(page: Page) -> None:
    assert [h.inner_text() for h in page.get_by_role("heading", level=2).all()] == [
        "Anna <b>Müller</b>",
        "Ben",
    ]
    expect(page.get_by_role("button", name="Pull")).to_be_visible()
    assert page.locator("tbody tr").count() == 3, "the set of the day before is not among them"
    assert "token" not in page.url
    page.get_by_role("link", name="Earlier").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Later").click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_values_are_edited_in_place_and_undone(page: Page, folder: Path) -> None:
    texts = (("load_kg", "22,5", 22.5), ("side", "left", "left"), ("pain", "3", 3), ("notes", "<i>ü", "<i>ü"))
    for key, value, kept in texts:
        before, shown = noted(folder, key), page.locator(f"#value-{SECOND}-{key}").inner_text()
        edit(page, key, value)
        expect(page.locator("#message")).to_contain_text("Saved.")
        assert noted(folder, key) == kept
        expect(page.locator(f"#value-{SECOND}-{key}")).to_be_focused()
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.locator("#message")).to_contain_text("Undone.")
        expect(page.locator(f"#value-{SECOND}-{key}")).to_have_text(shown)
        assert noted(folder, key) == before


def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_lost(page: Page, folder: Path) -> None:
    page.locator(f"#value-{SECOND}-load_kg").click()
    field = page.locator(f"#set-{SECOND} [name=value]")
    field.fill("heavy")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_contain_text("is no number")
    expect(field).to_have_value("heavy")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    assert noted(folder, "load_kg") is None


AT_ONCE = """new MutationObserver((_, watch) => {
  const form = document.querySelector("form.edit");
  if (!form) return;
  watch.disconnect();
  form.elements.value.value = "20";
  form.requestSubmit();
}).observe(document.body, {childList: true, subtree: true})"""


def test_a_value_that_is_sent_as_soon_as_its_field_is_there_is_kept(page: Page, folder: Path) -> None:
    page.evaluate(AT_ONCE)
    page.locator(f"#value-{SECOND}-load_kg").click()
    expect(page.locator("#message")).to_contain_text("Saved.")
    assert noted(folder, "load_kg") == 20


def test_an_edit_from_another_tab_is_not_lost(page: Page, desk: Serving, folder: Path) -> None:
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.http_port}/")
    page.locator(f"#value-{SECOND}-pain").click()
    edit(other, "pain", "7")
    page.locator(f"#set-{SECOND} [name=value]").select_option("2")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#message")).to_contain_text("Somebody has changed pain")
    assert noted(folder, "pain") == 7
    other.close()


def test_several_sets_are_removed_and_moved_at_once(page: Page, folder: Path) -> None:
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_label("Move to").fill("ben")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    for button in ("Delete", "Hide"):
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name=button).click()
        expect(page.locator("tbody tr")).to_have_count(2)
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#message")).to_contain_text("No set is chosen")


def test_without_a_rig_pull_says_what_to_do_and_the_page_stays(page: Page) -> None:
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull .error")).to_contain_text("no-rig")
    assert page.locator("tbody tr").count() == 3


def test_german_browsers_get_german_pages(page: Page, desk: Serving) -> None:
    context = page.context.browser.new_context(locale="de-DE")  # type: ignore[union-attr]
    german = context.new_page()
    german.goto(desk.address())
    expect(german.get_by_role("button", name="Pull")).to_have_text("Übertragen (Pull)")
    assert german.evaluate("document.documentElement.lang") == "de"
    context.close()


def test_a_newer_library_a_full_disk_and_a_port_without_a_rig_are_sentences(
    context: BrowserContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.link.client.HELLO_TRIES", 1)
    with Serving(folder, port="loop://") as desk:
        page = context.new_page()
        page.goto(desk.address())
        page.get_by_role("button", name="Pull").click()
        expect(page.locator("#pull .error")).to_contain_text("rig", timeout=30_000)
        with monkeypatch.context() as broken:
            broken.setattr(Library, "edit", full)
            page.locator(f"#value-{SECOND}-load_kg").click()
            page.locator(f"#set-{SECOND} [name=value]").fill("20")
            page.keyboard.press("Enter")
            expect(page.locator("#message .error")).to_contain_text("disk is full")
            expect(page.locator(f"#set-{SECOND} [name=value]")).to_have_value("20")
        page.keyboard.press("Enter")
        expect(page.locator("#message")).to_contain_text("Saved.")
        with closing(sqlite3.connect(folder / FILE_NAME)) as newer:
            newer.execute("PRAGMA user_version = 99")
        page.goto(f"http://127.0.0.1:{desk.http_port}/")
        expect(page.locator(".error")).to_contain_text("newer")
        expect(page.get_by_role("link", name="Live")).to_be_visible()


def full(*_: object, **__: object) -> None:
    raise DiskFullError("The library can't be written, the disk is full: make room and try again.")
