"""A rig's seed decides all: the same set to the last bit, whatever the computer calls its folders or does besides."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.virtual.conftest import Booted
from tests.walker_belt import WalkerBelt

from retrorig.library import Library
from retrorig.playback import Watch, play_and_pull
from retrorig.virtual import machine
from retrorig.virtual.rig import VirtualRig

ROOT = Path(__file__).parents[2]
STOPS_N = 5
STOPPED_S = 0.25
"""Longer than the rig waits for a call before it asks what the interpreter does."""

OTHER_PROCESS = "from tests.virtual.test_same_seed import session; print(*session())"


def session(watch: Watch = lambda rig, t_s: None) -> tuple[str, str, str]:
    """A set, pulled: its bytes' digest, board calls, virtual microseconds."""
    belt = WalkerBelt(sets=1, distance_m=3.0)
    with tempfile.TemporaryDirectory() as folder, VirtualRig(belt, seed=4) as rig:
        with Library(folder, create=True) as library:
            (set_id,) = play_and_pull(rig, belt, library, watch=watch).new
            blob = library.blob(set_id)
        return hashlib.sha256(blob).hexdigest(), str(rig.calls_n), str(rig.now_us)


def stopped_now_and_then(rig: VirtualRig, t_s: float) -> None:
    """As on a computer that has other things to do, and comes back to the interpreter in the middle of its work."""
    if round(t_s * 4) % 4 == 0 and t_s <= STOPS_N:
        assert rig.interpreter_pid is not None
        os.kill(rig.interpreter_pid, signal.SIGSTOP)
        threading.Timer(STOPPED_S, os.kill, (rig.interpreter_pid, signal.SIGCONT)).start()


def test_the_same_seed_gives_the_same_set_whatever_folder_hashes_and_load(tmp_path: Path) -> None:
    here = session()
    assert session(stopped_now_and_then) == here, "on a busy computer"
    folder = tmp_path / "a temporary folder whose name takes more of the heap"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert tuple(done.stdout.split()) == here, "in another folder, with sets in another order"


READING = """
import time
from esp32 import Partition
from machine import Timer
part = Partition.find(Partition.TYPE_DATA, label="setlog")[0]
part.writeblocks(3, b"written", 100)
beats, sums, into = bytearray(1), 0, bytearray(512)
def beat(timer):
    beats[0] += 1
begun = time.ticks_us()
Timer(0).init(period=7, callback=beat)
for i in range(100):
    part.readblocks(i % 5, into, 64)
    sums += sum(into)
    if i % 5 == 4:
        time.sleep_us(100)
print("=", time.ticks_diff(time.ticks_us(), begun), beats[0], sums)
"""


def test_flash_that_the_interpreter_reads_by_itself_takes_the_time_that_asking_would(
    boot: Callable[..., Booted], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = boot(READING)
    took_us, beats_n, sums = quick.values()
    monkeypatch.setattr(machine, "_READING_NS", 0)
    asked = boot(READING)
    assert asked.values() == [pytest.approx(took_us, abs=1), beats_n, sums]
    assert took_us > 100 * 485 and beats_n >= took_us // 7000 - 1 and sums < 100 * 512 * 255
    assert asked.rig.calls_n - quick.rig.calls_n > 60
