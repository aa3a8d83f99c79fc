"""The coach's desk: how soon its pages come with 100,000 sets, how a set of half an hour zooms, what Live costs.

Every figure is of the command as a coach starts it, asked by a plain client or looked at by a real browser.
"""

from __future__ import annotations

import http.client
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright
from tests.bench.rows import Row, compare
from tests.host.sets import MadeSet, blob_of
from tests.library.big_library import make

from retrorig.desk.pages.athlete_parts import PARTS
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.report.pdf import QUIET, find_browser

SETS_N = 100_000
LONG_S = 1800.0
LIVE_S = 8.0
USABLE_S, PAGE_S, FILTER_S, ZOOM_MS, LIVE_MS, LIVE_MB, LIVE_CPU_PCT = 3.0, 1.0, 0.3, 100.0, 250.0, 300.0, 20.0
RETRORIG = "from retrorig.cli import main; main()"
SWING = 2 * math.pi * 1.8


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return [*_big(Path(folder) / "big"), *_long(Path(folder) / "long"), *_live(Path(folder) / "live")]


class Asking:
    """A client that was let in, once the first page is there; `usable_s` after the command was given."""

    def __init__(self, desk: subprocess.Popen[str], started_s: float) -> None:
        assert desk.stdout
        self.pid, self.address = desk.pid, desk.stdout.readline().strip()
        place = urlsplit(self.address)
        self._client = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        self._cookie = ""
        self._cookie = self._answer(f"/?{place.query}").getheader("Set-Cookie", "").partition(";")[0]
        self.usable_s = time.perf_counter() - started_s

    def seconds(self, path: str) -> float:
        """How long this takes to come, whole."""
        started_s = time.perf_counter()
        self._answer(path)
        return time.perf_counter() - started_s

    def _answer(self, path: str) -> http.client.HTTPResponse:
        self._client.request("GET", path, headers={"Cookie": self._cookie} if self._cookie else {})
        answer = self._client.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        return answer


@contextmanager
def _desk(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], float]]:
    command = [sys.executable, "-c", RETRORIG, "desk", "--no-browser", "--library", str(folder), *arguments]
    started_s = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as desk:
        try:
            yield desk, started_s
        finally:
            desk.kill()


def _big(folder: Path) -> list[Row]:
    make(folder, SETS_N)
    with Library(folder) as library:
        set_id, label = library.choose(["last"])[0], library.people.known_label("Athlete 7")
    with _desk(folder) as (desk, started_s):
        asking = Asking(desk, started_s)
        own = (f"/people/{label}", f"/sets/{set_id}")
        pages = ("/", "/live", "/people", "/plans", "/reports", "/rig", "/library", *own)
        slowest_s, page = max((asking.seconds(path), path) for path in pages)
        part_s, part = max((asking.seconds(f"/people/{label}/{part}"), part) for part in PARTS)
        filter_s = min(asking.seconds("/reports/sets?athlete=Athlete+7&since=2025-11-01") for _ in range(3))
    return [
        compare(f"desk, usable, {SETS_N} sets", asking.usable_s, "s", "limit", USABLE_S, 1.0),
        compare(f"desk, slowest page ({page}), {SETS_N} sets", slowest_s, "s", "limit", PAGE_S, 1.0),
        compare(f"desk, slowest part of an athlete ({part})", part_s, "s", "limit", PAGE_S, 1.0),
        compare(f"desk, filter, {SETS_N} sets", filter_s, "s", "limit", FILTER_S, 1.0),
    ]


def _long(folder: Path) -> list[Row]:
    """A set of half an hour, zoomed stretch by stretch."""
    walk = MadeSet(
        lambda t: t + 0.2 / SWING * (1 - math.cos(SWING * t)),
        lambda t: 150 + 50 * math.sin(SWING * t + 0.9),
        LONG_S,
        rate_hz=83.4,
        header={"start_unix_ms": 1_790_000_000_000},
    )
    with Library(folder, create=True) as library:
        set_id, _ = library.add_set(blob_of(walk))
    with _desk(folder) as (desk, started_s):
        asking = Asking(desk, started_s)
        asking.seconds(f"/sets/{set_id}/traces")
        steps = [(LONG_S * 0.4 * k / 20, LONG_S * (1 - 0.4 * k / 20)) for k in range(20)]
        zoomed_s = median(asking.seconds(f"/sets/{set_id}/traces?from={a}&to={b}") for a, b in steps)
    return [compare("desk, zoom step, 150,000 samples", 1000 * zoomed_s, "ms", "limit", ZOOM_MS, 1.0)]


def _live(folder: Path) -> list[Row]:
    """What a browser shows of a rig in real time, and what the desk needs for it; nothing without a browser."""
    try:
        find_browser()
    except InputError:
        return []
    sim = [sys.executable, "-c", RETRORIG, "sim", "--seed", "4"]
    with subprocess.Popen(sim, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as rig:
        assert rig.stdout
        try:
            with _desk(folder, "--port", rig.stdout.readline().strip()) as (desk, _):
                assert desk.stdout
                ages_ms, cpu_pct, memory_mb = _watched(desk.pid, desk.stdout.readline().strip())
        finally:
            rig.kill()
    return [
        compare("desk, conversion to screen, median", median(ages_ms), "ms", "limit", LIVE_MS, 1.0),
        compare("desk, values a second on screen", LIVE_S * 10, "values", "shown", len(ages_ms), 1.25),
        compare("desk, of a core while live", cpu_pct, "%", "limit", LIVE_CPU_PCT, 1.0),
        compare("desk, memory while live", memory_mb, "MB", "limit", LIVE_MB, 1.0),
    ]


_LOOK = """
milliseconds => new Promise(done => {
  const ages = [];
  const live = document.getElementById("live");
  new MutationObserver(() => ages.push(Number(live.dataset.age))).observe(live, {attributeFilter: ["data-age"]});
  setTimeout(() => done(ages), milliseconds);
})
"""


def _watched(pid: int, address: str) -> tuple[list[float], float, float]:
    """(age of each moment when it was drawn, ms; processor of the desk, percent; its memory, MB)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", *QUIET])
        page = browser.new_page()
        page.goto(address)
        page.get_by_role("link", name="Live").click()
        page.locator("#live[data-age]").wait_for(timeout=60_000)
        before_s, started_s = _cpu_s(pid), time.perf_counter()
        ages = page.evaluate(_LOOK, LIVE_S * 1000)
        cpu_pct = 100 * (_cpu_s(pid) - before_s) / (time.perf_counter() - started_s)
        browser.close()
    status = Path(f"/proc/{pid}/status").read_text()
    memory_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return list(ages), cpu_pct, memory_kb / 1024


def _cpu_s(pid: int) -> float:
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
