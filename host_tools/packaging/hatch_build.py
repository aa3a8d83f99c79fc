"""Puts the firmware's files into the wheel at retrorig/_firmware (see retrorig/board_files.py)."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FirmwareInWheel(BuildHookInterface):
    """An install that follows the checkout needs no copy: there the firmware lies beside host_tools."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "host_tools"))
        from retrorig import board_files

        # A copy, because hatchling puts a file in one place only and rigcore is also a package of the host.
        self._copy = Path(tempfile.mkdtemp())
        for path in board_files.files():
            (self._copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(board_files.root() / path, self._copy / path)
        build_data["force_include"][str(self._copy)] = "retrorig/_firmware"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self._copy)
