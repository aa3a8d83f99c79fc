"""The rig as a serial device, judged by programs that know nothing of it: mpremote and pyserial."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from tests.walker_belt import WalkerBelt

from retrorig.errors import InputError
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.server import serve

MAIN = """
import time, machine
n = 0
def tick(timer):
    global n
    n += 1
timer = machine.Timer(0, period=10, callback=tick)
while True:
    time.sleep_ms(20)
"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Path]:
    """A served rig whose main.py never ends."""
    link = tmp_path / "port"
    stop, up = threading.Event(), threading.Event()
    rig = VirtualRig(WalkerBelt(), files={"main.py": MAIN.encode()})
    rig.power_on()
    thread = threading.Thread(target=serve, args=(rig, link, 3.0, lambda name: up.set(), stop))
    thread.start()
    assert up.wait(10)
    yield link
    stop.set()
    thread.join()
    rig.close()
    assert not link.is_symlink(), "the link is taken away at the end"


def mpremote(link: Path, *arguments: str) -> str:
    program = Path(sys.executable).parent / "mpremote"
    done = subprocess.run(
        [program, "connect", str(link), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_mpremote_gets_in_while_the_firmware_runs_and_works_as_on_a_board(link: Path, tmp_path: Path) -> None:
    assert mpremote(link, "exec", "print(6 * 7)") == "42\n"
    text = "a line that is copied\n" * 40
    (tmp_path / "note.txt").write_text(text)
    mpremote(link, "cp", str(tmp_path / "note.txt"), ":note.txt")
    assert "note.txt" in mpremote(link, "ls")
    mpremote(link, "cp", ":note.txt", str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_text() == text
    mpremote(link, "soft-reset")
    assert mpremote(link, "eval", "__import__('machine').reset_cause()").strip() == "5"


def test_mpremote_resume_leaves_memory_alone(link: Path) -> None:
    mpremote(link, "exec", "kept = 12345")
    assert mpremote(link, "resume", "exec", "print(kept)") == "12345\n"


def test_clients_come_and_go(link: Path) -> None:
    for _ in range(3):
        with serial.Serial(str(link), 115200, timeout=30) as port:
            port.write(b"\r\x03")
            assert port.read_until(b">>> ").endswith(b">>> ")
            port.write(b"1+1\r")
            answer = b"2\r\n>>> "  # the prompts of Enter and Ctrl-C may still come before it
            assert port.read_until(answer).endswith(answer)


def test_a_link_that_can_not_be_made_is_explained(tmp_path: Path) -> None:
    rig = VirtualRig(WalkerBelt(), files={})
    with rig, pytest.raises(InputError, match="can't be made"):
        serve(rig, tmp_path / "no" / "folder" / "port", stop=threading.Event())
    occupied = tmp_path / "file"
    occupied.write_text("mine")
    with rig, pytest.raises(InputError, match="can't be made"):
        serve(rig, occupied, stop=threading.Event())
    assert occupied.read_text() == "mine"


def test_real_time_is_kept(tmp_path: Path) -> None:
    rig = VirtualRig(WalkerBelt(), files={"main.py": b""})
    stop = threading.Event()
    with rig:
        rig.power_on()
        before = rig.now_us
        threading.Timer(1.0, stop.set).start()
        serve(rig, None, 2.0, lambda name: os.stat(name), stop)
        assert 1_200_000 < rig.now_us - before < 2_200_000, "a loaded computer may lag, but never run ahead"
