"""The watch and `--follow` beside each other, as the page for several sites prints them, in processes of their own."""

from __future__ import annotations

import configparser
import shlex
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, lines
from tests.publish.postgres import OWNER, PASSWORD, Server
from tests.publish.target import Target, check

from retrorig import Library
from retrorig.cli import run

_MAIN = "from retrorig.cli import main; main()"
_WATCH = ("retrorig", "watch", "--library", "room")
_FOLLOW = ("retrorig", "library", "publish", "postgresql:///sites", "--follow", "--library", "room")


@contextmanager
def _running(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-u", "-c", _MAIN, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _until(process: subprocess.Popen[str], is_it: Callable[[str], bool]) -> str:
    """The first line of a process that is wanted; its end is none."""
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if is_it(line):
            return line
    raise AssertionError("".join(said))


def test_the_printed_unit_runs_that_command() -> None:
    page = (ROOT / "host_tools" / "SITES.md").read_text(encoding="utf-8")
    text = page[page.index("    [Unit]") : page.index("    WantedBy=default.target")]
    unit = configparser.RawConfigParser()
    unit.read_string(textwrap.dedent(text))
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    own = {"postgresql://south@db.example/sites": "postgresql:///sites", "%h/room": "room"}
    assert tuple(own.get(word, word) for word in words) == _FOLLOW[1:]
    assert program == "%h/.local/bin/retrorig" and unit["Service"]["Restart"] == "always"


@pytest.mark.timeout(300)  # real time, on a computer that may be busy
def test_each_set_that_the_watch_pulls_is_published_by_the_commands_as_printed(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {_WATCH, _FOLLOW} <= {line.words for line in lines("host_tools/SITES.md")}
    monkeypatch.chdir(tmp_path)
    postgres.make_database("sites_follow")
    target = Target(postgres, "sites_follow", tmp_path / "files")
    for name, value in (
        ("HOST", "127.0.0.1"),
        ("PORT", postgres.port),
        ("USER", OWNER),
        ("PASSWORD", PASSWORD),
    ):
        monkeypatch.setenv(f"PG{name}", str(value))
    address = "postgresql:///sites_follow"
    with Library("room", create=True):
        assert run(["library", "publish", address, "--files", "files", "--library", "room"]) == 0
    with ExitStack() as stack:
        sim = stack.enter_context(_running("sim", "--seed", "4", "--walker", "even"))
        port = _until(sim, lambda line: "/dev/" in line).strip()
        follow = stack.enter_context(_running(*(address if "://" in word else word for word in _FOLLOW[1:])))
        _until(follow, lambda line: "Sets sent: 0" in line)
        watch = stack.enter_context(_running(*_WATCH[1:], "--port", port))
        _until(watch, lambda line: "1 new set" in line)
        _until(follow, lambda line: "Sets sent: 1" in line)
        for process in (watch, follow):
            process.send_signal(signal.SIGINT)
            assert process.wait(60) in (0, 130), process.args
    with Library("room") as library:
        assert library.sets()
        check(target, library)
