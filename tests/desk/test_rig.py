"""Pull and the live page, with the real firmware on the virtual rig at the other end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from retrorig.desk.running import Serving
from retrorig.errors import NoRigError
from retrorig.library import Library
from retrorig.virtual.belts import WalkerBelt
from retrorig.virtual.rig import VirtualRig

RUN_US = 22_000_000
"""Time enough for two sets and more."""

COME = re.compile(r"[2-9] new sets\.")


class Plug:
    """The rig's cable: where it is plugged in, the port opens."""

    def __init__(self, rig: VirtualRig) -> None:
        self.rig, self.is_in = rig, True

    def open(self, url: str) -> object:
        if not self.is_in:
            raise NoRigError("Nothing is plugged in: plug in the rig.")
        return self.rig.open_port()


@pytest.fixture(scope="module")
def rig() -> Iterator[VirtualRig]:
    with VirtualRig(WalkerBelt(sets=9, distance_m=2.0, rest_s=5.0, wait_s=0.5), seed=6) as rig:
        rig.power_on()
        rig.run_for(4_000_000)
        rig.start_belt()
        rig.run_for(RUN_US)
        yield rig


@pytest.fixture
def plug(rig: VirtualRig, monkeypatch: pytest.MonkeyPatch) -> Plug:
    plug = Plug(rig)
    monkeypatch.setattr("retrorig.link.rig_port.open_port", plug.open)
    return plug


@pytest.fixture
def first_page(chromium: Browser, plug: Plug, tmp_path: Path) -> Iterator[tuple[Page, Path]]:
    """The desk of a library that does not exist yet."""
    folder = tmp_path / "library"
    with Serving(folder, port="virtual") as desk, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(desk.address())
        yield page, folder


def test_first_start_pull_and_pull_again(first_page: tuple[Page, Path], plug: Plug) -> None:
    page, folder = first_page
    expect(page.locator(".empty")).to_contain_text("press Pull")
    plug.is_in = False
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull .error")).to_contain_text("plug in the rig")
    plug.is_in = True
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull")).to_contain_text(COME, timeout=60_000)
    with Library(folder) as library:
        sets_n = len(library.sets())
    expect(page.locator("tbody tr")).to_have_count(sets_n)
    expect(page.locator("tr.is-new .new").first).to_have_text("new")
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull")).to_contain_text("Nothing new", timeout=60_000)
    expect(page.locator("tbody tr")).to_have_count(sets_n)


def test_live_shows_one_huge_number_and_pull_works_meanwhile(
    first_page: tuple[Page, Path], plug: Plug
) -> None:
    page, folder = first_page
    plug.rig.run_for(RUN_US)
    page.get_by_role("link", name="Live").click()
    expect(page.locator("#number")).to_have_text(re.compile(r"\d"), timeout=60_000)
    size = page.locator("#number").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 200, "readable from across a room"
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull")).to_contain_text(COME, timeout=60_000)
    expect(page.locator("#live")).not_to_have_class("is-waiting")
    with Library(folder) as library:
        assert len(library.sets()) >= 2
