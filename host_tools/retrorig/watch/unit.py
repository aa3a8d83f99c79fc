"""The user's systemd unit that runs the watch whenever the computer runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from retrorig.errors import InputError

NAME = "retrorig-watch.service"
_UNIT = """\
[Unit]
Description=Pull every retrorig measuring computer that is plugged in

[Service]
ExecStart={line}
Restart=always
RestartSec=5

[Install]
WantedBy=default.target
"""


def install_unit(
    library: str | Path | None = None, ports: Sequence[str] = (), platform: str = sys.platform
) -> Path:
    """Write the unit for a library and its ports, in place of one of before, and return its path.

    InputError where there is no systemd, or the file can't be written.
    """
    if not platform.startswith("linux"):
        raise InputError(
            "A systemd unit is for Linux: host_tools/SITES.md has the files for launchd (macOS) and the "
            "Task Scheduler (Windows)."
        )
    words = [str(Path(sys.executable).with_name("retrorig")), "watch"]
    words += ["--library", str(Path(library).absolute())] if library else []
    words += [word for port in ports for word in ("--port", port)]
    path = _folder() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_UNIT.format(line=" ".join(map(_quoted, words))), encoding="utf-8")
    except OSError as error:
        raise InputError(f"The unit {path} can't be written ({error.strerror}).") from None
    return path


def _folder() -> Path:
    """Where systemd looks for a user's units."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or platformdirs.user_config_dir()) / "systemd" / "user"


def _quoted(word: str) -> str:
    """A word of ExecStart (systemd.service(5)): % and $ doubled, the rest escaped within quotes."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
