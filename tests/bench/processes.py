"""Whole processes, timed from their start to their end, as somebody at a terminal waits for them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_PEAK = """
import atexit, os, re
told = "/proc/self/status"  # what wait4 tells of a child starts with the memory of its parent
atexit.register(lambda: open(os.environ["PEAK"], "w").write(re.search(r"VmHWM:\\s*(\\d+)", open(told).read())[1]))
"""
RETRORIG = "import sys; from retrorig.cli import run; sys.exit(run(sys.argv[1:]))"


@dataclass(frozen=True)
class Run:
    """What one process took. cpu_s: of that, on the processor; on a busy machine the rest is waiting for it."""

    seconds: float
    cpu_s: float
    peak_mb: float


def best(program: str, *arguments: object, times: int = 3) -> Run:
    """The quickest of some runs."""
    return min((run(program, *arguments) for _ in range(times)), key=lambda run: run.seconds)


def run(program: str, *arguments: object) -> Run:
    """Run a Python program to its end; its output goes where nobody reads it."""
    with tempfile.TemporaryDirectory() as folder:
        peak = Path(folder) / "peak"
        command = [sys.executable, "-c", _PEAK + program, *map(str, arguments)]
        environment = {**os.environ, "PEAK": str(peak)}
        started, cpu_s = time.perf_counter(), _children_cpu_s()
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            check=False,
        )
        seconds = time.perf_counter() - started
        assert done.returncode == 0, done.stderr
        return Run(seconds, _children_cpu_s() - cpu_s, int(peak.read_text()) / 1024)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
