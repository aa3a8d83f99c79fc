"""Interrupts at any instant: the sampler's ring in the real interpreter, and the callbacks with the heap locked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from retrorig import board_files
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.cpu import interpreter
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Fault, RigSettings

SOAK = Path(__file__).parent / "board" / "soak.py"
CALLBACKS_N = 30_000
"""Some 5 s."""

MANY_N = 2_000_000
"""Some 5 min, in an exhaustive run."""


def soak(firmware: Path, callbacks_n: int = CALLBACKS_N) -> list[int]:
    """Callbacks, samples taken, dropped, torn, out of order, unaccounted."""
    done = subprocess.run(
        [interpreter(), str(SOAK), str(callbacks_n)],
        capture_output=True,
        env={"PATH": os.defpath, "MICROPYPATH": str(firmware)},
        check=True,
    )
    return [int(word) for word in done.stdout.split()]


def test_random_callbacks_tear_nothing_and_lose_nothing_unseen(request: pytest.FixtureRequest) -> None:
    wanted_n = MANY_N if request.config.getoption("--exhaustive", default=False) else CALLBACKS_N
    callbacks, taken, dropped, torn, disorder, unaccounted = soak(board_files.root(), wanted_n)
    assert callbacks >= wanted_n
    assert taken > callbacks // 2 and dropped > 0, "the ring ran over, too"
    assert (torn, disorder, unaccounted) == (0, 0, 0)


def test_the_soak_sees_a_ring_that_runs_over_without_a_word(tmp_path: Path) -> None:
    firmware = tmp_path / "firmware"
    shutil.copytree(board_files.root(), firmware)
    sampler = firmware / "app" / "sampler.py"
    counted = "            self.dropped_n += 1\n            return\n"
    source = sampler.read_text()
    assert source.count(counted) == 1
    sampler.write_text(source.replace(counted, "            pass\n"))
    _, _, _, torn, disorder, unaccounted = soak(firmware)
    assert torn + disorder + unaccounted > 0


SAMPLING = """
import gc, micropython, time
import board
from app import converters, wiring

sampler = wiring._sampler(board, converters.converter(board, "hx711", 80))
sampler.start()
time.sleep_ms(300)
while sampler.take():
    pass
gc.collect()
taken = end = 0  # a new name would allocate under the lock
micropython.heap_lock()
end = time.ticks_add(time.ticks_ms(), 3000)
while time.ticks_diff(end, time.ticks_ms()) > 0:
    while sampler.take():
        taken += 1
    time.sleep_ms(5)
micropython.heap_unlock()
print("=", taken, sampler.restarts_n, sampler.watch.desync_n, sampler.dropped_n)
"""


def sampled_with_a_locked_heap(*faults: Fault) -> tuple[list[int], str]:
    root = board_files.root()
    files = {path.as_posix(): (root / path).read_bytes() for path in board_files.files()}
    files["main.py"] = SAMPLING.encode()
    with VirtualRig(StillBelt(), RigSettings(faults=faults, rate_hz=90.0), seed=2, files=files) as rig:
        rig.power_on()
        rig.run_for(6_000_000)
        text = rig.board.uart.host_read(1 << 20).decode(errors="replace")
    line = next((line for line in text.splitlines() if line.startswith("=")), "=")
    return [int(word) for word in line[1:].split()], text


def test_the_sampler_allocates_nothing_in_callbacks_and_main_loop() -> None:
    numbers, text = sampled_with_a_locked_heap()
    assert "MemoryError" not in text
    taken, restarts, desync, dropped = numbers
    assert 262 <= taken <= 275
    assert (restarts, desync, dropped) == (0, 0, 0)


def test_nor_when_it_restarts_the_converter() -> None:
    numbers, text = sampled_with_a_locked_heap(Fault("adc", "lost_clock"))
    assert "MemoryError" not in text
    assert 2 < numbers[2] <= numbers[1] <= numbers[2] + 2  # the last may still wait in the ring
    numbers, text = sampled_with_a_locked_heap(Fault("adc", "silent", 2.0, 4.0))
    assert "MemoryError" not in text
    assert numbers[1] >= 1
