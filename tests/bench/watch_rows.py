"""`retrorig watch` in real time: how soon a set is in the library, and what rigs cost in memory and processor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Queue
from typing import Any

from tests.bench.rows import Row, compare

from retrorig.errors import RetrorigError
from retrorig.link.rig_port import open_rig
from retrorig.live.stream import Event, Stream, Told

MAIN = "from retrorig.cli import main; main()"
RIGS_N = 3
WALK = ((0, 0, 0), (40, 0, 0), (46, 6, 150), (47, 6, 0), (900, 6, 0))
"""A recording: standing, until everything has started; six seconds of walking; standing."""

LATE_S, RIG_MB, IDLE_PERCENT = 3.0, 20.0, 2.0
IDLE_S = 20.0
WAIT_S = 120.0


@dataclass
class _Watched:
    """A watch of some rigs, after each has done a set."""

    late_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    idle_percent: float = 0.0


def rows() -> list[Row]:
    one, some = _watched(1), _watched(RIGS_N)
    rig_mb = (some.peak_mb - one.peak_mb) / (RIGS_N - 1)
    late_s = max(one.late_s + some.late_s)
    rigs = f"{RIGS_N} rigs"
    return [
        compare("watch, a set in the library after the rig ended it", late_s, "s", "limit", LATE_S, 1.0),
        compare("watch, memory a rig more takes", rig_mb, "MB", "limit", RIG_MB, 1.0),
        compare(f"watch, memory of it all, {rigs}", some.peak_mb, "MB", "one rig", one.peak_mb, None),
        compare(f"watch, {rigs} that stand", some.idle_percent, "% of a core", "limit", IDLE_PERCENT, 1.0),
        compare("watch, one rig that stands", one.idle_percent, "% of a core", "limit", IDLE_PERCENT, 1.0),
    ]


def _watched(rigs_n: int) -> _Watched:
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        recording = folder / "walk.csv"
        lines = [",".join(map(str, line)) for line in WALK]
        recording.write_text("\n".join(["time_s,belt_m,force_n", *lines]) + "\n", encoding="utf-8")
        ports = [stack.enter_context(_rig(recording, seed)) for seed in range(rigs_n)]
        words = [word for port in ports for word in ("--port", port)]
        watch = stack.enter_context(_running("watch", "--json", "--library", str(folder / "library"), *words))
        events: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=_read, args=(watch, events), daemon=True).start()
        _take(events, "found", ports)
        ends = {port: _End(port) for port in ports}
        pulled = _take(events, "pulled", ports)
        for end in ends.values():
            end.thread.join(WAIT_S)
            assert end.at_s, "no rig was seen to end its set"
        late_s = [pulled[port] - ends[port].at_s for port in ports]
        return _Watched(late_s, _peak_mb(watch.pid), _idle_percent(watch.pid))


def _read(watch: subprocess.Popen[str], events: Queue[dict[str, Any]]) -> None:
    assert watch.stdout
    for line in watch.stdout:
        events.put(json.loads(line))


def _take(events: Queue[dict[str, Any]], kind: str, ports: list[str]) -> dict[str, float]:
    """When each port first told of this, as Unix seconds."""
    seen: dict[str, float] = {}
    until_s = time.monotonic() + WAIT_S
    while len(seen) < len(ports):
        event = events.get(timeout=max(until_s - time.monotonic(), 0.1))
        if event["event"] == kind:
            seen.setdefault(event["port"], datetime.fromisoformat(event["time_utc"]).timestamp())
    return seen


class _End:
    """Looks at a rig through the watch until its set is over; `at_s` is when the rig said so, in Unix seconds."""

    def __init__(self, port: str) -> None:
        self.at_s = 0.0
        self._was_running = False
        self.stream = Stream(partial(open_rig, port), self._take)
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.at_s:
            try:
                self.stream.run()
            except RetrorigError:  # the watch is at its first pull
                time.sleep(0.2)

    def _take(self, event: Event) -> None:
        if not isinstance(event, Told):
            return
        if self._was_running and not event.telemetry.is_running:
            self.at_s = (event.at_utc_ms - event.age_ms) / 1000
            self.stream.stop()
        self._was_running = event.telemetry.is_running


@contextmanager
def _rig(recording: Path, seed: int) -> Iterator[str]:
    """A virtual rig in real time that plays the recording; its port."""
    with _running("sim", str(recording), "--seed", str(seed)) as sim:
        assert sim.stdout
        yield sim.stdout.readline().strip()


@contextmanager
def _running(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", MAIN, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _peak_mb(pid: int) -> float:
    found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) / 1024


def _idle_percent(pid: int) -> float:
    """Share of a core that a process takes while nothing happens."""
    before = _cpu_s(pid)
    time.sleep(IDLE_S)
    return 100 * (_cpu_s(pid) - before) / IDLE_S


def _cpu_s(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
