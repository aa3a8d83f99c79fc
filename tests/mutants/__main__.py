"""`make mutants`: small mistakes in the sources, one at a time, and whether a test goes red.

Runs in build/env-mutants/. What was found stays in build/mutants/: the same command goes on where it was broken off,
and tries survivors again when the tests have changed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.mutants import contexts, copies, places, session
from tests.mutants.packages import PACKAGES, Package
from tests.mutants.report import HEADER, row, tally


def main() -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores the first
        signal.signal(ending, signal.default_int_handler)
    wishes = _wishes()
    changed = places.changed_since(wishes.since) if wishes.since else None
    names = [name for name in wishes.packages.split() or PACKAGES if _modules(PACKAGES[name], changed)]
    if not names:
        print("No source has changed.")
        return
    if changed is not None:  # so many of all lines that changed
        wishes.n = -(-wishes.n // len(names))
    workers = [copies.made(number) for number in range(1, wishes.workers + 1)]
    print(HEADER, flush=True)
    signal.signal(signal.SIGALRM, _over)
    end_s = time.monotonic() + (wishes.minutes * 60 or float("inf"))
    for number, name in enumerate(names):
        now_s = time.monotonic()
        share_s = (end_s - now_s) / (len(names) - number)
        _try(name, _modules(PACKAGES[name], changed), workers, changed, wishes, now_s + share_s)
    print(
        f"What survived is in {copies.BUILD.relative_to(copies.ROOT)}/, a file a package; a person has to judge it."
    )


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300, help="mutants a package, 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packages", default="", help="their names; all without")
    parser.add_argument("--tests", default="", help="files or folders, instead of those near a package")
    parser.add_argument("--since", default="", help="a commit: only lines that have changed since")
    parser.add_argument(
        "--until", choices=("lines", "near", "all"), default="all", help="which tests survivors are tried by"
    )
    parser.add_argument("--seconds", type=float, default=1800, help="most for one mutant")
    parser.add_argument("--minutes", type=float, default=0, help="most for all; 0: as long as it takes")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _modules(package: Package, changed: dict[Path, set[int]] | None) -> list[Path]:
    found = package.modules(copies.ROOT)
    return found if changed is None else [path for path in found if path in changed]


def _try(
    name: str,
    modules: list[Path],
    workers: list[Path],
    changed: dict[Path, set[int]] | None,
    wishes: argparse.Namespace,
    end_s: float,
) -> None:
    package = PACKAGES[name]
    package = package._replace(near=tuple(wishes.tests.split()) or package.near)
    sources = copies.sum_of(package.modules(copies.ROOT))
    both = f"{sources}-{copies.sum_of(_tests())}"
    near = _near(package, modules, changed is not None)
    folder = copies.BUILD / name / f"{both}-{zlib.crc32(' '.join(near).encode()):08x}"
    file = copies.BUILD / name / f"{sources}-{wishes.n}-{wishes.seed}-{wishes.since}.sqlite"
    with suppress(TimeIsOver), _until(end_s):
        contexts.measure(workers[0], len(workers), folder, package.path, near)
        session.begin(file, modules, wishes.n, wishes.seed, changed)
        _forget_if_other_tests(file, f"{folder.name} {wishes.until}")
        judged = [str(folder), str(wishes.seconds), wishes.until, *map(str, modules)]
        session.carry_out(file, workers, judged, wishes.seconds)
    if file.exists():
        found = tally(file)
        (copies.BUILD / f"{name}.diff").write_text("\n\n".join(found.diffs) + "\n", encoding="utf-8")
        print(row(name, found, package.goal), flush=True)
        if changed is not None:
            print("".join(f"\n{diff}\n" for diff in found.diffs), end="", flush=True)
    else:
        print(f"{name:15s} not tried: the time was over", flush=True)


class TimeIsOver(Exception):
    """More minutes have passed than were given."""


@contextmanager
def _until(end_s: float) -> Iterator[None]:
    """Raise TimeIsOver within the block, and never after it."""
    if end_s < float("inf"):
        signal.setitimer(signal.ITIMER_REAL, max(0.001, end_s - time.monotonic()))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _over(*_: object) -> None:
    raise TimeIsOver


def _tests() -> list[Path]:
    """All that tests consist of."""
    listed = map(Path, copies.git("ls-files", "-co", "--exclude-standard", "tests", ":!tests/mutants"))
    return [path for path in listed if (copies.ROOT / path).is_file()]


def _near(package: Package, modules: list[Path], is_short: bool) -> list[str]:
    """The package's tests; for a short run only the files that import a module that changed, and all if none does."""
    if not is_short:
        return list(package.near)
    files = [
        file
        for near in package.near
        for file in (sorted((copies.ROOT / near).rglob("test_*.py")) or [copies.ROOT / near])
    ]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    chosen: set[Path] = set()
    for path in modules:
        chosen |= {file for file in files if places.imports(texts[file], path)}
    return [str(file.relative_to(copies.ROOT)) for file in files if file in chosen or not chosen]


def _forget_if_other_tests(file: Path, tests: str) -> None:
    """Survivors are tried again by other tests, or by more of them."""
    mark = file.with_suffix(".tests")
    if mark.exists() and mark.read_text() != tests:
        session.try_again(file)
    mark.write_text(tests)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Broken off: the same command goes on.")
