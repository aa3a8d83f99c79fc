"""The rig's page, with the real firmware on two virtual rigs: all that is done with a rig besides walking."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.calibration.hand import Bench, Hand
from tests.flash.doubles import Cable, firmware
from tests.flash.test_update import BOOT_US, MINE, greeting

from retrorig.desk.running import Serving
from retrorig.discovery.candidates import UsbPort
from retrorig.doctor.judging import JUDGES
from retrorig.errors import NoRigError
from retrorig.flash import Job
from retrorig.library import Library
from retrorig.virtual.belts import StillBelt
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
    monkeypatch.setattr("retrorig.desk.rigs.candidates", lambda: [UsbPort(port, 0x10C4) for port in PORTS])
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


def begin(form: Locator) -> None:
    form.get_by_role("button", name="Begin").click()


def question(first: Locator) -> Locator:
    """What the page asks, once it has settled: the 20 ms before, Enter would load the page anew."""
    return first.locator(".task:not(.htmx-settling) .question")


def go_on(first: Locator, asked: str) -> None:
    """Say that it is done what the page asks for."""
    expect(question(first)).to_contain_text(asked, timeout=20_000)
    question(first).get_by_role("textbox").press("Enter")


def step_back(first: Locator, hand: Hand) -> None:
    begin(first.locator("form", has_text="Which way is backward"))
    go_on(first, "Stand still")
    expect(first.locator(".question")).to_contain_text("one step backward", timeout=20_000)
    hand.push(0.4)()
    go_on(first, "one step backward")
    expect(first.locator(".task")).to_contain_text("right already", timeout=20_000)


def hang_weights(first: Locator, hand: Hand) -> None:
    force = first.locator("form", has_text="weights in turn")
    force.get_by_label("weights in turn").fill("5kg 10kg")
    begin(force)
    expect(first.locator(".task .error")).to_contain_text("Three weights", timeout=20_000)
    force.get_by_label("weights in turn").fill("5kg, 10kg, 20kg")
    force.get_by_label("who calibrates").fill("Ann")
    begin(force)
    for asked, kg in (("slack", 0), ("5kg", 5), ("10kg", 10), ("20kg", 20), ("everything off", 0)):
        expect(first.locator(".question")).to_contain_text(asked, timeout=20_000)
        hand.hang(kg)()
        go_on(first, asked)
    expect(first.locator(".task .done")).to_contain_text("on the rig and in the library", timeout=20_000)
    expect(first.locator(".fit circle")).to_have_count(5)


def push_belt(first: Locator, hand: Hand) -> None:
    """Three pushes, each with a question before it and one for when it is done; a page loaded anew asks the same."""
    belt = first.locator("form", has_text="marked distance")
    belt.get_by_label("marked distance").fill("2m")
    begin(belt)
    for number in range(1, 7):
        expect(question(first).locator("input[name=asked]")).to_have_value(str(number), timeout=20_000)
        if number == 3:
            first.page.reload()
            expect(question(first).locator("input[name=asked]")).to_have_value("3", timeout=20_000)
        if number % 2 == 0:
            hand.push(2.0)()
        question(first).get_by_role("textbox").press("Enter")
    expect(first.locator(".task .done")).to_contain_text("on the rig and in the library", timeout=60_000)


def test_every_calibration_is_guided_kept_compared_and_put_back(
    rig_page: tuple[Page, Path], bus: Bus, benches: list[Bench]
) -> None:
    page, folder = rig_page
    first, hand = rig(page, PORTS[0]), Hand(bus.rigs[PORTS[0]], benches[0])
    first.get_by_text("Calibrate", exact=True).click()
    for calibrated in (step_back, hang_weights, push_belt):
        calibrated(first, hand)
    with Library(folder) as library:
        by_weights, by_pushes = library.calibrations.all()
    assert by_weights["person"] == "Ann"
    assert max(abs(point["off_n"]) for point in by_weights["evidence"]["points"]) < 0.2
    assert by_pushes["circumference_um"] == pytest.approx(1000 * TRUE.circumference_mm, rel=2e-4)
    first.locator("summary", has_text="Calibrations").click()
    first.get_by_role("button", name="List them").click()
    expect(first.locator(".kept tbody tr")).to_have_count(2)
    first.get_by_role("button", name="Compare").click()
    expect(first.locator(".calibrations-done")).to_contain_text("circumference")
    first.get_by_role("button", name="Certificate").first.click()
    expect(first.locator(".calibrations-done a[download]")).to_be_visible(timeout=20_000)
    first.get_by_role("button", name="Save the one in force").click()
    saved = first.locator("#doing-0 a[download]")
    expect(saved).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        saved.click()
    older = first.locator(".kept tbody tr", has_text=by_weights["id"])
    older.get_by_role("button", name="Put in force").click()
    in_force = f"{by_weights['id']} is in force"
    expect(first.locator(".calibrations-done")).to_contain_text(in_force, timeout=20_000)
    first.get_by_label("A saved file").set_input_files(download.value.path())
    first.locator("button.send-file").click()
    expect(first.locator("#doing-0")).to_contain_text(f"{by_pushes['id']} is in force", timeout=20_000)


def test_the_doctor_asks_for_a_turn_and_a_pull(
    rig_page: tuple[Page, Path], bus: Bus, benches: list[Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rig's own time stands while the page asks, so what the hand does begins when it is watched."""
    for name, seconds in (("TURN_LIMIT_S", 4.0), ("TURN_STILL_S", 0.5), ("PULL_S", 2.0), ("QUIET_S", 2.5)):
        monkeypatch.setattr(f"retrorig.doctor.asking.{name}", seconds)
    page, _ = rig_page
    second, bench, board = rig(page, PORTS[1]), benches[1], bus.rigs[PORTS[1]]
    second.get_by_label("somebody turns and pulls").check()
    second.get_by_role("button", name="Doctor").click()
    begins = second.get_by_role("button", name="Begin, and do it now")
    expect(second.locator(".question")).to_contain_text("exactly one turn", timeout=60_000)
    bench.from_m = bench.to_m
    bench.to_m, bench.moved_s = bench.from_m + TRUE.circumference_mm / 1000, bench.now_s(board) + 0.5
    begins.click()
    expect(second.locator(".question")).to_contain_text("Pull the line", timeout=60_000)
    bench.creep(board, n_per_s=30.0)
    begins.click()
    expect(second.locator(".task tbody tr")).to_have_count(len(JUDGES), timeout=60_000)
    expect(second.get_by_role("row", name="encoder")).to_contain_text("direction right")
    expect(second.get_by_role("row", name="load cell")).not_to_contain_text("did not")
    bench.creep(board)


def test_firmware_is_updated_and_what_breaks_is_told(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = firmware(1), firmware(2)
    with VirtualRig(StillBelt(), files={**old, **MINE}) as board, Serving(tmp_path, port="double") as desk:
        board.power_on()
        board.run_for(BOOT_US)
        cables = [lambda: Cable(board, 2000.0), lambda: Cable(board)]
        monkeypatch.setattr("retrorig.firmware_build.built", lambda: new)
        monkeypatch.setattr(
            "retrorig.flash.flashing.Job",
            partial(Job, open_port=lambda url: cables[0](), keep_in=tmp_path / "kept"),
        )
        with chromium.new_context(locale="en-GB") as context:
            page = context.new_page()
            page.goto(desk.address())
            page.goto(f"http://127.0.0.1:{desk.http_port}/rig")
            page.get_by_text("Firmware update").click()
            page.get_by_role("button", name="Update now").click()
            expect(page.locator(".task .error")).to_be_visible(timeout=60_000)
            cables.pop(0)
            page.get_by_role("button", name="Update now").click()
            expect(page.locator(".task")).to_contain_text("has this program's firmware", timeout=60_000)
        assert "2" in greeting(board)
