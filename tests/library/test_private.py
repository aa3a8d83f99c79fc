"""What is kept of people is readable by the owner of this computer's account alone, whatever its umask says."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.library.libraries import fill, walk

from retrorig.flash.file_backup import Keeper
from retrorig.flash.sums import Sums
from retrorig.library import Library
from retrorig.library.backup import backup
from retrorig.library.sample_files import write_samples
from retrorig.link.relayed import Announced, announce
from retrorig.logs import logging_to
from retrorig.virtual.parts.flash import FlashImage
from retrorig.watch import EventLog, WatchEvent

SIZE = 1 << 20


@pytest.fixture(autouse=True)
def careless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Everybody may read what is made, unless it says otherwise."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    before = os.umask(0)
    yield
    os.umask(before)


def library(folder: Path) -> list[Path]:
    fill(folder / "library", walk(1, athlete="a1"))
    with Library(folder / "library") as opened:
        backup(opened, folder / "backup.sqlite3")
    return [folder / "library", folder / "library" / "library.sqlite3", folder / "backup.sqlite3"]


def samples(folder: Path) -> list[Path]:
    fill(folder / "library", walk(1, athlete="a1"))
    (folder / "library").chmod(0o755)  # somebody shares it
    with Library(folder / "library") as opened:
        write_samples(opened)
    return [folder / "library" / "samples"]


def events(folder: Path) -> list[Path]:
    log = EventLog(folder / "watched")
    log.write(WatchEvent("found", "/dev/x", "r1", "It answers."))
    log.close()
    return [folder / "watched"]


def log(folder: Path) -> list[Path]:
    with logging_to(folder / "cable.log"):
        logging.getLogger("retrorig").info("said")
    return [folder / "cable.log"]


def vouched(folder: Path) -> list[Path]:
    Sums(folder / "boards").remember("image.bin", "0" * 64)
    return [folder / "boards"]


def kept_files(folder: Path) -> list[Path]:
    board = SimpleNamespace(files=lambda: {"notes.txt": 3}, read=lambda path: b"abc")
    keeper = Keeper("aa:bb", folder / "boards")
    assert keeper.save(cast("Any", board), False, lambda done, total: None) == 1
    return [keeper.folder]


def announced(folder: Path) -> list[Path]:
    path = announce("/dev/x", Announced(1, "secret"))
    return [path, path.parent]


def flash(folder: Path) -> list[Path]:
    FlashImage(SIZE, folder / "flash.bin")
    return [folder / "flash.bin"]


MAKERS = (library, samples, events, log, vouched, kept_files, announced, flash)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_nobody_else_can_look(tmp_path: Path, make: Callable[[Path], list[Path]]) -> None:
    for path in make(tmp_path):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
