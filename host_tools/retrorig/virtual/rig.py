"""The virtual rig: boots the real firmware and lets virtual time run."""

from __future__ import annotations

import importlib.util
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from PIL import Image

from retrorig import board_files, firmware_build
from retrorig.virtual.belts import Belt
from retrorig.virtual.board import Board
from retrorig.virtual.costs import US, S
from retrorig.virtual.machine import Machine
from retrorig.virtual.parts.buttons import Button
from retrorig.virtual.parts.flash import Flash, FlashImage
from retrorig.virtual.port import RigPort
from retrorig.virtual.settings import RigSettings
from rigcore.vocabulary import ST7789

_PROCESSOR = 36
"""Place of the core's number in /proc/self/stat, counted from the first field after the program's name."""


class VirtualRig:
    """One rig. Time passes only in `run_*` and in the reads of an open port, and is the same for the same seed.

    Args:
        belt: what moves the belt and pulls the line, from `start_belt()` on.
        settings: the truth about the rig's parts.
        seed: of all chance in it.
        flash: file that holds the flash; None keeps it in memory.
        identity: makes the board's unique id differ for different purposes with the same seed.
        chance: what the chip's own generator of chance starts from, besides the seed.
        files: what a new board's file system holds; None: the firmware of this installation.
    """

    def __init__(
        self,
        belt: Belt,
        settings: RigSettings | None = None,
        seed: int = 0,
        flash: str | Path | None = None,
        identity: bytes = b"",
        chance: bytes = b"",
        files: dict[str, bytes] | None = None,
    ) -> None:
        self.belt = belt
        self.settings = settings or RigSettings()
        self._files = files
        self._belt_start_ns: int | None = None
        image = FlashImage(self.settings.flash_mb << 20, flash)
        pins = _pins(files)
        self.board = Board(
            self.settings, seed, identity, chance, pins, image, self._position_m_at, self._force_n_at
        )
        self._core = _core()
        self._machine = Machine(self.board, self._core, self._factory)
        self._count_at_power_on = 0

    # Power and time.

    def power_on(self) -> None:
        self._count_at_power_on = self.board.encoder.count()
        self._machine.power_on()

    def power_cut(self) -> None:
        """Pull the plug, now."""
        self._machine.power_cut()

    @property
    def is_powered(self) -> bool:
        """False after a power cut, also one in the middle of a flash operation."""
        return self._machine.is_powered

    def start_belt(self) -> None:
        """Let the belt's time begin."""
        self._belt_start_ns = self.board.clock.now_ns

    @property
    def now_us(self) -> int:
        """Virtual microseconds since construction."""
        return self.board.clock.now_ns // US

    def run_for(self, us: int) -> None:
        self.run_ns(us * US)

    def run_until(self, predicate: Callable[[], bool], limit_us: int) -> bool:
        """Run until `predicate()` holds; False when it does not within the limit."""
        end_ns = self.board.clock.now_ns + limit_us * US
        with self._one_core():
            while not predicate():
                if self.board.clock.now_ns >= end_ns:
                    return False
                self._machine.step(end_ns)
        return True

    def run_ns(self, ns: int) -> None:
        self.run_until_ns(self.board.clock.now_ns + ns)

    def run_until_ns(self, end_ns: int | Callable[[], int]) -> None:
        """Run to a time on the clock in nanoseconds, or to one that is asked for before each step."""
        clock, step = self.board.clock, self._machine.step
        with self._one_core():
            while clock.now_ns < (limit_ns := end_ns() if callable(end_ns) else end_ns):
                step(limit_ns)

    def skip(self, us: int) -> None:
        """Let the chip's clock jump ahead, less than half a turn of it (8.9 min): idle hours that cost nothing.

        To the firmware it is a stall between two samples; the world and the port's clock stand still meanwhile.
        """
        self.board.skip(us)

    def close(self) -> None:
        self._machine.close()

    def __enter__(self) -> VirtualRig:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What one can see and touch.

    def open_port(self) -> RigPort:
        """The serial port, as pyserial would show it."""
        return RigPort(self.board, self.run_until_ns)

    @property
    def buttons(self) -> dict[str, Button]:
        """start, rpe, pain and boot."""
        return self.board.buttons

    @property
    def flash(self) -> Flash:
        """The flash; `flash.cut_after()` makes the power fail in one of its operations."""
        return self.board.flash

    def display_image(self) -> Image.Image:
        """What an eye sees on the panel that `settings.display` names, mode "1"."""
        return self.board.large.image() if self.settings.display == ST7789 else self.board.oled.image()

    @property
    def belt_counts(self) -> int:
        """The encoder's true net count since power-on, backward positive."""
        return self.board.encoder.count() - self._count_at_power_on

    @property
    def interpreter_pid(self) -> int | None:
        """Process number of the interpreter that is the CPU now; None without power."""
        return self._machine.interpreter_pid

    @property
    def calls_n(self) -> int:
        """Board calls served so far."""
        return self._machine.calls_n

    @property
    def dropped_callbacks(self) -> int:
        """Interrupts that found the queue full."""
        return self.board.interrupts.dropped

    @property
    def fake_heap_bytes(self) -> int:
        """What the simulated modules take of the firmware's heap."""
        return self.board.fake_heap_bytes

    # The world outside the board.

    def _belt_s(self, at_ns: int) -> float:
        return 0.0 if self._belt_start_ns is None else (at_ns - self._belt_start_ns) / S

    def _position_m_at(self, at_ns: int) -> float:
        return self.belt.position_m(self._belt_s(at_ns))

    def _force_n_at(self, at_ns: int) -> float:
        return self.belt.force_n(self._belt_s(at_ns))

    def _factory(self) -> Iterator[bytes]:
        """Path, content, path, content ... for the file system of a new board."""
        own = {"calibration.json": self._calibration(), "settings.json": self._own_settings()}
        for path, content in {
            **own,
            **firmware_build.built(self._files),
        }.items():  # a file that was given comes first
            yield path.encode()
            yield content

    def _own_settings(self) -> bytes:
        """The settings file that names the board's parts."""
        return json.dumps({"display": self.settings.display, "converter": self.settings.converter}).encode()

    def _calibration(self) -> bytes:
        values = self.settings.board_calibration()
        number = zlib.crc32(json.dumps(sorted(values.items())).encode())
        return json.dumps({"id": f"{number:08x}", **values}).encode()

    @contextmanager
    def _one_core(self) -> Iterator[None]:
        """Keep this thread on the interpreter's core: their exchange is then ten times quicker."""
        if self._core is None:
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self._core})
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)


def _core() -> int | None:
    """The core that this process runs on now: the system puts two busy programs on two cores, a fixed rule may not."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    after_name = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return int(after_name[_PROCESSOR])


def _pins(files: dict[str, bytes] | None) -> SimpleNamespace:
    """The constants of the board's own board.py."""
    if files and "board.py" in files:
        names: dict[str, object] = {}
        exec(compile(files["board.py"], "board.py", "exec"), names)  # plain constants of our own firmware
        return SimpleNamespace(**names)
    spec = importlib.util.spec_from_file_location("_rig_board", board_files.root() / "board.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return SimpleNamespace(**vars(module))
