"""firmware/board.py as each board would see it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

BOARD_FILE = Path(__file__).resolve().parents[2] / "firmware" / "board.py"

# What MicroPython's sys.implementation._machine says on each board; the virtual rig's interpreter is "linux ...".
MACHINES = {
    "Generic ESP32 module with ESP32": "esp32",
    "Generic ESP32 module with SPIRAM with ESP32": "esp32",
    "linux [GCC 12.2.0] version": "esp32",
    "Generic ESP32S3 module with ESP32S3": "esp32s3",
    "Some board with ESP32-S3": "esp32s3",  # the hyphen came with MicroPython 1.29
    "Generic ESP32S3 module with Octal-SPIRAM with ESP32S3": "esp32s3",
}


def constants(machine: str) -> dict[str, object]:
    """The names that board.py defines on a machine."""
    names: dict[str, object] = {}
    fake = SimpleNamespace(implementation=SimpleNamespace(_machine=machine))
    with mock.patch.dict(sys.modules, {"sys": fake}):
        exec(compile(BOARD_FILE.read_text(encoding="utf-8"), str(BOARD_FILE), "exec"), names)
    return {name: value for name, value in names.items() if name.isupper()}
