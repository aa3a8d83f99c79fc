"""A desk that runs, and the browser in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait
from tests.report.conftest import chromium as chromium  # the same browser as the report's

from retrorig.desk.running import Serving

expect.set_options(timeout=30_000)  # milliseconds: on a busy computer a page takes its time

NAMES = ("Anna <b>Müller</b>", "Ben")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library: two sets of Anna and one of Ben on a day, one of Anna on the day before."""
    folder = tmp_path_factory.mktemp("desk") / "library"
    blobs = [
        walk_blob(1, -86_400.0, Gait(steps=6, seed=1), athlete="a1"),
        walk_blob(2, 0.0, Gait(steps=6, seed=2), athlete="a1", kind="work"),
        walk_blob(3, 60.0, Gait(steps=6, seed=3), athlete="a1", kind="work"),
        walk_blob(4, 120.0, Gait(steps=6, seed=4), athlete="a2"),
    ]
    fill(folder, blobs, NAMES)
    return folder


@pytest.fixture(scope="module")
def looked_at(filled: Path, chromium: Browser) -> Iterator[tuple[Page, Serving]]:
    """A desk and one page of it, for all tests of a module that only look."""
    with (
        Serving(filled, port=str(filled.parent / "no-rig")) as desk,
        chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}) as context,
    ):
        page = context.new_page()
        page.goto(desk.address())
        yield page, desk


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """That library, for one test to change."""
    return Path(shutil.copytree(filled, tmp_path / "library"))


@pytest.fixture
def desk(folder: Path) -> Iterator[Serving]:
    with Serving(folder, port=str(folder.parent / "no-rig")) as serving:
        yield serving


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    with chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, desk: Serving) -> Iterator[Page]:
    """The first page, of a browser that has been let in; it may complain of nothing and ask nobody else."""
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk.address())
    yield page
    page.close()
    expected = ("422", "503")  # the status of a sentence, which the browser's console repeats
    assert [text for text in said if not any(status in text for status in expected)] == []
    assert all(url.startswith(f"http://127.0.0.1:{desk.http_port}/") for url in asked), asked
