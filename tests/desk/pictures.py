"""Pictures of every page of the desk, of invented people, for whoever changes a page to look at.

`make pictures` puts them into build/pictures: `python -m tests.desk.pictures FOLDER`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait
from tests.walker_belt import WalkerBelt

from retrorig.desk.running import Serving
from retrorig.library import Library
from retrorig.report.pdf import QUIET, find_browser
from retrorig.virtual.rig import VirtualRig

NAMES = ("Anna Berg", "Ben Öz")
DAY_S = 86_400.0
LOADS_KG = (0, 20, 40, 60)
WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "laptop": (1280, 900), "television": (1920, 1080)}


def library(folder: Path) -> str:
    """Five weeks of two people; returns the set that is shown."""
    blobs, loads = [], []
    for day in (-33, -26, -19, -17, -12, -10, -5, -3, 0):
        for number, load_kg in enumerate(LOADS_KG if day % 2 == 0 else LOADS_KG[:2]):
            slower = 0.12 * number
            gait = Gait(
                1.9 - slower,
                22,
                speed_mps=1.1 - slower,
                force_n=90 + 60 * number,
                seed=200 + day * 4 + number,
            )
            start_s = day * DAY_S + 180 * number
            blobs.append(walk_blob(len(blobs) + 1, start_s, gait, athlete="a1", kind="work", machine="sled"))
            loads.append(load_kg)
    blobs.append(walk_blob(len(blobs) + 1, 900, Gait(steps=12, seed=7, slacks=(5, 6)), athlete="a2"))
    ids = fill(folder, blobs, NAMES)
    with Library(folder) as opened:
        for place, (set_id, load_kg) in enumerate(zip(ids, loads)):
            opened.edit([set_id], {"load_kg": load_kg, "rpe": 4 + place % 4, "pain": place % 3})
            opened.edit([set_id], {"side": "left" if place % 2 else "right"})
        opened.edit(ids[-2:-1], {"notes": "new harness, calm", "first_foot": "left"})
    return ids[-2]


def take(browser: Browser, desk: Serving, set_id: str, folder: Path) -> None:
    """Every page at every width, light; the laptop's dark, too."""
    paths = {
        "today": "/", "set": f"/sets/{set_id}", "athlete": "/people/a1?limit=10&stop=20", "people": "/people",
        "plans": "/plans?plan=light-sled", "reports": "/reports", "rig": "/rig", "library": "/library", "live": "/live",
    }  # fmt: skip
    for size, (width, height) in WIDTHS.items():
        for scheme in ("light", "dark") if size == "laptop" else ("light",):
            view = {"width": width, "height": height}
            with browser.new_context(locale="en-GB", viewport=view, color_scheme=scheme) as context:  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(desk.address())
                for name, path in paths.items():
                    page.goto(f"http://127.0.0.1:{desk.http_port}{path}")
                    page.locator(
                        ".rig-state .state-word, #plots[data-to], #live:not(.is-waiting), main"
                    ).first.wait_for()
                    if name in ("rig", "live"):
                        page.locator(".state-found, #number:not(:text('–'))").first.wait_for()
                        page.wait_for_timeout(1500)
                    for image in page.locator("img").all():
                        image.scroll_into_view_if_needed()
                        image.evaluate("image => image.decode()")
                    expect(page.locator(".htmx-request, .part .small:text('Looking')")).to_have_count(
                        0, timeout=20_000
                    )
                    page.wait_for_timeout(300)
                    page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=name != "live")


def main(folder: Path) -> None:
    """Make them all."""
    folder.mkdir(parents=True, exist_ok=True)
    belt = WalkerBelt(sets=99, distance_m=10.0, rest_s=8.0, wait_s=0.5)
    with (
        tempfile.TemporaryDirectory() as place,
        VirtualRig(belt, seed=6) as rig,
        sync_playwright() as playwright,
    ):
        set_id = library(Path(place) / "library")
        rig.power_on()
        rig.run_for(4_000_000)
        rig.start_belt()
        from retrorig.link import rig_port

        rig_port.open_port = lambda url: rig.open_port()  # type: ignore[assignment]
        args = ["--no-sandbox", *QUIET]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=args)
        with Serving(Path(place) / "library", port="virtual") as desk:
            take(browser, desk, set_id, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
