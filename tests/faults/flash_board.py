"""Double of a board whose boot loader and MicroPython share one flash; any operation of either can fail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from mmap import mmap
from pathlib import Path

import serial
from tests.flash.doubles import APP_AT, Cable, image, no_bar

from retrorig.errors import LinkLostError, NoRigError
from retrorig.flash import Job, flash
from retrorig.flash.chips import CHIPS
from retrorig.flash.rom import FoundChip
from retrorig.flash.table import TABLE_AT, TABLE_SIZE, decoded
from retrorig.partitions import SECTOR
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

ESP32 = CHIPS[0]
MAC = "24:6f:28:aa:bb:cc"
IMAGES = {version: image(ESP32, version) for version in ("1.27.0", "1.28.0")}
"""MicroPython of before, and the one that is flashed."""

BOOT_US = 3_500_000
BLOCK = 16 * SECTOR
"""The chip erases regions in such pieces."""

STARTS = (b"\x04", b"\x03")
"""What ends a command at the prompt, and so has it carried out."""

CARRIED_OUT_US = 20_000
"""Some commands are over by then and some are not."""

NEVER = 1 << 30


def no_report(done: float, of: float) -> None:
    assert 0 <= done <= of


class Board:
    """At the operation of number `fails_at` the cable goes, until `mended()`; with `with_power` the supply goes too."""

    def __init__(self, content: bytes, fails_at: int = NEVER, with_power: bool = False) -> None:
        self.flash: bytearray | mmap = bytearray(content)
        self.fails_at, self.with_power = fails_at, with_power
        self.operations_n = 0
        self.is_out = False
        self.rig: VirtualRig | None = None
        self.start()

    @property
    def table(self) -> list | None:
        return decoded(bytes(self.flash[TABLE_AT:][:TABLE_SIZE]))

    @property
    def has_micropython(self) -> bool:
        """Whether the chip would start one of the images: boot loader, application and table are whole."""
        return bool(self.table) and any(
            self.flash[at : at + len(part)] == part
            for whole in IMAGES.values()
            for at, part in [(APP_AT, whole[APP_AT - ESP32.image_at :])]
            if self.flash[ESP32.image_at :][:5000] == whole[:5000]
        )

    def start(self) -> None:
        """Power, from the reset on; what is in the flash starts."""
        self.stop()
        if not self.has_micropython:
            return
        has_setlog = any(entry.label == "setlog" for entry in self.table or ())
        self.rig = VirtualRig(StillBelt(), RigSettings(setlog=has_setlog), files={})
        self.rig.flash.image.data[:] = self.flash
        self.flash = self.rig.flash.image.data
        self.rig.flash.image.deliver()
        self.rig.board.unique_id = bytes.fromhex(MAC.replace(":", ""))
        self.rig.power_on()
        self.rig.run_for(BOOT_US)

    def stop(self) -> None:
        if self.rig:
            self.rig.close()
        self.rig = None

    def open_port(self, url: str) -> Port:
        self.count(NoRigError)
        return Port(self) if self.rig else SilentPort()

    def count(self, error: type[Exception], half_done: Callable[[], None] = lambda: None) -> None:
        """One more operation; the first that fails is half done."""
        self.operations_n += 1
        if self.operations_n == self.fails_at:
            half_done()
            self.is_out = True
            if self.with_power:
                self.stop()
        if self.is_out:
            raise error("The cable is out.")

    def mended(self) -> None:
        """After a while the cable is put back, and EN pressed."""
        if self.rig:
            self.rig.run_for(BOOT_US)
        self.is_out = False
        self.start()

    def greeting(self) -> str:
        """What the firmware prints at its start: its version, from two of its files."""
        self.start()
        assert self.rig
        text = self.rig.board.uart.host_read(1 << 20).decode(errors="replace")
        return next((line.strip() for line in text.splitlines() if line.startswith("=")), text)


class Port(Cable):
    """The board's port. A command fails in two ways: the board never has it whole, or nobody hears its answer."""

    def __init__(self, board: Board) -> None:
        assert board.rig
        super().__init__(board.rig)
        self._board = board

    def write(self, data: bytes, /) -> int:
        if data not in STARTS and not data.startswith(
            (b"\r", b"@")
        ):  # a part of a command: nothing happens yet
            return super().write(data)
        self._board.count(serial.SerialException)
        sent_n = super().write(data)
        self._board.count(serial.SerialException, lambda: self._rig.run_for(CARRIED_OUT_US))
        return sent_n

    def _check(self) -> None:
        if self._board.rig is not self._rig or self._board.is_out:
            raise serial.SerialException("the port is gone")
        super()._check()


class SilentPort:
    """A port at which no MicroPython is: pretends to be pulled, so that nobody waits for it."""

    timeout: float | None = None

    @property
    def in_waiting(self) -> int:
        raise serial.SerialException("silence")

    def read(self, size: int = 1, /) -> bytes:
        raise serial.SerialException("silence")

    def write(self, data: bytes, /) -> int:
        return len(data)

    def close(self) -> None:
        pass


class RomDouble:
    """The boot loader of the board as esptool shows it: sector by sector."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def identify(self) -> FoundChip:
        self._enter()
        return FoundChip("ESP32", "ESP32-D0WD-V3 (revision v3.0)", MAC, 4)

    def read(self, address: int, size: int) -> bytes:
        self._enter()
        self._count()
        return bytes(self._board.flash[address : address + size])

    def holds(self, parts: Sequence[tuple[int, bytes]]) -> bool:
        self._enter()
        return all(self.read(address, len(content)) == content for address, content in parts)

    def write(self, parts: Sequence[tuple[int, bytes]], report: Callable[[float, float], None]) -> None:
        self._enter()
        for address, content in parts:
            for start in range(0, len(content), SECTOR):
                report(start, len(content))
                self._replace(address + start, content[start : start + SECTOR], SECTOR)
        self._count()

    def erase(self, address: int, size: int) -> None:
        self._enter()
        for start in range(address, address + size, BLOCK):
            self._replace(start, b"", min(BLOCK, address + size - start))

    def leave(self) -> None:
        self._enter()
        self._board.start()

    def _replace(self, address: int, content: bytes, size: int) -> None:
        flash, whole = self._board.flash, content.ljust(size, b"\xff")

        def half() -> None:
            flash[address : address + size // 2] = b"\xff" * (size // 2)

        self._count(half)
        flash[address : address + size] = whole

    def _enter(self) -> None:
        """esptool resets the chip into its boot loader."""
        self._count()
        self._board.stop()

    def _count(self, half_done: Callable[[], None] = lambda: None) -> None:
        self._board.count(LinkLostError, half_done)


def flashed(
    board: Board, folder: Path, wanted: dict[str, bytes], firmware_only: bool = False
) -> dict[str, str]:
    """The steps that `retrorig flash` did and their evidence."""
    whole = IMAGES["1.28.0"]
    named = folder / "micropython.bin"
    named.write_bytes(whole)
    kinds = {} if firmware_only else {"image": named, "sha256": hashlib.sha256(whole).hexdigest()}
    job = Job(
        "double",
        firmware_only=firmware_only,
        open_port=board.open_port,
        keep_in=folder / "kept",
        wanted=wanted,
        **kinds,  # type: ignore[arg-type]
    )
    return {step.name: step.evidence for step in flash(job, no_bar)}
