"""Copies of the checkout, one a worker: a mutant never lies in the checkout itself."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_HOME = "RETRORIG_MUTANTS_HOME"
"""Tells what runs in a copy where the checkout is."""

ROOT = Path(os.environ.get(_HOME) or Path(__file__).parents[2])
BUILD = ROOT / "build" / "mutants"
PYTHON = ROOT / ".venv" / "bin" / "python"

TOLD = "RETRORIG_MUTANTS_TOLD"
"""Names a file that gets the ids of the tests that passed and of those that failed."""

CHOSEN = "RETRORIG_MUTANTS_CHOSEN"
"""Names a file with the ids of the tests to run."""


def git(*arguments: str, of: Path = ROOT) -> list[str]:
    """Lines of git's answer about the checkout or a copy."""
    command = ["git", "-C", of, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return done.stdout.splitlines()


def sum_of(paths: Iterable[Path]) -> str:
    """What these files of the checkout hold, as a short name."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0" + (ROOT / path).read_bytes())
    return digest.hexdigest()[:12]


def made(number: int) -> Path:
    """A fresh clone, with what is not committed yet."""
    copy = BUILD / f"copy-{number}"
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, copy], check=True)
    for name in git("ls-files", "--modified", "--others", "--exclude-standard"):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    git("add", "--all", of=copy)  # what a mutant differs from: the checkout itself may change meanwhile
    _compile(copy)
    return copy


def _compile(copy: Path) -> None:
    """Compiled once, and known by the sources' hashes: by time and size a mutant may pass for what was there before."""
    command = [PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
    subprocess.run([*command, "host_tools", "firmware"], cwd=copy, check=True)


@contextmanager
def alone_in(copy: Path) -> Iterator[None]:
    """While nobody else tries a mutant there."""
    with (copy / ".git" / "in-use").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def environment(copy: Path, **more: str) -> dict[str, str]:
    """The copy's sources are found before those of the checkout; what was compiled is used again."""
    path = os.pathsep.join(str(copy / part) for part in ("host_tools", "firmware", "."))
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": path, _HOME: str(ROOT), **more}
