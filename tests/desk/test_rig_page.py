"""The rig's page, with the real firmware on two virtual rigs: all that is done with a rig besides walking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.calibration.hand import Bench, Hand

from retrorig.desk.running import Serving
from retrorig.discovery.candidates import Found
from retrorig.doctor.judging import JUDGES
from retrorig.errors import NoRigError
from retrorig.library import Library
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Calibration, RigSettings

TRUE = RigSettings(calibration=Calibration(circumference_um=243_000, zero=20_000, scale_nn=430_000))
PORTS = ("/dev/ttyUSB0", "/dev/ttyUSB1")


class Bus:
    """Two rigs at their ports; those in `gone` are unplugged."""

    def __init__(self, rigs: dict[str, VirtualRig]) -> None:
        self.rigs, self.gone = rigs, set[str]()

    def open(self, url: str) -> object:
        if url in self.gone:
            raise NoRigError(f"There is no port {url}: check the name and the cable.")
        return self.rigs[url].open_port()


@pytest.fixture(scope="module")
def benches() -> list[Bench]:
    return [Bench(), Bench()]


@pytest.fixture(scope="module")
def bus(benches: list[Bench]) -> Iterator[Bus]:
    with VirtualRig(benches[0], TRUE, seed=3) as first, VirtualRig(benches[1], TRUE, seed=4) as second:
        for rig, bench in ((first, benches[0]), (second, benches[1])):
            rig.power_on()
            rig.run_for(4_000_000)
            bench.start(rig)
        yield Bus({PORTS[0]: first, PORTS[1]: second})


@pytest.fixture
def rig_page(
    chromium: Browser, bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Page, Path]]:
    monkeypatch.setattr("retrorig.link.rig_port.open_port", bus.open)
    monkeypatch.setattr("retrorig.desk.rigs.candidates", lambda: [Found(port, 0x10C4) for port in PORTS])
    folder = tmp_path / "library"
    with Serving(folder) as desk, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(desk.address())
        page.get_by_role("link", name="Rig").click()
        yield page, folder


def rig(page: Page, port: str) -> Locator:
    return page.get_by_role("region", name=port)


def test_two_rigs_stand_side_by_side_each_with_its_state(rig_page: tuple[Page, Path], bus: Bus) -> None:
    page, folder = rig_page
    for port in PORTS:
        expect(rig(page, port).locator(".state-found")).to_be_visible(timeout=20_000)
        expect(rig(page, port)).to_contain_text("net backward since the start")
    bus.gone.add(PORTS[1])
    expect(rig(page, PORTS[1]).locator(".state-lost")).to_be_visible(timeout=20_000)
    expect(rig(page, PORTS[1])).to_contain_text("check the name and the cable")
    expect(rig(page, PORTS[0]).locator(".state-found")).to_be_visible()
    bus.gone.clear()
    first = rig(page, PORTS[0])
    first.get_by_label("The next sets are of").fill("Çağla Ünal")
    first.get_by_role("button", name="Tell the rig").click()
    expect(page.locator("#message")).to_contain_text("the rig is told only a1")
    with Library(folder) as library:
        assert library.people.names() == {"a1": "Çağla Ünal"}
    first.get_by_role("button", name="Tare").click()
    expect(page.locator("#message")).to_contain_text("is zero now", timeout=20_000)
    first.get_by_role("button", name="Pull", exact=True).click()
    expect(first.locator(".pull")).to_contain_text("Nothing new", timeout=20_000)
    first.get_by_text("Settings", exact=True).click()
    first.get_by_role("button", name="Read them").click()
    first.get_by_label("unit of distances on the display").select_option("yd")
    first.get_by_label("standing still so long ends a set").fill("40")
    first.get_by_role("button", name="Save").click()
    expect(page.locator("#message .error")).to_contain_text("from 2 to 10")
    first.get_by_label("standing still so long ends a set").fill("5")
    first.get_by_role("button", name="Save").click()
    expect(first.locator(".settings .done").first).to_contain_text(
        "distance_unit yd, still_s 5", timeout=20_000
    )
    first.get_by_role("button", name="Doctor").click()
    expect(first.locator(".task tbody tr")).to_have_count(len(JUDGES), timeout=60_000)


def test_a_plan_is_pushed_to_one_of_them_and_followed(rig_page: tuple[Page, Path]) -> None:
    page, _ = rig_page
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name="light-sled").click()
    page.get_by_role("button", name=f"Push to the rig {PORTS[1]}").click()
    expect(page.locator("#pushed")).to_contain_text("follows it from its beginning", timeout=20_000)
    page.get_by_role("button", name=f"Show what the rig holds {PORTS[1]}").click()
    expect(page.locator("#on-rig tbody tr")).to_contain_text("0 of", timeout=20_000)
    page.get_by_role("button", name="Free sets, no plan").click()
    expect(page.locator("#on-rig tbody tr")).not_to_contain_text("0 of", timeout=20_000)


def test_the_load_cell_is_calibrated_step_by_step(
    rig_page: tuple[Page, Path], bus: Bus, benches: list[Bench]
) -> None:
    page, folder = rig_page
    first, hand = rig(page, PORTS[0]), Hand(bus.rigs[PORTS[0]], benches[0])
    first.get_by_text("Calibrate", exact=True).click()
    force = first.locator("form", has=page.get_by_label("weights in turn"))
    force.get_by_label("weights in turn").fill("5kg 10kg")
    force.get_by_role("button", name="Begin").click()
    expect(first.locator(".task .error")).to_contain_text("Three weights", timeout=20_000)
    force.get_by_label("weights in turn").fill("5kg, 10kg, 20kg")
    force.get_by_label("who calibrates").fill("Ann")
    force.get_by_role("button", name="Begin").click()
    for asked, kg in (("slack", 0), ("5kg", 5), ("10kg", 10), ("20kg", 20), ("everything off", 0)):
        expect(first.locator(".question")).to_contain_text(asked, timeout=20_000)
        hand.hang(kg)()
        first.get_by_role("textbox", name=asked).press("Enter")
    expect(first.locator(".task .done")).to_contain_text("on the rig and in the library", timeout=20_000)
    expect(first.locator(".fit circle")).to_have_count(5)
    with Library(folder) as library:
        (record,) = library.calibrations.all()
    assert record["person"] == "Ann"
    assert max(abs(point["off_n"]) for point in record["evidence"]["points"]) < 0.2
