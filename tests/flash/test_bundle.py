"""What an update holds, in which order, and how much room it asks of the board."""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig.errors import RigRefusedError
from retrorig.flash.bundle import BLOCK, DOOR, blocks, blocks_needed, bundle, changes, leftovers, sha256
from retrorig.flash.firmware import _check_room

SECOND_DOOR = "".join(("boot", ".py"))  # as it comes out of a file


def steps_of(update: bytes) -> list[str]:
    """The lines of an update, without the content of its files."""
    size, _, rest = update.partition(b"\n")
    plain, found = zlib.decompress(rest[int(size) :], -10), []
    while plain:
        line, _, plain = plain.partition(b"\n")
        found.append(line.decode())
        if line.startswith(b"put"):
            plain = plain[int(line.split()[2]) :]
    return found


def test_what_goes_goes_first_and_the_door_is_put_last() -> None:
    """Power may fail at any moment; what repeats the work must be the old door until all else is there."""
    put = {SECOND_DOOR: b"door", "app/view.mpy": b"view\nput x 5\n", "zz.py": b"", "main.py": b"main"}
    steps = steps_of(bundle(put, ["app/old.py"]))
    assert steps == [
        "remove app/old.py",
        "put app/view.mpy 13",
        "put main.py 4",
        "put zz.py 0",
        "put boot.py 4",
    ]


def test_what_the_board_has_already_is_not_sent() -> None:
    wanted = {"main.py": b"new", "app/a.mpy": b"a", "app/b.mpy": b"b"}
    there = {"main.py": sha256(b"old"), "app/a.mpy": sha256(b"a"), "own.py": sha256(b"x")}
    assert changes(wanted, there) == {"main.py": b"new", "app/b.mpy": b"b"}


def test_what_a_version_no_longer_has_goes_from_its_own_folders_and_nothing_of_the_user_s() -> None:
    there = [
        "app/old.py",
        "app/view.mpy",
        "drivers/gone.mpy",
        "rigcore/x/y.mpy",
        "own.py",
        "application/a.py",
        "data/app/b.py",
    ]
    assert leftovers({"app/view.mpy": b""}, there) == ["app/old.py", "drivers/gone.mpy", "rigcore/x/y.mpy"]


@pytest.mark.parametrize(
    ("size", "taken"), [(0, 0), (128, 0), (129, 1), (BLOCK, 1), (BLOCK + 1, 2), (10 * BLOCK, 10)]
)
def test_a_file_takes_whole_blocks_unless_it_lies_in_its_folder_s(size: int, taken: int) -> None:
    assert blocks(size) == taken


def test_an_update_needs_room_for_itself_for_what_grows_and_for_new_folders() -> None:
    def needed(put: dict[str, int], there: dict[str, int], update: int = 3 * BLOCK) -> int:
        return blocks_needed(bytes(update), {path: bytes(size) for path, size in put.items()}, there)

    assert needed({}, {}) == 3
    assert needed({"main.py": 5 * BLOCK}, {"main.py": 2 * BLOCK}) == 3 + 3
    assert needed({"main.py": BLOCK}, {"main.py": 9 * BLOCK}) == 3, "what shrinks makes no room beforehand"
    assert needed({"main.py": BLOCK, "new.py": BLOCK}, {"main.py": 9 * BLOCK}) == 3 + 1
    assert needed({"app/fonts/a.bin": 10}, {}) == 3 + 4 and needed({"app/b.mpy": 10}, {"app/a.mpy": 1}) == 3
    assert needed({DOOR: 2 * BLOCK}, {DOOR: 2 * BLOCK}) == 3 + 2, "two doors are there at times"


@pytest.mark.parametrize("missing_n", [0, 1])
def test_a_board_without_room_is_told_how_much_is_missing_and_which_files_are_the_biggest(
    missing_n: int,
) -> None:
    needed_n, spare_n = 100, 4
    there = {"app/rig.py": 9000, "notes.txt": 10, "walk.csv": 70_000, "song.mid": 600, "photo.bmp": 8000}
    board = cast("Any", SimpleNamespace(free_blocks=lambda: needed_n + spare_n - missing_n))
    if not missing_n:
        _check_room(board, needed_n, there, ["app/rig.py"])
        return
    with pytest.raises(RigRefusedError) as told:
        _check_room(board, needed_n, there, ["app/rig.py"])
    assert "has 412 KB free and the update needs 416 KB" in str(told.value)
    assert "(the biggest: walk.csv, photo.bmp, song.mid)" in str(told.value)
