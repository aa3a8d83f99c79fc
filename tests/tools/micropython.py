"""Runs one test function of a file in the MicroPython interpreter."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from retrorig import board_files
from retrorig.errors import RetrorigError
from retrorig.virtual.cpu import interpreter

HEAP = "8m"  # the test's own lists need some; what the firmware itself may use is tested on the virtual rig
RUNNER = Path(__file__).parent / "board" / "runner.py"


def is_available() -> bool:
    """Whether this platform has the interpreter at all."""
    try:
        interpreter()
    except RetrorigError:
        return False
    return True


def test_names(path: Path) -> list[str]:
    """The test functions of a file, in its order, without importing it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def run_tests(path: Path, names: Iterable[str], firmware: Path | None = None) -> str | None:
    """Run test functions with the firmware of `firmware` (default: the project's own).

    Returns None when all passed, else what the interpreter printed.
    """
    command = [interpreter(), "-X", f"heapsize={HEAP}", str(RUNNER)]
    command += [str(firmware or board_files.root()), str(path.parent), path.stem, *names]
    done = subprocess.run(command, capture_output=True, timeout=60, env={"PATH": os.defpath}, check=False)
    text = (done.stdout + done.stderr).decode(errors="replace")
    passed = done.returncode == 0 and text.rstrip().endswith("passed")
    return None if passed else text or f"the interpreter ended with status {done.returncode}"
