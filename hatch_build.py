"""Puts the firmware's files into the wheel at retrorig/_firmware (see host_tools/retrorig/board_files.py)."""

import sys
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

        for path in board_files.files():
            build_data["force_include"][str(board_files.root() / path)] = (
                f"retrorig/_firmware/{path.as_posix()}"
            )
