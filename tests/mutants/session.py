"""One package's mutants in cosmic-ray's database: which are tried, and the trying, by one worker a copy."""

from __future__ import annotations

import contextlib
import random
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientTimeout, client
from cosmic_ray.commands import execute
from cosmic_ray.commands import init as all_mutants
from cosmic_ray.config import ConfigDict
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, WorkerOutcome, WorkItem, WorkResult
from tests.mutants.copies import PYTHON, ROOT, alone_in, environment
from tests.mutants.places import equal_places

LINES_A_MUTANT = 40
LEFT_OUT = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)


def begin(file: Path, modules: list[Path], n: int, seed: int, changed: dict[Path, set[int]] | None) -> None:
    """Fill the database with `n` mutants drawn by `seed`, 0: all; `changed`: of these lines alone."""
    if file.exists():
        return
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with use_db(draft) as database, contextlib.chdir(ROOT):
        all_mutants(_drawn(modules, n, seed), database, {})
        items = sorted(database.work_items, key=lambda item: _order(item.mutations[0]))
        found = [item for item in items if _counts(item.mutations[0], changed)]
        chosen = {item.job_id for item in _sample(found, n, seed)}
        database.set_multiple_results([item.job_id for item in items if item.job_id not in chosen], LEFT_OUT)
    draft.rename(file)


def _drawn(modules: list[Path], n: int, seed: int) -> list[Path]:
    """So many of the modules that a sample of `n` has places enough: to find a file's mutants takes seconds."""
    chance, lines_n, drawn = random.Random(seed), 0, []
    for path in chance.sample(modules, len(modules)):
        if n and lines_n >= n * LINES_A_MUTANT:
            break
        lines_n += (ROOT / path).read_bytes().count(b"\n")
        drawn.append(path)
    return drawn


def _order(mutation: MutationSpec) -> tuple[str, tuple[int, int], str]:
    return str(mutation.module_path), mutation.start_pos, mutation.operator_name


def _counts(mutation: MutationSpec, changed: dict[Path, set[int]] | None) -> bool:
    lines = set(range(mutation.start_pos[0], mutation.end_pos[0] + 1))
    if changed is not None and not lines & changed.get(mutation.module_path, set()):
        return False
    return not any(first <= mutation.start_pos < last for first, last in equal_places(mutation.module_path))


def _sample(items: list[WorkItem], n: int, seed: int) -> list[WorkItem]:
    """One mutant a place, drawn by chance, before any place has two: an operator has eleven others, a name one."""
    chance = random.Random(seed)
    places: dict[object, list[WorkItem]] = defaultdict(list)
    for item in items:
        places[item.mutations[0].module_path, item.mutations[0].start_pos].append(item)
    rounds: dict[int, list[WorkItem]] = defaultdict(list)
    for at_place in places.values():
        for number, item in enumerate(chance.sample(at_place, len(at_place))):
            rounds[number].append(item)
    drawn = [item for number in sorted(rounds) for item in chance.sample(rounds[number], len(rounds[number]))]
    return drawn[:n] if n else drawn


def try_again(file: Path) -> None:
    """Forget which mutants survived: the tests are others now."""
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")


def carry_out(file: Path, copies: list[Path], judged: list[str], seconds: float) -> None:
    """Try all that is left; a break costs only those that are being tried."""
    client.DEFAULT_TIMEOUT = ClientTimeout(total=None)  # else five minutes; the judge has its own time
    command = shlex.join([str(PYTHON), "-m", "tests.mutants.judge", *judged])
    with _workers(copies) as urls, use_db(file, WorkDB.Mode.open) as database:
        execute(
            database,
            ConfigDict(
                {
                    "timeout": seconds + 60,
                    "test-command": command,
                    "distributor": {"name": "http", "http": {"worker-urls": urls}},
                }
            ),
        )


@contextlib.contextmanager
def _workers(copies: list[Path]) -> Iterator[list[str]]:
    """cosmic-ray's own workers, one in each copy."""
    ports = [_free_port() for _ in copies]
    cosmic_ray = Path(sys.executable).parent / "cosmic-ray"
    running = [
        subprocess.Popen(
            [cosmic_ray, "http-worker", "--port", str(port)],
            cwd=copy,
            env=environment(copy),
            stdout=subprocess.DEVNULL,
        )
        for port, copy in zip(ports, copies, strict=True)
    ]
    try:
        for port in ports:
            _await(port)
        yield [f"http://localhost:{port}" for port in ports]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)  # time that is over by now must not leave one of them running
        for process, copy in zip(running, copies, strict=True):
            process.kill()  # asked kindly, it would wait for the mutant that is being tried
            process.wait()
            with alone_in(copy):  # that one's judge has noticed, and ended its tests
                pass


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def _await(port: int) -> None:
    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        with contextlib.suppress(OSError), socket.create_connection(("localhost", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("cosmic-ray's worker did not start")
