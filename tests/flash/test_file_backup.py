"""What a person has put on a board is on this computer before its file system goes, or nothing goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import platformdirs
import pytest
from platformdirs import windows
from tests.flash.doubles import no_bar

from retrorig.errors import InputError, LinkLostError
from retrorig.flash.file_backup import Keeper, backup_folder
from retrorig.flash.repl import Repl
from retrorig.partitions import VFS_SIZE

MAC = "a4:cf:12:00:00:01"
MINE = {"coach.json": b"{}", "notes/mine.txt": b"mine", "application/x.py": b"", "next.txt": b"1"}
FIRMWARE = dict.fromkeys(("boot.py", "main.py", "next", "next.part", "app/x.mpy", "rigcore/y.mpy"), b"ours")
QUARTER = VFS_SIZE // 4
BLOCK = 4096


class Board:
    """The files behind a prompt; it breaks off after so many of them."""

    def __init__(self, files: Mapping[str, bytes], breaks_after: int = 1_000) -> None:
        self._files, self._left = files, breaks_after

    def files(self) -> dict[str, int]:
        return {path: len(content) for path, content in self._files.items()}

    def read(self, path: str) -> bytes:
        if not self._left:
            raise LinkLostError("pulled")
        self._left -= 1
        return self._files[path]


def kept(
    keeper: Keeper, files: Mapping[str, bytes], breaks_after: int = 1_000, *, sets_pulled: bool = False
) -> int:
    with no_bar("") as report:
        return keeper.save(cast(Repl, Board(files, breaks_after)), sets_pulled, report)


def test_what_is_the_users_is_owed_until_it_is_back_and_the_firmware_is_not(tmp_path: Path) -> None:
    keeper = Keeper(MAC, tmp_path)
    assert not keeper.is_owed and keeper.owed() == {}
    assert kept(keeper, MINE | FIRMWARE) == len(MINE)
    assert keeper.is_owed and keeper.owed() == MINE == Keeper(MAC, tmp_path).owed()
    assert not Keeper("a4:cf:12:00:00:02", tmp_path).is_owed, "another board's are its own"
    keeper.settle()
    assert not keeper.is_owed and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_nobody_else_on_this_computer_reads_them(tmp_path: Path) -> None:
    keeper = Keeper(MAC, tmp_path)
    kept(keeper, MINE)
    assert keeper.folder.stat().st_mode & 0o077 == 0


def test_they_are_in_the_programs_one_folder_on_windows_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Windows alone has a folder for a program's author around the program's."""
    monkeypatch.setattr(platformdirs, "PlatformDirs", windows.Windows)
    monkeypatch.setattr(windows, "get_win_folder", lambda name: str(tmp_path))
    assert backup_folder() == tmp_path / "retrorig" / "boards"


@pytest.mark.parametrize("after", range(len(MINE)))
def test_broken_off_at_any_file_nothing_is_owed_that_is_not_whole(tmp_path: Path, after: int) -> None:
    keeper = Keeper(MAC, tmp_path)
    with pytest.raises(LinkLostError, match="pulled"):
        kept(keeper, MINE, after)
    assert keeper.owed() == {}
    assert kept(keeper, MINE) == len(MINE) and keeper.owed() == MINE


def test_what_is_owed_already_stays_owed_when_the_board_has_lost_it(tmp_path: Path) -> None:
    """Its file system was made anew, and the files were not put back yet; what it has by now is newer."""
    keeper = Keeper(MAC, tmp_path)
    kept(keeper, MINE)
    newer = {"coach.json": b"newer", "more.txt": b"more"}
    with pytest.raises(LinkLostError, match="pulled"):
        kept(keeper, newer, 1)
    assert keeper.owed() == MINE | {"coach.json": b"newer"}
    assert kept(keeper, newer) == len(MINE) + 1
    assert keeper.owed() == MINE | newer


@pytest.mark.parametrize(("size", "told_kb"), [(1, 1), (1023, 1), (1024, 2), (3000, 3)])
def test_sets_in_files_go_only_when_they_were_pulled(tmp_path: Path, size: int, told_kb: int) -> None:
    keeper, files = Keeper(MAC, tmp_path), MINE | {"setlog/00.bin": bytes(size), "setlog/01.bin": b""}
    with pytest.raises(InputError, match=f"keeps {told_kb} KB of sets in files.*--sets-pulled"):
        kept(keeper, files)
    assert not keeper.is_owed
    kept(keeper, files, sets_pulled=True)
    assert keeper.owed() == MINE
    assert kept(Keeper("b", tmp_path), {"setlog/00.bin": b"", "setlogs.txt": b"x"}) == 1, "none is in there"


def test_a_quarter_of_the_new_file_system_is_the_users_and_more_is_refused_before_it_is_read(
    tmp_path: Path,
) -> None:
    sizes = {"a": BLOCK, "b": 3 * BLOCK, "c": 2 * BLOCK, "d": QUARTER - 6 * BLOCK}
    full = {path: bytes(size) for path, size in sizes.items()} | {f"small{n}": bytes(128) for n in range(40)}
    assert kept(Keeper("full", tmp_path), full) == len(full)
    keeper = Keeper(MAC, tmp_path)
    with pytest.raises(InputError, match=rf"the {QUARTER // 1024} KB that .* \(the biggest: d, b, c\)"):
        kept(keeper, full | {"e": bytes(129)}, 0)
    assert not keeper.is_owed
