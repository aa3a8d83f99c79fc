"""The test command of a mutant, in the copy that holds it.

`python -m tests.mutants.judge FOLDER SECONDS EXTENT PATH...`: what is known of the tests, the most time, how far to go,
and the sources of which one is mutated. First come the tests that ran a changed line, or if there were none all near
ones (EXTENT "lines": of these the quickest alone, some 20 s), then ("near") all near ones, then ("all") all, each time
the quickest file first. Its status is what the mutation tool asks for: 1, a test noticed; 0, none did, or nobody knows,
which it says: it took longer than it may, or what the tool wrote is no Python.
"""

from __future__ import annotations

import ast
import difflib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.mutants.contexts import covering, passing
from tests.mutants.copies import CHOSEN, PYTHON, TOLD, alone_in, environment, git
from tests.mutants.equivalent import is_equivalent

UNDECIDED = "undecided"
TEST_S, OF_ITS_OWN = 60, 4
"""A test that hangs has noticed: it takes longer than this, and so many times as long as it did before."""

ENOUGH_S = 20
"""What the tests of a changed line may take together where no others are run."""

SLOW_S = 1
"""Tests that take longer may wait for something, and fail on a busy computer."""

NOTICED, NONE_RUN = 1, 5


def main(folder: Path, seconds: float, extent: str, paths: list[str]) -> int:
    end_s = time.monotonic() + seconds
    path, before, after = _mutated(paths)
    ast.parse(after)
    if is_equivalent("\n".join(git("diff", "--", path, of=Path.cwd()))):
        return 0  # else all tests would run, for a mutant of which a person has said that none can notice
    known, ran = passing(folder), covering(folder, path, changed_lines(before, after))
    first = {test: s for test, s in known.items() if test in ran}
    rest = {test: s for test, s in known.items() if test not in ran and (extent != "lines" or not first)}
    if extent == "lines":
        first, rest = cheapest(first), cheapest(rest)
    for chosen in (first, rest, None if extent == "all" else {}):
        if chosen != {} and _is_noticed(chosen, end_s):
            return NOTICED
    return 0


def _is_noticed(chosen: dict[str, float] | None, end_s: float) -> bool:
    """Whether one of these tests fails; a slow one twice: not only because the computer is busy."""
    status, failed = _run(chosen, end_s)
    if status in (0, NONE_RUN):
        return False
    known = chosen or {}
    again = {test: known.get(test, SLOW_S) for test in failed}
    if min(again.values(), default=0) < SLOW_S or _run(again, end_s)[0] not in (0, NONE_RUN):
        return True
    others = {test: s for test, s in known.items() if test not in failed}
    return bool(others) and _is_noticed(others, end_s)


def _mutated(paths: list[str]) -> tuple[str, str, str]:
    """The file of this copy that is mutated, and its text before and now; LookupError if none is."""
    changed = git("diff", "--name-only", "--", *paths, of=Path.cwd())
    if not changed:
        raise LookupError("no file is mutated")
    before = "\n".join(git("show", f":{changed[0]}", of=Path.cwd()))
    return changed[0], before, Path(changed[0]).read_text(encoding="utf-8")


def changed_lines(before: str, after: str) -> range:
    """From the first to the last line that changed, as `before` counts them."""
    blocks = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), False).get_opcodes()
    differing = [block for block in blocks if block[0] != "equal"]
    return range(differing[0][1] + 1, max(differing[-1][2], differing[0][1] + 1) + 1)


def cheapest(tests: dict[str, float], most_s: float = ENOUGH_S) -> dict[str, float]:
    """As many of the quickest tests as fit into these seconds."""
    chosen, sum_s = {}, 0.0
    for test, seconds in sorted(tests.items(), key=lambda item: item[1]):
        sum_s += seconds
        if chosen and sum_s > most_s:
            break
        chosen[test] = seconds
    return chosen


def quickest_first(chosen: dict[str, float]) -> list[str]:
    """The files of these tests, which took so many seconds."""
    files: dict[str, float] = defaultdict(float)
    for test, seconds in chosen.items():
        files[test.partition("::")[0]] += seconds
    return sorted(files, key=lambda file: (files[file], file))


def _run(chosen: dict[str, float] | None, end_s: float) -> tuple[int, list[str]]:
    """Status of pytest on these tests with the seconds that each took, None: on all; and those that failed."""
    most_s = max(TEST_S, OF_ITS_OWN * max((chosen or {}).values(), default=0))
    command = [
        PYTHON,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--assert=plain",
        "--timeout",
        str(most_s),
    ]
    with tempfile.TemporaryDirectory() as folder:
        told, wanted = Path(folder) / "told.json", Path(folder) / "chosen.json"
        more = {TOLD: str(told)}
        if chosen is not None:
            wanted.write_text(json.dumps(list(chosen)))
            more[CHOSEN] = str(wanted)
            command += quickest_first(chosen)
        command += ["-p", "tests.mutants.known"]
        status = _status(command, environment(Path.cwd(), **more), end_s)
        return status, json.loads(told.read_text())["failed"] if told.exists() else []


def _status(command: list[Any], variables: dict[str, str], end_s: float) -> int:
    """TimeoutExpired when it takes too long, or when who asked has gone."""
    asker = os.getppid()
    with subprocess.Popen(command, env=variables, start_new_session=True) as tests:
        while True:
            try:
                return tests.wait(1)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end_s or os.getppid() != asker:
                    os.killpg(tests.pid, signal.SIGKILL)
                    raise


if __name__ == "__main__":
    where, most_s, extent, *sources = sys.argv[1:]
    try:
        with alone_in(Path.cwd()):
            sys.exit(main(Path(where), float(most_s), extent, sources))
    except (
        SyntaxError,
        LookupError,
        OSError,
        ValueError,
        sqlite3.Error,
        subprocess.SubprocessError,
    ) as error:
        print(f"{UNDECIDED}: {error!r}")
