"""A board's own files, kept on this computer while its file system is made anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import platformdirs

from retrorig.errors import InputError
from retrorig.flash.bundle import DOOR, DRAFT, NEXT, OWN_FOLDERS, blocks
from retrorig.flash.repl import Repl, Report
from retrorig.partitions import SECTOR, VFS_SIZE
from retrorig.writing import make_folder, replacing

LOG_FOLDER = "setlog"
"""Where a board without a partition for them keeps its sets."""

_LIST = "files.json"
_ROOM_BLOCKS = VFS_SIZE // SECTOR // 4
"""A quarter of the new file system is for what is the user's."""


def backup_folder() -> Path:
    """Where things of boards are kept on this computer."""
    return platformdirs.user_data_path("retrorig", appauthor=False) / "boards"


class Keeper:
    """The kept files of one board, known by its MAC address.

    The list of files is written last and removed last: while it is there, the files are complete and are
    owed to the board.
    """

    def __init__(self, mac: str, base: Path) -> None:
        self.folder = base / mac.replace(":", "")

    @property
    def is_owed(self) -> bool:
        """Whether files wait here to be put back."""
        return (self.folder / _LIST).exists()

    def save(self, repl: Repl, sets_pulled: bool, report: Report) -> int:
        """Read the user's files from the board; returns how many are kept. InputError when they can't be.

        What is owed already and not on the board stays owed: its file system may have been made anew since.
        """
        sizes = {path: size for path, size in repl.files().items() if _is_users(path)}
        _check_sets(sizes, sets_pulled)
        sizes = {path: size for path, size in sizes.items() if not path.startswith(LOG_FOLDER + "/")}
        _check_room(sizes)
        kept = self.owed().keys() | sizes.keys()
        if not self.is_owed:
            self._clear()
        for done, path in enumerate(sorted(sizes)):
            report(done, len(sizes))
            self._write(self.folder / "files" / path, repl.read(path))
        self._write(self.folder / _LIST, json.dumps(sorted(kept)).encode())
        return len(kept)

    def owed(self) -> dict[str, bytes]:
        """The kept files by path; none when nothing is owed."""
        if not self.is_owed:
            return {}
        names = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
        return {name: (self.folder / "files" / name).read_bytes() for name in names}

    def settle(self) -> None:
        """Delete the kept files: they are back on the board."""
        (self.folder / _LIST).unlink()
        self._clear()

    def _write(self, path: Path, content: bytes) -> None:
        """In one operation, so that a copy of before stays whole until the new one is."""
        make_folder(path.parent)
        with replacing(path) as file:
            file.write(content)

    def _clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        make_folder(self.folder, mode=0o700)


def _is_users(path: str) -> bool:
    own = {DOOR, "main.py", NEXT.strip("/"), DRAFT.strip("/")}
    return path not in own and path.partition("/")[0] not in OWN_FOLDERS


def _check_sets(sizes: dict[str, int], sets_pulled: bool) -> None:
    log_bytes = sum(size for path, size in sizes.items() if path.startswith(LOG_FOLDER + "/"))
    if log_bytes and not sets_pulled:
        raise InputError(
            f"This board keeps {log_bytes // 1024 + 1} KB of sets in files, which the new partition for them replaces: "
            "run `retrorig pull`, then repeat this with --sets-pulled."
        )


def _check_room(sizes: dict[str, int]) -> None:
    if sum(map(blocks, sizes.values())) > _ROOM_BLOCKS:
        big = ", ".join(sorted(sizes, key=lambda path: -sizes[path])[:3])
        raise InputError(
            f"The board's own files take more than the {_ROOM_BLOCKS * SECTOR // 1024} KB that will be left for them: "
            f"copy away and delete some (the biggest: {big}), then repeat."
        )
