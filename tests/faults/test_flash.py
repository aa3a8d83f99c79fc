"""`retrorig flash` broken off at each of its operations: the same command again succeeds, and nobody's data is lost.

The boot loader's side and MicroPython's side are one board here, over one flash: what is erased through the first is
gone in the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults.flash_board import IMAGES, Board, RomDouble, flashed, no_report
from tests.flash.doubles import Cable, firmware

from retrorig.errors import LinkLostError, RetrorigError
from retrorig.firmware_build import sources
from retrorig.flash.bundle import sha256
from retrorig.flash.repl import Repl
from retrorig.flash.table import TABLE_AT, encoded
from retrorig.partitions import STOCK, with_setlog
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

OLD, NEW = firmware(1), firmware(2)
MINE = {
    "board.py": sources()["board.py"].replace(b"PIN_ENC_A = 32", b"PIN_ENC_A = 13"),
    "calibration.json": b'{"id": "mine", "zero": 12}',
    "settings.json": b'{"units": "yd"}',
    "plans/mine.json": b'{"id": "mine"}' * 40,
    "plans/other.json": b'{"id": "other"}',
}
NVS_AT, NVS_SIZE = 0x9000, 0x6000
LOG_AT = with_setlog(STOCK, 4 << 20)[-1].address
SETS = bytes(range(1, 256)) * 100
NUMBERS = bytes(range(255, 0, -1)) * 8
"""Something in NVS: MicroPython keeps settings of the radio there, and the rig its number of starts."""

Thin = Callable[[Sequence, int], Sequence]
Tried = Callable[[str, int], None]


def board_content(has_setlog: bool) -> bytes:
    """Flash of a rig of version 1 with its owner's files, as MicroPython's own table or as ours divides it."""
    table = with_setlog(STOCK, 4 << 20) if has_setlog else list(STOCK)
    with VirtualRig(StillBelt(), RigSettings(setlog=has_setlog), files={**OLD, **MINE}) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        flash = rig.flash.image.data
        old = IMAGES["1.27.0"]
        flash[0x1000 : 0x1000 + len(old)] = old
        flash[TABLE_AT : TABLE_AT + 0xC00] = encoded(table)
        flash[NVS_AT : NVS_AT + len(NUMBERS)] = NUMBERS
        if has_setlog:
            flash[LOG_AT : LOG_AT + len(SETS)] = SETS
        return bytes(flash)


@pytest.fixture(scope="module")
def stock() -> bytes:
    return board_content(has_setlog=False)


@pytest.fixture(scope="module")
def divided() -> bytes:
    return board_content(has_setlog=True)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Board]]:
    """Boards whose boot loader esptool would find; an unanswering one is not waited for."""
    monkeypatch.setattr("retrorig.flash.steps.STARTING_S", 0)
    made: list[Board] = []

    def board(content: bytes, **kinds: int) -> Board:
        if made:
            made.pop().stop()
        made.append(Board(content, **kinds))
        monkeypatch.setattr("retrorig.flash.rom.Rom", lambda *_: RomDouble(made[0]))
        return made[0]

    yield board
    for last in made:
        last.stop()


def check(board: Board, content: bytes) -> None:
    """Version 2 runs, and all that is its owner's is as it was."""
    assert board.greeting() == "= 2 2"
    assert board.table == with_setlog(STOCK, 4 << 20)
    assert board.rig
    with closing(Cable(board.rig)) as cable:
        repl = Repl(cable)
        sizes = repl.files()
        assert not {path for path in sizes if path.startswith("next")}
        found = repl.hashes([*MINE, *NEW], lambda done, of: None)
    assert found == {path: sha256(part) for path, part in {**MINE, **NEW}.items()}
    assert board.flash[NVS_AT : NVS_AT + NVS_SIZE] == content[NVS_AT : NVS_AT + NVS_SIZE]
    if board.table == with_setlog(STOCK, 4 << 20) and content[LOG_AT : LOG_AT + len(SETS)] == SETS:
        assert board.flash[LOG_AT : LOG_AT + len(SETS)] == SETS, "sets were touched"


def interrupt(board: Board, folder: Path, **kinds: bool) -> None:
    """Flash until the failure."""
    folder.mkdir()
    with pytest.raises(RetrorigError):
        flashed(board, folder, NEW, **kinds)
    assert board.is_out, "it was stopped by something else"


@pytest.mark.parametrize("kind", ["stock", "divided", "firmware"])
def test_flashing_that_is_broken_off_at_any_operation_is_simply_done_again(
    kind: str,
    use: Callable[..., Board],
    thin: Thin,
    tried: Tried,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    content = request.getfixturevalue("stock" if kind == "stock" else "divided")
    only = {"firmware_only": kind == "firmware"}
    (tmp_path / "whole").mkdir()
    board = use(content)
    flashed(board, tmp_path / "whole", NEW, **only)
    operations_n = board.operations_n
    check(board, content)
    points = thin(range(1, operations_n + 1), 1)
    for point in points:
        board = use(content, fails_at=point, with_power=point // 2 % 2)
        folder = tmp_path / str(point)
        interrupt(board, folder, **only)
        board.mended()
        if board.has_micropython and kind != "stock":
            assert board.greeting() in ("= 1 1", "= 2 2"), f"no whole firmware after a failure at {point}"
        flashed(board, folder, NEW, **only)
        check(board, content)
        assert not list((folder / "kept").rglob("files.json")), (
            "what is on the board again is no longer kept here"
        )
    assert operations_n > 60
    tried(f"operations of flashing ({kind}) at which the cable or the supply goes", len(points))


def test_what_changed_on_the_board_after_a_broken_off_try_is_kept_too(
    stock: bytes, use: Callable[..., Board], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = use(stock)

    def gone(*_: object) -> None:
        raise LinkLostError("The cable is out.")

    with monkeypatch.context() as patch, pytest.raises(LinkLostError):
        patch.setattr(RomDouble, "write", gone)
        flashed(board, tmp_path, NEW)
    board.mended()
    assert list((tmp_path / "kept").rglob("calibration.json")), "the first try got so far"
    assert board.rig
    later = b'{"id": "later", "zero": 99}'
    with closing(Cable(board.rig)) as cable:
        Repl(cable).write("calibration.json", later, no_report)
    flashed(board, tmp_path, NEW)
    with closing(Cable(board.rig)) as cable:
        assert Repl(cable).read("calibration.json") == later
