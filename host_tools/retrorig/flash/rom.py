"""The chip's boot loader, by way of esptool, which runs as a program of its own (it is under the GPL)."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrorig.errors import InputError, LinkLostError, NoRigError, RetrorigError
from retrorig.extras import require
from retrorig.flash.repl import Report

BAUD = 460800

_FOUND = {
    "chip": re.compile(r"Connected to (\S+) on"),
    "kind": re.compile(r"Chip type:\s+(.+)"),
    "mac": re.compile(r"MAC:\s+([0-9a-f:]{17})"),
    "size": re.compile(r"Detected flash size: (\d+)MB"),
}
_PERCENT = re.compile(r"(\d+\.\d)\s?%")
_DIFFERS = "Verification failed"
_AGAIN = "then give the same command again"


@dataclass(frozen=True)
class FoundChip:
    """What esptool found at the port."""

    chip: str
    kind: str
    mac: str
    flash_mb: int


class Rom:
    """The boot loader at a port. Between two calls the chip stays in it, so that nothing else touches the flash."""

    def __init__(self, port: str, chip: str = "auto", baud: int = BAUD) -> None:
        self._options = ("--port", port, "--chip", chip, "--baud", str(baud))
        self._port = port

    def identify(self) -> FoundChip:
        """Chip, MAC address and flash size."""
        text = self._run("flash-id")
        found = {name: pattern.search(text) for name, pattern in _FOUND.items()}
        words = {name: match.group(1).strip() for name, match in found.items() if match}
        if len(words) != len(_FOUND):
            raise LinkLostError(f"The chip told too little about itself: check the cable, {_AGAIN}.")
        return FoundChip(words["chip"], words["kind"], words["mac"], int(words["size"]))

    def read(self, address: int, size: int) -> bytes:
        """Bytes of the flash."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "read.bin"
            self._run("read-flash", hex(address), hex(size), str(path))
            return path.read_bytes()

    def holds(self, parts: Sequence[tuple[int, bytes]]) -> bool:
        """Whether the flash has exactly these bytes at these addresses already."""
        try:
            self._with_files("verify-flash", parts, _ignore)
        except _DiffersError:
            return False
        return True

    def write(self, parts: Sequence[tuple[int, bytes]], report: Report) -> None:
        """Write and verify bytes at addresses."""
        self._with_files("write-flash", parts, report)

    def erase(self, address: int, size: int) -> None:
        """Erase a part of the flash."""
        self._run("erase-region", hex(address), hex(size))

    def leave(self) -> None:
        """Reset the chip: what is in its flash starts."""
        self._run("read-mac", after="hard-reset")

    def _with_files(self, command: str, parts: Sequence[tuple[int, bytes]], report: Report) -> None:
        with tempfile.TemporaryDirectory() as folder:
            arguments = []
            for address, content in parts:
                path = Path(folder) / f"{address:x}.bin"
                path.write_bytes(content)
                arguments += [hex(address), str(path)]
            self._run(command, *arguments, report=_over_all(report, parts))

    def _run(
        self, command: str, *arguments: str, report: Report | None = None, after: str = "no-reset"
    ) -> str:
        """Output of esptool; every command can be repeated, so a line that hiccups is given a second chance."""
        if importlib.util.find_spec("esptool") is None:
            require("esptool", "flash")
        try:
            return self._once(command, *arguments, report=report, after=after)
        except LinkLostError:
            return self._once(command, *arguments, report=report, after=after)

    def _once(self, command: str, *arguments: str, report: Report | None, after: str) -> str:
        line = [sys.executable, "-m", "esptool", *self._options, "--after", after, command, *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        text = []
        with subprocess.Popen(
            line,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=environment,
        ) as esptool:
            assert esptool.stdout
            for printed in esptool.stdout:
                text.append(printed)
                if report and (percent := _PERCENT.search(printed)):
                    report(float(percent.group(1)), 100)
        if esptool.returncode:
            raise _explained("".join(text), self._port)
        return "".join(text)


class _DiffersError(RetrorigError):
    """The flash holds something else."""


def _ignore(done: float, of: float) -> None:
    pass


def _over_all(report: Report, parts: Sequence[tuple[int, bytes]]) -> Report:
    """esptool counts to 100 % for each part; this counts bytes over all of them."""
    sizes = [len(content) for _, content in parts]
    at = [0, 0.0]  # part, percent

    def count(done: float, of: float) -> None:
        if done < at[1]:
            at[0] = min(at[0] + 1, len(sizes) - 1)
        at[1] = done
        report(sum(sizes[: int(at[0])]) + sizes[int(at[0])] * done / of, sum(sizes))

    return count


def _explained(text: str, port: str) -> RetrorigError:
    if _DIFFERS in text:
        return _DiffersError("The flash holds something else.")
    if "Could not open" in text:
        return NoRigError(
            f"{port} can't be opened: check the name, the cable and that no other program uses it."
        )
    if wrong := re.search(r"This chip is (\S+), not (\S+?)\.", text):
        return InputError(f"The chip is an {wrong.group(1)}, not an {wrong.group(2)}: leave --chip out.")
    if "Failed to connect" in text or "No serial data" in text:
        return NoRigError(
            f"No chip answers at {port}: hold its BOOT button, press EN (reset) for a moment, {_AGAIN} "
            "while BOOT is held."
        )
    complaint = re.findall(r"(?:ERROR: )?A fatal error occurred: ([^.\n]+)", text) or [
        text.strip().splitlines()[-1]
    ]
    return LinkLostError(
        f"Writing to the chip broke off ({complaint[-1].rstrip('.')}): check the cable, {_AGAIN}."
    )
