"""Plays a page's commands in order, as its reader would, with the virtual rig in virtual time at the port `rig`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
import serial
from tests.docs.pages import Line, lines

from retrorig import cli
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig

LOOK_US = 100_000
PORT = "rig"
_SCHEME = "docs"
_SET_ID = re.compile(r"\b[0-9a-f]{12}-(?:\d{4}|[0-9a-f]{6})-\d{5}\b")


class Cable:
    """What pyserial opens at `docs://rig`: the port of the rig that runs at this point of the page."""

    rig: VirtualRig | None = None
    watch: Callable[[VirtualRig], None] | None = None  # the walker's look at the display

    def __init__(self, *_: object, **__: object) -> None:
        self._port: RigPort | None = None
        self.port = ""

    def open(self) -> None:
        assert Cable.rig, "the page uses a rig before it starts one"
        self._port = Cable.rig.open_port()

    def __getattr__(self, name: str) -> object:
        return getattr(self.__dict__["_port"], name)

    def __setattr__(self, name: str, value: object) -> None:
        self.__dict__[name] = value
        if self.__dict__.get("_port") is not None and name in ("timeout", "write_timeout"):
            setattr(self.__dict__["_port"], name, value)


def play(page: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Line, int, str]]:
    """Each command that was run, its exit status and what it said; `sim` lasts until the next `sim` or the end."""
    left = [line for line in lines(page) if line.is_run and line.words[:1] != ("make",)]
    said: list[tuple[Line, int, str]] = []

    def serve(rig: VirtualRig, *_: object, **given: Callable[[VirtualRig], None]) -> None:
        Cable.rig, Cable.watch = rig, given.get("watch")
        go_on(inside=True)
        Cable.rig = None

    def go_on(inside: bool) -> None:
        while left:
            line = left[0]
            if inside and line.words[1:2] == ("sim",):
                return
            left.pop(0)
            if line.words[:1] == ("mkdir",):
                Path(line.words[1]).mkdir(exist_ok=True)
            elif line.words[:1] == ("export",):
                monkeypatch.setenv(*line.words[1].split("="))
            elif line.later_s:
                assert Cable.rig, f"{page}: time passes without a rig"
                _pass(Cable.rig, line.later_s)
            else:
                said.append((line, *_run(line, said)))

    handler = ModuleType("tests.docs.protocol_docs")
    handler.Serial = Cable  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tests.docs.protocol_docs", handler)
    monkeypatch.setattr(serial, "protocol_handler_packages", ["tests.docs"])
    monkeypatch.setattr("retrorig.virtual.server.serve", serve)
    go_on(inside=False)
    yield from said


def _pass(rig: VirtualRig, seconds: int) -> None:
    """Virtual time, in which a walker looks up as often as the server would let it."""
    for _ in range(seconds * 1_000_000 // LOOK_US):
        rig.run_for(LOOK_US)
        if Cable.watch:
            Cable.watch(rig)


def _run(line: Line, said: Sequence[tuple[Line, int, str]]) -> tuple[int, str]:
    """Status and output. SET stands for a set that was listed before, as the page says."""
    listed = [found for _, _, text in said for found in _SET_ID.findall(text)]
    words = [listed[-1] if word == "SET" and listed else word for word in line.words]
    words = [f"{_SCHEME}://{PORT}" if before == "--port" else word for before, word in zip(words, words[1:])]
    text = StringIO()
    with redirect_stdout(text), redirect_stderr(text):
        status = cli.run(words)
    return status, text.getvalue()
