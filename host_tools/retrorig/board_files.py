"""Where the firmware's files are, in a checkout and in an installed copy alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_TOP = ("boot.py", "main.py", "board.py")
_FOLDERS = ("rigcore", "drivers", "app")
_KINDS = ("*.py", "*.bin")
HOST_HALF = frozenset(
    Path("rigcore", name) for name in ("decode.py", "request_encoding.py", "transition_table.py")
)
"""The host's half of what both sides share: beside the board's half in the sources, never on a board."""


def root() -> Path:
    """Return the folder that holds main.py, boot.py, board.py, rigcore/, drivers/ and app/.

    An installed package carries the firmware in `_firmware`; a checkout has it beside `host_tools`.
    """
    installed = _PACKAGE / "_firmware"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "firmware"


def files() -> list[Path]:
    """Return every file that belongs on the board, relative to `root()`, sorted.

    Only modules and fonts of the known places: documents and caches stay on the computer.
    """
    base = root()
    found = [base / name for name in _TOP if (base / name).is_file()]
    for folder in _FOLDERS:
        found.extend(path for kind in _KINDS for path in (base / folder).rglob(kind))
    return sorted({path.relative_to(base) for path in found} - HOST_HALF)
