"""Folders in the temporary folder: their owner's alone, gone afterwards, and those of killed programs with them."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from retrorig import scratch
from retrorig.errors import DiskFullError, InputError
from retrorig.scratch import clear_left_over, new_scratch_folder, scratch_folder


@pytest.fixture(autouse=True)
def temp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_by(temp: Path, name: str) -> Path:
    folder = temp / name
    folder.mkdir()
    (folder / "names.csv").write_text("Anna")
    return folder


def test_a_folder_is_its_owners_and_goes_with_what_is_in_it_whatever_happens(temp: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_folder() as folder:
        assert folder.parent == temp and folder.stat().st_mode & 0o777 == 0o700
        (folder / "names.csv").write_text("Anna")
        raise KeyboardInterrupt
    with scratch_folder() as folder:
        shutil.rmtree(folder)  # somebody tidied up meanwhile
    assert list(temp.iterdir()) == []


def test_what_killed_programs_left_goes_and_nothing_else(temp: Path, dead: int) -> None:
    stays = [
        left_by(temp, name) for name in ("retrorig-pg-x", f"other-{dead}-x", f"retrorig-{os.getpid()}-x")
    ]
    left_by(temp, f"retrorig-{dead}-x")
    running = new_scratch_folder()
    assert sorted(temp.iterdir()) == sorted([*stays, running])


def test_another_users_folders_are_left_alone(temp: Path, dead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, mine = left_by(temp, f"retrorig-{dead}-x"), os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    clear_left_over()
    assert folder.exists()


def test_of_another_users_process_nobody_knows_more_than_that_it_lives(
    temp: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(pid: int, number: int) -> None:
        assert (pid, number) == (dead, 0), "it is asked for, not ended"
        raise PermissionError(errno.EPERM, "Operation not permitted")

    folder = left_by(temp, f"retrorig-{dead}-x")
    monkeypatch.setattr(os, "kill", refused)
    clear_left_over()
    assert folder.exists()


def test_two_programs_may_clear_at_once(temp: Path, dead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = left_by(temp, f"retrorig-{dead}-x")

    def gone_meanwhile(pid: int) -> bool:
        shutil.rmtree(folder)
        return False

    monkeypatch.setattr(scratch, "_is_alive", gone_meanwhile)
    clear_left_over()
    assert not folder.exists()
    monkeypatch.setattr(Path, "glob", lambda *_: [folder])  # seen before it went
    clear_left_over()


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFullError), (errno.EDQUOT, DiskFullError), (errno.EROFS, InputError)],
)
def test_where_none_can_be_made_there_is_a_sentence(
    number: int, kind: type[InputError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> str:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(kind, match="make room, or set TMPDIR") as told:
        new_scratch_folder()
    assert type(told.value) is kind and os.strerror(number) in str(told.value)
