"""Pull and the live page, with the real firmware on the virtual rig at the other end."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial
from playwright.sync_api import Browser, Page, expect
from tests.walker_belt import WalkerBelt

from retrorig.desk.running import Serving
from retrorig.errors import NoRigError
from retrorig.library import Library
from retrorig.link.ports import Port, open_port
from retrorig.plans.reader import read_plan_text
from retrorig.rig import connect
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.server import serve

RUN_US = 22_000_000
"""Time enough for two sets and more."""

LIVE_PLAN = """
schema = 1
id = "watched"
name = "Watched"

[[block]]
times = 50
distance_m = 2
rest_s = 3
speed_mps = [0.1, 0.2]
cadence_spm = [90, 100]
pace_mps = [0.15, 0.15]
"""

BYTES_OF_A_SET = 2500
"""From the rig, the greeting before it included."""

COME = re.compile(r"[2-9] new sets\.")


class Plug:
    """The rig's cable: where it is plugged in, the port opens; after `bytes_left` it comes out by itself."""

    def __init__(self, rig: VirtualRig, open_port: Callable[[], RigPort | Port] | None = None) -> None:
        self.rig, self.is_in = rig, True
        self.open_port = open_port or rig.open_port
        self.bytes_left = 1 << 40

    def open(self, _: str) -> object:
        if not self.is_in:
            raise NoRigError("Nothing is plugged in: plug in the rig.")
        return Cable(self)


class Cable:
    """A port that is gone once its plug is out."""

    def __init__(self, plug: Plug) -> None:
        self._plug = plug
        self._port: RigPort | Port = plug.open_port()
        self.timeout: float | None = None
        self.monotonic = getattr(self._port, "monotonic", time.monotonic)
        self.close = self._port.close

    @property
    def in_waiting(self) -> int:
        self._check()
        return self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        self._check()
        self._port.timeout = self.timeout
        found = self._port.read(size)
        self._plug.bytes_left -= len(found)
        self._plug.is_in = self._plug.is_in and self._plug.bytes_left > 0
        return found

    def write(self, data: bytes) -> int | None:
        self._check()
        return self._port.write(data)

    def _check(self) -> None:
        if not self._plug.is_in:
            raise serial.SerialException("device reports readiness to read but returned no data")


@pytest.fixture(scope="module")
def rig() -> Iterator[VirtualRig]:
    with VirtualRig(WalkerBelt(sets=60, distance_m=2.0, rest_s=5.0, wait_s=0.5), seed=6) as rig:
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
def paced_plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plug]:
    """The same with a rig in real time behind it: what it shows stays as long as a person would see it."""
    device, stop = tmp_path / "rig", threading.Event()
    with VirtualRig(WalkerBelt(sets=60, distance_m=2.0, rest_s=5.0, wait_s=0.5), seed=6) as rig:
        rig.power_on()
        rig.run_for(4_000_000)
        rig.start_belt()
        is_served = threading.Event()
        server = threading.Thread(
            target=lambda: serve(rig, device, announce=lambda _: is_served.set(), stop=stop)
        )
        server.start()
        try:
            assert is_served.wait(30)
            plug = Plug(rig, lambda: open_port(str(device)))
            monkeypatch.setattr("retrorig.link.rig_port.open_port", plug.open)
            yield plug
        finally:
            stop.set()
            server.join()


@pytest.fixture
def first_page(chromium: Browser, plug: Plug, tmp_path: Path) -> Iterator[tuple[Page, Path]]:
    yield from page_of_no_library(chromium, tmp_path)


@pytest.fixture
def paced_page(chromium: Browser, paced_plug: Plug, tmp_path: Path) -> Iterator[tuple[Page, Path]]:
    yield from page_of_no_library(chromium, tmp_path)


def page_of_no_library(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, Path]]:
    """The desk of a library that does not exist yet."""
    folder = tmp_path / "library"
    with Serving(folder, port="virtual") as desk, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(desk.address())
        yield page, folder


def test_first_start_unplugged_in_mid_pull_and_back(first_page: tuple[Page, Path], plug: Plug) -> None:
    page, folder = first_page
    plug.rig.run_for(RUN_US)  # another test may have pulled what was walked before
    expect(page.locator(".empty")).to_contain_text("press Pull")
    plug.is_in = False
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull .error")).to_contain_text("plug in the rig")
    plug.is_in, plug.bytes_left = True, BYTES_OF_A_SET
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull .error")).to_contain_text("cable", timeout=60_000)
    plug.is_in, plug.bytes_left = True, 1 << 40
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull .error")).to_have_count(0, timeout=60_000)
    expect(page.locator("#pull")).to_contain_text("new set", timeout=60_000)
    with Library(folder) as library:
        sets_n = len(library.sets())
        assert sets_n >= 2 and not [fault for fault in library.check(is_thorough=True) if fault.is_damage]
    expect(page.locator("tbody tr")).to_have_count(sets_n)
    expect(page.locator("tr.is-new .new").first).to_have_text("new")
    page.get_by_role("button", name="Pull").click()
    expect(page.locator("#pull")).to_contain_text(re.compile("Nothing new|1 new set"), timeout=60_000)
    with Library(folder) as library:  # somebody may have walked on meanwhile
        ids = [row.set_id for row in library.sets()]
    assert len(set(ids)) == len(ids) <= sets_n + 1
    expect(page.locator("tbody tr")).to_have_count(len(ids))


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


def test_a_set_of_a_plan_is_watched_to_its_end_through_a_loose_plug(
    paced_page: tuple[Page, Path], paced_plug: Plug
) -> None:
    page, folder = paced_page
    plug = paced_plug
    with Library(folder) as library:
        library.people.label_for("Anna")
    with connect("virtual") as rig:
        rig.push_plan(read_plan_text(LIVE_PLAN), choose=True)
    page.get_by_role("link", name="Live").click()
    expect(page.locator("#position")).to_contain_text("of 50", timeout=60_000)
    expect(page.locator("#speed-place")).to_contain_text("asked: 0.1–0.2", timeout=60_000)
    expect(page.locator("#state")).to_contain_text("running", timeout=60_000)
    expect(page.locator("#speed-place")).to_have_class(re.compile("place-(above|below|within)"))
    expect(page.locator("#cadence-place")).to_contain_text("asked: 90–100")
    expect(page.locator("#pace")).to_have_text("m against a pace of 0.15 m/s")
    expect(page.locator("#ahead")).to_have_text(re.compile(r"[+−]\d+\.\d"))
    page.get_by_label("The next sets are of").fill("Anna")
    page.get_by_role("button", name="Tell the rig").click()
    expect(page.locator(".who")).to_contain_text("Anna", timeout=60_000)
    plug.is_in = False
    expect(page.locator("#state")).to_contain_text("Waiting for the rig", timeout=60_000)
    expect(page.locator("#live")).to_have_class("is-waiting")
    plug.is_in = True
    expect(page.locator("#state")).to_have_text(re.compile("resting|running|ready"), timeout=60_000)
    expect(page.locator("#live")).not_to_have_class("is-waiting")
