"""Which interpreter runs the virtual rig, and the folder that it starts from."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig.errors import InputError, MissingPackageError
from retrorig.virtual import cpu
from retrorig.virtual.cpu import interpreter


@pytest.mark.parametrize("is_cleared", [False, True])
def test_the_simulated_modules_go_with_the_program_also_if_somebody_cleared_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_cleared: bool
) -> None:
    at_end: list[Callable[[], object]] = []
    register = atexit.register

    def noted(do: Callable[..., object], *given: object, **named: object) -> object:
        if do is not shutil.rmtree:
            return register(do, *given, **named)  # others' ends are not for now
        return at_end.append(lambda: do(*given, **named))

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(atexit, "register", noted)
    folder = Path(cpu._simulated_modules.__wrapped__())
    assert (folder / "_boot.py").is_file() and list(folder.glob("*.mpy"))
    if is_cleared:
        shutil.rmtree(folder)
    (end,) = at_end
    end()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a Python beside which nothing lies, with nothing on the PATH."""
    monkeypatch.delenv("RETRORIG_MICROPYTHON", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    return tmp_path


def command(path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_one_that_was_named_comes_first_then_the_one_beside_python_then_that_of_the_path(
    monkeypatch: pytest.MonkeyPatch, python: Path
) -> None:
    with pytest.raises(MissingPackageError, match="needs the MicroPython interpreter"):
        interpreter()
    for folder in ("path", "bin"):
        made = command(python / folder / "micropython")
        assert interpreter() == made
    named = command(python / "other")
    monkeypatch.setenv("RETRORIG_MICROPYTHON", named)
    assert interpreter() == named
    monkeypatch.setenv("RETRORIG_MICROPYTHON", str(python / "none"))
    with pytest.raises(InputError, match="correct RETRORIG_MICROPYTHON"):
        interpreter()


@pytest.mark.parametrize("pieces", [[b"abcde"], [b"ab", b"cde"], [b"a", b"bcd", b""], [b"", b""]])
def test_what_follows_a_request_is_read_whole_and_an_interpreter_that_died_amid_it_is_asked_no_more(
    monkeypatch: pytest.MonkeyPatch, pieces: list[bytes]
) -> None:
    """A pipe may give less than was asked for, and nothing for ever once its writer has gone."""
    given = iter(pieces)
    monkeypatch.setattr(os, "read", lambda _, n: next(given)[:n])
    one = cast("Any", SimpleNamespace(_request=7))
    assert cpu.Cpu.payload(one, 5) == b"".join(pieces)
    assert cpu.Cpu.payload(one, 0) == b""
