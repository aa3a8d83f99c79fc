"""`retrorig library publish` into a PostgreSQL and a folder of this computer, as whole commands."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.processes import RETRORIG, Run, run
from tests.bench.rows import Row, compare
from tests.growth.library import main as make
from tests.growth.needs import LeftOut
from tests.publish.postgres import Server, server

FEW_N, MANY_N = 1000, 10_000
FIRST_S, AGAIN_S = 60.0, 2.0
FLAT = 1.25


def rows() -> list[Row]:
    """None where no PostgreSQL can be started."""
    try:
        with server() as started, tempfile.TemporaryDirectory() as scratch:
            few, _ = _published(started, Path(scratch), FEW_N)
            many, again = _published(started, Path(scratch), MANY_N)
    except LeftOut:
        return []
    n = f"{MANY_N} sets"
    return [
        compare(f"publish, {n}", many.seconds, "s", "limit", FIRST_S, 1.0),
        compare(f"publish, {n}", many.seconds, "s", "its processor time", many.cpu_s, None),
        compare(f"publish again, nothing new, {n}", again.seconds, "s", "limit", AGAIN_S, 1.0),
        compare(
            f"publish again, nothing new, {n}", again.seconds, "s", "its processor time", again.cpu_s, None
        ),
        compare(f"publish, {n}, memory", many.peak_mb, "MB", f"{FEW_N} sets", few.peak_mb, FLAT),
    ]


def _published(started: Server, scratch: Path, sets_n: int) -> tuple[Run, Run]:
    """A library's first publish, and the one after it."""
    folder, database = scratch / str(sets_n), f"sets{sets_n}"
    make(folder, sets_n)
    started.make_database(database)
    words = ("library", "publish", started.socket_address(database), "--library", folder / "library")
    return run(RETRORIG, *words, "--files", folder / "store"), run(RETRORIG, *words)
