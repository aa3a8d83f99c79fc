"""What a pull tells beside its sets: what went elsewhere, what moved outside of sets, what the rig and clocks doubt."""

from __future__ import annotations

import binascii
import re
from pathlib import Path
from typing import Any

import pytest
from tests.host.fake_board import FakeBoard
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.errors import LinkLostError, RigRefusedError
from retrorig.library import Library
from retrorig.library.clocks import NO_ERA, Numbers
from retrorig.link import download
from retrorig.link.client import RigClient
from retrorig.link.pull import PullResult, _told_clock, greet, pull
from rigcore.protocol import READ_MAX


def made(no: int) -> bytes:
    return blob_of(MadeSet(ramped(1.0, 1.5), lambda t: 50, 1.5, header={"no": no, "boot": 3}))


BLOBS = {no: made(no) for no in (1, 2, 3, 4, 5)}


def pulled(library: Library, board: FakeBoard) -> PullResult:
    client = RigClient(board)
    hello = greet(client, library, utc_now=lambda: 1_780_000_000.0 + client.monotonic())
    return pull(client, library, hello)


def board_of(*numbers: int) -> FakeBoard:
    return FakeBoard(stored={no: BLOBS[no] for no in numbers})


@pytest.mark.parametrize(
    ("here", "listed", "told"),
    [
        ((), (1, 2), None),
        ((), (2, 3), "Set 1 of this rig went"),
        ((), (3, 4), "Sets 1 to 2 of this rig went"),
        ((), (5,), "Sets 1 to 4 of this rig went"),
        ((1,), (2, 3), None),
        ((1,), (3,), "Set 2 of this rig went"),
        ((1,), (4, 5), "Sets 2 to 3 of this rig went"),
        ((1, 2), (5,), "Sets 3 to 4 of this rig went"),
        ((3,), (3, 5), None),
    ],
)
def test_sets_that_another_laptop_has_are_named(
    tmp_path: Path, here: tuple[int, ...], listed: tuple[int, ...], told: str | None
) -> None:
    with Library(tmp_path, create=True) as library:
        for no in here:
            library.add_set(BLOBS[no])
        notices = pulled(library, board_of(*listed)).notices
    assert [notice.partition(" to another")[0] for notice in notices] == ([told] if told else [])


@pytest.mark.parametrize(
    ("n", "begins"),
    [
        (0, None),
        (1, "One exchange of the time with this rig contradicts others since"),
        (2, "2 exchanges of the time with this rig contradict others since"),
        (3, "3 exchanges of"),
    ],
)
def test_a_clock_that_was_wrong_is_told_with_how_often(n: int, begins: str | None) -> None:
    told = _told_clock(n)
    assert len(told) == (begins is not None)
    assert all(line.startswith(begins or "") for line in told)


class Moving(FakeBoard):
    """Tells of what it moved outside of sets, and of a doubt."""

    facts: dict[str, Any]

    def do_info(self, n: int) -> dict[str, Any]:
        return {**super().do_info(n), **self.facts}


@pytest.mark.parametrize(
    ("doubt", "told"),
    [
        ("", []),
        (
            "The pull has the wrong sign: swap two wires",
            ["This rig doubts its sensors: The pull has the wrong sign: swap two wires."],
        ),
        ("swapped?", ["This rig doubts its sensors: swapped?"]),
    ],
)
def test_what_a_rig_doubts_is_told(tmp_path: Path, doubt: str, told: list[str]) -> None:
    board = Moving(stored={1: BLOBS[1]})
    board.facts = {"doubt": doubt}
    with Library(tmp_path, create=True) as library:
        assert pulled(library, board).notices == told


