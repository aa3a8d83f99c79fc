"""A file on the desktop that opens the desk by a double click."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from retrorig.writing import make_folder, replacing

NAME = "retrorig desk"
_LINUX = """\
[Desktop Entry]
Type=Application
Name={name}
Comment=The coach's page of the measuring computer for backward walking
Exec={line}
Terminal=true
"""


def make_shortcut(
    folder: str | Path | None = None,
    port: str | None = None,
    desktop: Path | None = None,
    platform: str = sys.platform,
) -> Path:
    """Make the file for the desk of a library and a rig's port, in place of one of before, and return its path.

    `desktop`: where; None for this user's. It has a terminal window, whose closing ends the desk. InputError when it
    can't be written.
    """
    place = desktop or _desktop()
    words = [str(_program()), "desk"]
    words += ["--library", str(Path(folder).absolute())] if folder else []
    words += ["--port", port] if port else []
    ending, text = _text(words, platform)
    path = place / (NAME + ending)
    with replacing(path) as file:
        os.chmod(file.name, 0o755)
        file.write(
            text.replace("\n", "\r\n" if ending == ".cmd" else "\n").encode("utf-8", errors="surrogateescape")
        )
    return path


def _desktop() -> Path:
    """The user's desktop, or where Linux keeps the menu's entries if there is none."""
    desktop = Path(platformdirs.user_desktop_dir())
    if desktop.is_dir() or not sys.platform.startswith("linux"):
        return desktop
    menu = Path(platformdirs.user_data_dir()) / "applications"
    make_folder(menu)
    return menu


def _program() -> Path:
    """The command `retrorig` of this installation."""
    return Path(sys.executable).with_name("retrorig.exe" if os.name == "nt" else "retrorig")


def _text(words: Sequence[str], platform: str) -> tuple[str, str]:
    """The file's ending and what it holds."""
    if platform == "win32":
        return ".cmd", f"@{subprocess.list2cmdline(words).replace('%', '%%')}\n"
    if platform == "darwin":
        return ".command", f"#!/bin/sh\nexec {shlex.join(words)}\n"
    return ".desktop", _LINUX.format(name=NAME, line=" ".join(map(_quoted, words)))


def _quoted(word: str) -> str:
    """A word of `Exec` by the Desktop Entry Specification: escaped within its quotes, and again as a string."""
    inside = "".join(f"\\{char}" if char in '"`$\\' else char for char in word)
    return f'"{inside}"'.replace("\\", "\\\\").replace("%", "%%")
