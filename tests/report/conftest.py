"""A session's page, and the browser that looks at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.export.libraries import fill, recorded_blob, walk_blob
from tests.measure.walks import Gait

from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.report.html import write_html
from retrorig.report.pdf import QUIET, find_browser

NAMES = ("Anna <b>Müller</b>", "Ben" + "長" * 197)


@dataclass(frozen=True)
class Report:
    """A library with a session of two athletes, the sets' ids, and the page about them."""

    library: Path
    set_ids: list[str]
    page: Path


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("report")
    blobs = [
        walk_blob(1, 0.0, Gait(steps=20, seed=1), athlete="a1", kind="warmup"),
        walk_blob(2, 60.0, Gait(steps=20, seed=2, slacks=(7, 8)), athlete="a1", machine="sled"),
        recorded_blob(3, 120.0, athlete="a2"),
        recorded_blob(4, 200.0, "treadmill-belt.csv", athlete="a2", scale_nn=0),
        walk_blob(5, 300.0, Gait(steps=5, seed=5), athlete=""),
    ]
    set_ids = fill(folder / "library", blobs, NAMES)
    with Library(folder / "library") as library:
        write_html(library, [library.set(set_id) for set_id in set_ids], folder / "page.html")
    return Report(folder / "library", set_ids, folder / "page.html")


@pytest.fixture(scope="module")  # while it is open, no other test of this process may run an event loop
def chromium() -> Iterator[Browser]:
    """The machine's own browser. Without one, tests of the page can't run, which RETRORIG_NEEDS_CHROMIUM=1 forbids."""
    try:
        path = find_browser()
    except InputError:
        if os.environ.get("RETRORIG_NEEDS_CHROMIUM") == "1":
            pytest.fail("no browser: install the Debian package chromium")
        pytest.skip("no browser for the tests of the report page: install the Debian package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()
