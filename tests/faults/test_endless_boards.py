"""Boards that never come to an end: half a minute at most, one sentence, and what was whole is kept."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.host.fake_board import FakeBoard
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.errors import LinkLostError, RetrorigError, RigRefusedError
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull

LIMIT_S = 30.0
SETS = {no: blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header={"no": no})) for no in (1, 2)}
"""The first is sound in every board here, the second is where it never ends."""


class ListsForEver(FakeBoard):
    def do_sets(self, n: int, first: str) -> dict:
        no = int(first)
        return {"ok": 1, "first": 0, "next": no + 999, "sets": [[no + i, 500, i] for i in range(24)]}


class SlowlyListsForEver(ListsForEver):
    answer_s = 0.45


@dataclass
class HugeSet(FakeBoard):
    size_bytes: int = 1 << 40

    def do_sets(self, n: int, first: str) -> dict:
        answer = super().do_sets(n, first)
        answer["sets"] = [[no, self.size_bytes if no == 2 else size, crc] for no, size, crc in answer["sets"]]
        return answer


class SecondSet(FakeBoard):
    """Sends of set 2 what `says` makes of each request, for as long as somebody waits."""

    def __init__(self, says: Callable[[FakeBoard, int, int], None]) -> None:
        super().__init__(stored=dict(SETS))
        self._says = says

    def do_read(self, n: int, no: str, offset: str, length: str, frame_bytes: str = "1024") -> dict:
        if int(no) == 1:
            return super().do_read(n, no, offset, str(len(SETS[1])), frame_bytes)
        self._says(self, n, int(offset))
        return {"ok": 1, "sent": int(length)}


def old_data(board: FakeBoard, n: int, offset: int) -> None:
    for _ in range(4000):
        board.say(board.frame(0x44, n, struct.pack("<II", 1, 0) + SETS[1][:64]), 0.0)


def a_byte_now_and_then(board: FakeBoard, n: int, offset: int) -> None:
    for at in range(200):
        board.free_s = max(board.free_s, board.now_s) + 0.4
        board.say(board.frame(0x44, n, struct.pack("<II", 2, offset + at) + b"x"))


def nothing_new(board: FakeBoard, n: int, offset: int) -> None:
    """Answers at once, as if it had sent what was asked."""


def pulled(board: FakeBoard, folder: Path) -> tuple[RetrorigError, float, list[int]]:
    """The error, how long it took on the board's clock, the sets that are in the library."""
    with Library(folder, create=True) as library:
        client = RigClient(board)
        hello = greet(client, library)
        began_s = board.now_s
        with pytest.raises(RetrorigError) as caught:
            pull(client, library, hello)
    return caught.value, board.now_s - began_s, board.confirmed


@pytest.mark.parametrize("make", [ListsForEver, SlowlyListsForEver])
def test_a_list_without_end_is_told_to_be_one(make: type[FakeBoard], tmp_path: Path) -> None:
    error, seconds, _ = pulled(make(answer_s=getattr(make, "answer_s", 0.01)), tmp_path)
    assert isinstance(error, RigRefusedError) and "no end" in str(error)
    assert seconds < LIMIT_S


def test_a_set_larger_than_any_flash_is_refused_and_the_one_before_it_kept(tmp_path: Path) -> None:
    error, seconds, confirmed = pulled(HugeSet(stored=dict(SETS)), tmp_path)
    assert "1099511627776 bytes" in str(error)
    assert confirmed[-1] == 1 and seconds < LIMIT_S


@pytest.mark.parametrize(("size_bytes", "is_refused"), [(1 << 24, False), ((1 << 24) + 1, True)])
def test_a_set_may_be_as_large_as_a_boards_flash(tmp_path: Path, size_bytes: int, is_refused: bool) -> None:
    """16 MB, the most that any of them has. That this one is shorter turns out when it is read."""
    board = HugeSet(stored=dict(SETS), size_bytes=size_bytes)
    if is_refused:
        assert f"would have {size_bytes} bytes" in str(pulled(board, tmp_path)[0])
        return
    with Library(tmp_path, create=True) as library:
        client = RigClient(board)
        assert len(pull(client, library, greet(client, library)).new) == len(SETS)


@pytest.mark.parametrize("says", [old_data, a_byte_now_and_then, nothing_new])
def test_a_set_that_never_comes_to_its_end_is_given_up_and_the_one_before_it_kept(
    says: Callable[[FakeBoard, int, int], None], tmp_path: Path
) -> None:
    error, seconds, confirmed = pulled(SecondSet(says), tmp_path)
    assert isinstance(error, LinkLostError)
    assert confirmed == [1]
    assert seconds < LIMIT_S


@pytest.mark.parametrize("sent", [b"U", b"y\n", b"temp 23.5 C\r\n", b"\xff\x00\x13", b"\0", b"{"])
def test_a_flood_on_the_line_is_no_reason_to_flash(sent: bytes, tmp_path: Path) -> None:
    class Flood(FakeBoard):
        def _take(self, line: bytes) -> None:
            self.say(sent * (6000 // len(sent)))

    board = Flood()
    with pytest.raises(LinkLostError) as caught:
        RigClient(board).hello()
    assert "flash" not in str(caught.value)
    assert board.now_s - 100 < LIMIT_S
