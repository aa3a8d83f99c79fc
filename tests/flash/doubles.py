"""The doubles of a board: the mock of the chip's ROM behind esptool, and the virtual rig behind the prompt."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property, reduce
from operator import xor
from pathlib import Path

import serial

from retrorig import board_files
from retrorig.firmware_build import compiled
from retrorig.flash.chips import Chip
from retrorig.flash.rom import Rom
from retrorig.flash.table import TABLE_AT, encoded
from retrorig.partitions import STOCK
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig

APP_AT = 0x10000


def image(chip: Chip, version: str = "1.28.0", made_for: int | None = None) -> bytes:
    """An image in MicroPython's form: boot loader, partition table, application; tiny and nothing that would run."""
    header = bytearray(b"\xe9\x03\x02\x2f" + bytes(20))  # 4 MB of flash
    header[12:14] = (chip.image_id if made_for is None else made_for).to_bytes(2, "little")
    whole = bytearray(b"\xff" * (APP_AT - chip.image_at)) + application(version)
    whole[:5000] = bytes(header) + os.urandom(5000 - len(header))
    at = TABLE_AT - chip.image_at
    table = encoded(STOCK)
    whole[at : at + len(table)] = table
    return bytes(whole)


def application(version: str) -> bytes:
    """Two segments of chance and MicroPython's banner, with the sums that ESP-IDF's description asks for."""
    segments = (
        os.urandom(12_000),
        os.urandom(8_000) + b"MicroPython v%s on 2026-04-06; Generic" % version.encode(),
    )
    app = b"\xe9\x02\x02\x2f" + bytes(19) + b"\x01"
    for number, segment in enumerate(segments):
        app += (0x3F400000 + number).to_bytes(4, "little") + len(segment).to_bytes(4, "little") + segment
    app += bytes(15 - len(app) % 16) + bytes([reduce(xor, b"".join(segments), 0xEF)])
    return app + hashlib.sha256(app).digest()


class MockChip:
    """A chip's ROM at a pseudo-terminal, with its flash."""

    def __init__(self, folder: Path, chip: str = "esp32") -> None:
        self._port_file = folder / f"port-{chip}"
        program = Path(sys.executable).parent / "esp32-mock-bootloader"
        self._process = subprocess.Popen(
            [program, "run", "--pty", "--port-file", self._port_file, "--chip", chip],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.port = self._await_port()

    @cached_property
    def number(self) -> bytes:
        """What MicroPython on this chip would call its unique number."""
        return bytes.fromhex(Rom(self.port).identify().mac.replace(":", ""))

    def _await_port(self) -> str:
        until_s = time.monotonic() + 20
        while time.monotonic() < until_s:
            if self._port_file.exists() and (name := self._port_file.read_text().strip()):
                return name
            select_pause()
        raise TimeoutError("the mock did not start")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


def select_pause() -> None:
    """Leave the processor to the other process for a moment."""
    time.sleep(0.02)


class Cable:
    """A virtual rig's port as the flasher opens it: breaks when the rig loses power, or after so many written bytes."""

    def __init__(
        self, rig: VirtualRig, break_after: float = float("inf"), on_break: Callable[[], None] = lambda: None
    ):
        self._port: RigPort = rig.open_port()
        self._rig = rig
        self._left = break_after
        self._on_break = on_break
        self.timeout: float | None = None
        self.monotonic = self._port.monotonic

    @property
    def in_waiting(self) -> int:
        self._check()
        return self._port.in_waiting

    def read(self, size: int = 1, /) -> bytes:
        self._check()
        self._port.timeout = self.timeout
        return self._port.read(size)

    def write(self, data: bytes, /) -> int:
        self._check()
        self._left -= len(data)
        if self._left < 0:
            self._on_break()
            self._left = float("-inf")
            raise serial.SerialException("the cable is out")
        return self._port.write(data)

    def close(self) -> None:
        self._port.close()

    def _check(self) -> None:
        if not self._rig.is_powered or self._left == float("-inf"):
            raise serial.SerialException("the cable is out")


@contextmanager
def no_bar(label: str) -> Iterator[Callable[[float, float], None]]:
    """A progress bar that only checks what it is told."""
    del label
    with nullcontext():
        yield _checked


def _checked(done: float, of: float) -> None:
    assert 0 <= done <= of, (done, of)


_MAIN = """
import json, sys
from rigcore.framing import TYPE_ANSWER, frame
from app.part import VERSION
print("= %d %d" % ({version}, VERSION))
words = b""
while True:
    byte = sys.stdin.buffer.read(1)
    words += byte
    if byte == b"\\n":
        n = int(words.split()[0].strip(b"@"))
        answer = {{"rig": "double", "firmware": "{version}", "protocol": 1, "oldest": 1, "state": "{state}"}}
        sys.stdout.buffer.write(frame(TYPE_ANSWER, n, json.dumps(answer).encode()))
        words = b""
"""


def firmware(version: int, state: str = "idle", size: int = 500) -> dict[str, bytes]:
    """A small firmware that tells at its start whether its two files are of one version, and answers requests."""
    part = f"VERSION = {version}\nFILLING = {bytes(os.urandom(size)).hex()!r}\n"
    root = board_files.root()
    framing = compiled("rigcore/framing.py", (root / "rigcore/framing.py").read_bytes())
    return {
        "boot.py": (root / "boot.py").read_bytes(),
        "main.py": _MAIN.format(version=version, state=state).encode(),
        "app/__init__.py": b"",
        "app/part.mpy": compiled("app/part.py", part.encode()),
        "rigcore/__init__.py": b"",
        "rigcore/framing.mpy": framing,
    }
