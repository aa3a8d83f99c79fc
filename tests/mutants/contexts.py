"""Which tests run which line, by coverage.py's contexts; and which of them pass on the code as it is."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.mutants.copies import PYTHON, TOLD, environment

DATA, TESTS = "coverage", "tests.json"


def measure(copy: Path, processes_n: int, folder: Path, source: Path, tests: list[str]) -> None:
    """Run tests in a copy with their lines noted; what was found before for the same code stays."""
    if (folder / TESTS).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "coveragerc"
    settings.write_text(f"[run]\ndata_file = {folder / DATA}\n")
    options = ["-q", "-n", str(processes_n), "-p", "no:cacheprovider", "-p", "tests.mutants.known"]
    noted = [f"--cov={copy / source}", f"--cov-config={settings}", "--cov-context=test", "--cov-report="]
    _carry_out([PYTHON, "-m", "pytest", *options, *tests, *noted], copy, str(folder / TESTS))


def _carry_out(command: list[str | Path], copy: Path, told: str) -> None:
    """Run the tests; those that fail anyway are left out later. Broken off, it leaves none running."""
    variables = environment(copy, **{TOLD: told})
    with subprocess.Popen(
        command, cwd=copy, env=variables, stdout=subprocess.DEVNULL, start_new_session=True
    ) as tests:
        try:
            tests.wait()
        except BaseException:
            os.killpg(tests.pid, signal.SIGKILL)
            raise


def passing(folder: Path) -> dict[str, float]:
    """Seconds that each test took, under coverage."""
    return json.loads((folder / TESTS).read_text())["passed"]


def covering(folder: Path, path: str, lines: range) -> set[str]:
    """Tests that ran one of these lines of a file whose path ends so."""
    with closing(sqlite3.connect(f"file:{folder / DATA}?mode=ro", uri=True)) as data:
        rows = data.execute(
            "SELECT context, numbits FROM line_bits JOIN file ON file.id = file_id "
            "JOIN context ON context.id = context_id WHERE path LIKE ?",
            ("%/" + path,),
        ).fetchall()
    return {context.partition("|")[0] for context, bits in rows if context and _has(bits, lines)}


def _has(bits: bytes, lines: range) -> bool:
    """Whether coverage.py's row of bits has one of these lines."""
    return any(line // 8 < len(bits) and bits[line // 8] & 1 << line % 8 for line in lines)
