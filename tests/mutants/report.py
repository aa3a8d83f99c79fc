"""What became of the mutants: a table by package, and a file with the diff of each that survived."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult
from tests.mutants.equivalent import is_equivalent
from tests.mutants.judge import UNDECIDED


class Tally(NamedTuple):
    """How many mutants a test noticed, none did, none can, and nobody knows; and the diffs of the second."""

    killed_n: int
    survived_n: int
    equal_n: int
    not_run_n: int
    diffs: list[str]

    @property
    def share(self) -> float | None:
        """Of those that were run and are mistakes."""
        n = self.killed_n + self.survived_n
        return self.killed_n / n if n else None


def tally(file: Path) -> Tally:
    with use_db(file, WorkDB.Mode.open) as database:
        results = [one for _, one in database.results if one.worker_outcome != WorkerOutcome.SKIPPED]
        pending_n = len(database.pending_work_items)
    survivors = [one for one in results if _survived(one)]
    killed_n = sum(one.test_outcome == TestOutcome.KILLED for one in results)
    not_run_n = len(results) - killed_n - len(survivors) + pending_n
    diffs = sorted(one.diff or "" for one in survivors)
    mistakes = [diff for diff in diffs if not is_equivalent(diff)]
    return Tally(killed_n, len(mistakes), len(diffs) - len(mistakes), not_run_n, mistakes)


def _survived(one: WorkResult) -> bool:
    return one.test_outcome == TestOutcome.SURVIVED and UNDECIDED not in (one.output or "")


def row(name: str, found: Tally, goal: float) -> str:
    share = "   -" if found.share is None else f"{100 * found.share:3.0f}%"
    counts = f"{found.killed_n:8d}{found.survived_n:10d}{found.equal_n:12d}{found.not_run_n:9d}"
    return f"{name:15s}{counts}   {share}   goal {100 * goal:.0f}%"


HEADER = f"{'package':15s}{'killed':>8s}{'survived':>10s}{'equivalent':>12s}{'not run':>9s}"