def test_what_is_known_and_new_is_counted(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        first = pulled(library, board_of(1, 2))
        assert (len(first.new), first.known_n) == (2, 0)
        board = board_of(1, 2, 3)
        second = pulled(library, board)
        assert (len(second.new), second.known_n) == (1, 2)
        assert board.confirmed == [2, 3]


@pytest.mark.parametrize("code", ["changed", "busy"])
def test_a_set_that_changed_since_it_was_listed_is_pulled_again_and_another_refusal_is_told(
    tmp_path: Path, code: str
) -> None:
    class Changing(FakeBoard):
        refused_n = 0

        def do_confirm(self, n: int, no: str, crc: str = "") -> dict[str, Any]:
            if not self.refused_n:
                self.refused_n += 1
                return {"err": code, "text": "Not now."}
            return super().do_confirm(n, no, crc)

    board = Changing(stored={1: BLOBS[1]})
    with Library(tmp_path, create=True) as library:
        if code == "busy":
            with pytest.raises(RigRefusedError, match="Not now"):
                pulled(library, board)
        else:
            result = pulled(library, board)
            assert len(result.new) == 1 and board.confirmed == [1]
        assert len(library.sets()) == 1, "what is here stays"


@pytest.mark.parametrize("times", [1, 2])
def test_a_set_that_arrives_damaged_in_another_way_each_time_is_given_up_soon(
    tmp_path: Path, times: int
) -> None:
    """And one that does so less often is fetched again."""
    sent: list[bytes] = []

    class Damaging(FakeBoard):
        def do_read(self, n: int, no: str, offset: str, length: str, frame_bytes: str = "1024") -> dict:
            sent.append(b"x")
            blob = bytearray(BLOBS[1])
            if len(sent) <= times or times == 2:
                blob[40] ^= len(sent)
                blob[41] ^= 0xFF
                blob[90] ^= 0x55
            self.stored = {1: bytes(blob)}
            answer = super().do_read(n, no, offset, length, frame_bytes)
            self.stored = {1: BLOBS[1]}
            return answer

    with Library(tmp_path, create=True) as library:
        if times == 1:
            assert len(pulled(library, Damaging(stored={1: BLOBS[1]})).new) == 1
        else:
            with pytest.raises(LinkLostError, match="Set number 1 keeps arriving damaged"):
                pulled(library, Damaging(stored={1: BLOBS[1]}))
            assert len(sent) == download.WRONG_SUM_TRIES == 3


@pytest.mark.parametrize(("bytes_n", "is_given_up"), [(1, True), (400, False)])
def test_a_line_that_brings_almost_nothing_is_given_up_and_a_slow_one_is_not(
    tmp_path: Path, bytes_n: int, is_given_up: bool
) -> None:
    class Dripping(FakeBoard):
        def do_read(self, n: int, no: str, offset: str, length: str, frame_bytes: str = "1024") -> dict:
            self.now_s += 1.5
            return super().do_read(n, no, offset, str(bytes_n), frame_bytes)

    board = Dripping(stored={1: BLOBS[1]}, now_s=1.0)  # by a clock that has just begun
    with Library(tmp_path, create=True) as library:
        if is_given_up:
            with pytest.raises(LinkLostError, match=r"Only \d+ new bytes of set number 1 came in 1\d s"):
                pulled(library, board)
        else:
            assert len(pulled(library, board).new) == 1


@pytest.mark.parametrize("kept_n", [0, 100])
def test_how_far_a_pull_is_goes_forward_to_the_last_byte_of_the_last_set(tmp_path: Path, kept_n: int) -> None:
    told: list[tuple[int, int]] = []
    with Library(tmp_path, create=True) as library:
        crc = binascii.crc32(BLOBS[1])
        if kept_n:
            library.partials.keep(Numbers("RR-Test", NO_ERA), 1, crc, 0, BLOBS[1][:kept_n])
        client = RigClient(board_of(1, 2, 3))
        pull(client, library, greet(client, library), lambda done, total: told.append((done, total)))
    total = sum(len(BLOBS[no]) for no in (1, 2, 3))
    assert {each for _, each in told} == {total}
    done = [each for each, _ in told]
    assert done == sorted(set(done)) and done[0] > kept_n and done[-1] == total


def test_a_set_that_changes_each_time_is_pulled_another_day(tmp_path: Path) -> None:
    """It is here and not confirmed: no pull waits for ever for an athlete who goes on answering."""

    class Restless(FakeBoard):
        def do_confirm(self, n: int, no: str, crc: str = "") -> dict[str, Any]:
            return {"err": "changed", "text": "This set has changed."}

    board = Restless(stored={1: BLOBS[1]})
    with Library(tmp_path, create=True) as library:
        assert len(pulled(library, board).new) == len(library.sets()) == 1
    assert 2 <= sum(line.startswith("sets") for line in board.executed) <= 10


@pytest.mark.parametrize("good_n", [2500, 2750, 3000])
def test_a_line_that_grows_worse_is_told_by_what_came_in_the_last_seconds(
    tmp_path: Path, good_n: int
) -> None:
    """It was a good line at first: what came then is no part of the sentence."""
    blob = blob_of(MadeSet(ramped(1.0, 30.0), lambda t: 50 + t, 30.0, header={"no": 1, "boot": 3}))

    class Worsening(FakeBoard):
        def do_read(self, n: int, no: str, offset: str, length: str, frame_bytes: str = "1024") -> dict:
            self.now_s += 1.5
            return super().do_read(n, no, offset, "250" if int(offset) < good_n else "1", frame_bytes)

    with Library(tmp_path, create=True) as library:
        with pytest.raises(LinkLostError) as told:
            pulled(library, Worsening(stored={1: blob}))
        kept = library.partials.get(Numbers("RR-Test", NO_ERA), 1, binascii.crc32(blob))
    found = re.match(
        r"Only (\d+) new bytes of set number 1 came in (\d+) s: what came is kept; ", str(told.value)
    )
    assert found and 10 <= int(found[2]) <= 12
    assert abs(int(found[1]) - int(found[2]) / 1.5) <= 2, "a byte in one and a half seconds"
    assert len(kept) > good_n and blob.startswith(kept)


def test_a_set_whose_last_byte_had_arrived_is_not_fetched_again(tmp_path: Path) -> None:
    """The program ended between the last piece and the catalogue."""
    with Library(tmp_path, create=True) as library:
        library.partials.keep(Numbers("RR-Test", NO_ERA), 1, binascii.crc32(BLOBS[1]), 0, BLOBS[1])
        board = board_of(1)
        assert len(pulled(library, board).new) == 1
        assert not [line for line in board.executed if line.startswith("read")]
        assert board.confirmed == [1]
        assert [library.blob(row.set_id) for row in library.sets()] == [BLOBS[1]]


@pytest.mark.parametrize("kept_n", [1, 100, 200])
def test_a_pull_goes_on_at_the_byte_where_the_last_one_broke_off_and_asks_for_the_rest(
    tmp_path: Path, kept_n: int
) -> None:
    with Library(tmp_path, create=True) as library:
        crc = binascii.crc32(BLOBS[1])
        library.partials.keep(Numbers("RR-Test", NO_ERA), 1, crc, 0, BLOBS[1][:kept_n])
        board = board_of(1, 2)
        assert len(pulled(library, board).new) == 2
        (read,) = [line.split() for line in board.executed if line.startswith("read")]
    rest_n = len(BLOBS[1]) - kept_n + len(BLOBS[2])
    assert read[1:4] == ["1", str(kept_n), str(min(READ_MAX, rest_n))]
