"""How long a sample takes to the live screen, in real time, with `retrorig sim` at the other end of the line."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import partial
from statistics import median

from tests.bench.rows import Row, compare

from retrorig.link.ports import open_port
from retrorig.live.screen import LiveApp
from retrorig.live.stream import Stream

LIVE_S = 8.0
DISPLAY_MS = 200  # the rig's own display is drawn so often


def rows() -> list[Row]:
    return [
        compare(
            "live, sample to screen, median", _live_ms(), "ms", "rig's display, its period", DISPLAY_MS, 1.0
        )
    ]


def _live_ms() -> float:
    command = [sys.executable, "-c", "from retrorig.cli import main; main()", "sim", "--seed", "4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as sim:
        assert sim.stdout
        app = LiveApp(partial(Stream, partial(open_port, sim.stdout.readline().strip())), dict, str)
        try:
            asyncio.run(_watch(app))
        finally:
            sim.kill()
    return median(app.shown_ms)


async def _watch(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)):
        await asyncio.sleep(LIVE_S)
