"""The client against a board that loses, doubles, damages and refuses."""

from __future__ import annotations

import random
import struct

import pytest
from tests.host.fake_board import FakeBoard

from retrorig.errors import InputError, LinkLostError, RigRefusedError
from retrorig.link.client import RESEND_S, TRIES, RigClient
from retrorig.link.frames import TEXT_MAX
from rigcore.protocol import N_BAD_LINE, PROTOCOL


def flipping(seed: int, share: float):
    chance = random.Random(seed)
    return lambda data: bytes(b ^ (1 << chance.randrange(8)) if chance.random() < share else b for b in data)


def losing_first(times: int):
    left = [times]

    def lose(data: bytes) -> bytes:
        left[0] -= 1
        return b"" if left[0] >= 0 else data

    return lose


class Pieces:
    """Takes what a board sends of its sets, in order, and refuses a piece after a hole."""

    def __init__(self, start: int = 0) -> None:
        self.next = start
        self.data = b""

    def __call__(self, no: int, offset: int, data: bytes) -> bool:
        if offset != self.next:
            return False
        self.data += data
        self.next += len(data)
        return True


def test_verbs_and_their_answers() -> None:
    board = FakeBoard(stored={4: b"abc"})
    client = RigClient(board)
    assert client.hello()["rig"] == "RR-Test"
    assert client.info()["counts"] == 2400
    assert client.clock(1_700_000_000_000)["board_us"] > 0
    assert client.athlete("a1")["athlete"] == "a1"
    assert client.sets(0)["sets"] == [[4, 3, 891568578]]
    pieces = Pieces(1)
    assert client.read(4, 1, 100, 1024, pieces) == {"ok": 1, "sent": 2}
    assert pieces.data == b"bc"
    assert client.confirm(4, 891568578)["confirmed"] == 4
    assert board.executed == [
        "hello", "info", "clock 1700000000000", "athlete a1", "sets 0", "read 4 1 100 1024",
        "confirm 4 891568578",
    ]  # fmt: skip


@pytest.mark.parametrize("lost", range(1, TRIES))
@pytest.mark.parametrize("way", ["to_board", "to_host"])
def test_lost_lines_and_answers_are_made_good_without_acting_twice(
    way: str, lost: int, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log tells how often it was asked."""
    caplog.set_level("INFO", "retrorig.link.client")
    board = FakeBoard(**{way: losing_first(lost)})
    client = RigClient(board)
    assert client.confirm(9, 0)["confirmed"] == 9
    assert caplog.messages == [
        f"confirm: no answer within {RESEND_S} s, sent again ({n} of {TRIES})" for n in range(2, lost + 2)
    ]
    assert board.confirmed == [9] and client.resent_n == lost
    assert board.now_s - 100 == pytest.approx(lost * RESEND_S, abs=0.1)


def test_silence_ends_in_one_sentence_after_the_last_try() -> None:
    board = FakeBoard(to_board=lambda data: b"")
    with pytest.raises(LinkLostError, match="does not answer"):
        RigClient(board).info()
    assert board.now_s - 100 == pytest.approx(TRIES * RESEND_S, abs=0.01)
    assert board.now_s - 100 < 3, "a person waits for it"


def test_a_bare_prompt_is_recognised() -> None:
    board = FakeBoard(to_board=lambda data: b"")
    board.say(b"Traceback (most recent call last):\r\nMemoryError: no room\r\nMicroPython v1.28.0\r\n>>> ")
    with pytest.raises(LinkLostError, match=r"MicroPython prompt .*\(MemoryError: no room\)"):
        RigClient(board).info()


def test_unplugged_cable() -> None:
    board = FakeBoard(unplugged=True)
    with pytest.raises(LinkLostError, match="cable"):
        RigClient(board).info()


def test_refusal_carries_code_and_sentence() -> None:
    with pytest.raises(RigRefusedError, match="Stand still") as caught:
        RigClient(FakeBoard()).request("tare")
    assert caught.value.code == "moving" and caught.value.exit_code == 4


@pytest.mark.parametrize(("protocol", "who"), [(2, "on this computer"), (0, "retrorig flash")])
def test_another_protocol_is_refused_and_says_who_must_be_updated(protocol: int, who: str) -> None:
    with pytest.raises(RigRefusedError, match=who):
        RigClient(FakeBoard(protocol=protocol)).hello()


class Newer(FakeBoard):
    """Tells of the oldest program that it understands, as PROTOCOL.md has it."""

    oldest = 1

    def do_hello(self, n: int) -> dict:
        return {**super().do_hello(n), "oldest": self.oldest}


def test_a_newer_rig_is_spoken_to_as_long_as_it_understands_this_program() -> None:
    board = Newer(protocol=PROTOCOL + 7)
    assert RigClient(board).hello()["protocol"] == PROTOCOL + 7
    board.oldest = PROTOCOL + 1
    with pytest.raises(RigRefusedError, match=f"needs protocol {PROTOCOL + 1} and .* speaks {PROTOCOL}: "):
        RigClient(board).hello()


def test_a_board_that_starts_again_and_again_is_given_up_after_minutes() -> None:
    """A first start after an update takes one; for ever would be no sentence at all."""

    def start(line: bytes) -> bytes:
        board.say(b"Starting: part %.1f\r\n" % board.now_s)
        return b""

    board = FakeBoard(to_board=start)
    client = RigClient(board)
    client.on_starting = lambda words: None
    with pytest.raises(LinkLostError, match="still starting"):
        client.info()
    assert 240 < board.now_s - 100 < 360


def test_a_damaged_request_is_sent_again_at_once() -> None:
    first = [True]

    def damage_once(data: bytes) -> bytes:
        was_first, first[0] = first[0], False
        return data.replace(b"info", b"inf0") if was_first else data

    board = FakeBoard(to_board=damage_once)
    assert RigClient(board).info()["state"] == "idle"
    assert board.now_s - 100 < RESEND_S / 2


def test_a_slow_board_answers_after_resending_without_confusion() -> None:
    """The answer to the first try comes after the second was sent; the late double must not answer the next request."""
    board = FakeBoard(answer_s=0.7)
    client = RigClient(board)
    assert client.confirm(5, 0)["confirmed"] == 5
    assert client.info()["state"] == "idle"
    assert client.athlete("a2")["athlete"] == "a2"


def test_the_banner_of_a_reset_is_waited_out() -> None:
    """Opening the port reset the board: 3 s of boot messages and deaf, then it answers."""
    board = FakeBoard()
    board.to_board = lambda data: data if board.now_s > 103 else b""
    board.say(b"ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET)\r\n" + bytes(range(256)))
    assert RigClient(board).hello()["boot"] == 3


def test_reading_a_long_piece_outlasts_the_resend_time() -> None:
    """4096 bytes take 0.37 s and more on the line; a slower line must not be taken for silence."""
    data = bytes(random.Random(1).randbytes(20_000))
    board = FakeBoard(stored={1: data})
    pieces = Pieces()
    assert RigClient(board).read(1, 0, 20_000, 1024, pieces) == {"ok": 1, "sent": 20_000}
    assert pieces.data == data and board.executed == ["read 1 0 20000 1024"]


class Halting(FakeBoard):
    """Sends the first three pieces of a set, with so long between them, and no answer."""

    between_s = 0.0

    def do_read(self, n: int, no: str, *_: str) -> dict:
        for offset in range(3):
            piece = struct.pack("<II", int(no), offset) + b"x"
            self.say(self.frame(0x44, n, piece), self.between_s * (offset + 1))
        self.fell_silent_s = self.free_s
        self.to_host = lambda data: b""
        return {"ok": 1}


@pytest.mark.parametrize(("share", "pieces_n"), [(0.0, 3), (0.9, 3), (1.1, 0)])
def test_a_read_is_given_up_so_long_after_its_last_piece(share: float, pieces_n: int) -> None:
    """From silence to asking again is the same time, however many pieces came before."""
    board = Halting()
    board.between_s = share * RESEND_S
    pieces = Pieces()
    assert RigClient(board).read(1, 0, 9, 64, pieces) is None
    assert len(pieces.data) == pieces_n
    silent_from_s = board.fell_silent_s if pieces_n else 100
    assert board.now_s - silent_from_s == pytest.approx(RESEND_S, abs=0.01)


@pytest.mark.parametrize("words_n", [0, 1, 3])
def test_a_rig_that_starts_has_all_its_tries_again_after_each_word_of_it(words_n: int) -> None:
    """A word comes after each request, then it falls silent; the same word again is no sign of life."""
    asked_s: list[float] = []

    def start(line: bytes) -> bytes:
        asked_s.append(board.now_s)
        board.say(b"Starting: part %d\r\n" % min(len(asked_s), words_n)) if words_n else None
        return b""

    board = FakeBoard(to_board=start)
    client = RigClient(board)
    told: list[str] = []
    client.on_starting = told.append
    with pytest.raises(LinkLostError, match="still starting" if words_n else "does not answer"):
        client.info()
    assert len(told) == len(set(told)) >= words_n
    assert len(asked_s) >= words_n + TRIES
    silent_from = len(told) - 1
    assert board.now_s - asked_s[max(0, silent_from)] == pytest.approx(
        (TRIES + bool(words_n)) * RESEND_S, abs=0.05
    )


def test_what_stands_at_a_prompt_is_asked_once_more_and_not_waited_for_longer() -> None:
    board = FakeBoard(to_board=lambda data: b"")
    board.say(b">>> ")
    with pytest.raises(LinkLostError, match="prompt"):
        RigClient(board).info()
    assert board.now_s - 100 == pytest.approx((TRIES + 1) * RESEND_S, abs=0.01)


def test_a_piece_with_a_hole_gives_what_comes_before_it() -> None:
    data = bytes(random.Random(2).randbytes(1000))
    board = FakeBoard(stored={1: data})
    sent = [0]

    def lose_third(frame: bytes) -> bytes:
        sent[0] += 1
        return b"" if sent[0] == 3 else frame

    board.to_host = lose_third
    pieces = Pieces()
    assert RigClient(board).read(1, 0, 1000, 240, pieces) is None
    assert pieces.data == data[:480]


def test_a_request_too_long_for_the_board() -> None:
    with pytest.raises(InputError, match="120"):
        RigClient(FakeBoard()).athlete("x" * 200)


@pytest.mark.parametrize("seed", range(5))
def test_noise_in_both_directions(seed: int) -> None:
    """One byte in 200 flipped both ways: slower, never wrong."""
    board = FakeBoard(to_board=flipping(seed, 0.005), to_host=flipping(seed + 100, 0.005))
    client = RigClient(board)
    for number in range(20):
        assert client.confirm(number, 0)["confirmed"] == number
    assert board.confirmed == list(range(20))


def test_the_first_request_of_a_session_is_not_taken_for_the_last_one_of_the_session_before() -> None:
    """A rig answers a repeated line with what it answered before."""
    board = FakeBoard()
    for state in ("idle", "running", "resting"):
        board.state = state
        assert RigClient(board).info()["state"] == state


class Buffered(FakeBoard):
    """What arrived while this computer was busy comes in one read."""

    @property
    def in_waiting(self) -> int:
        if self._out:
            self.now_s = max(self.now_s, self._out[-1][0])
        return super().in_waiting


def test_an_answer_is_found_behind_the_double_of_the_one_before() -> None:
    sent = [b""]

    def with_the_one_before(frame: bytes) -> bytes:
        sent.append(frame)
        return sent[-2] + frame

    board = Buffered(to_host=with_the_one_before)
    client = RigClient(board)
    for _ in range(5):
        assert client.info()["state"] == "idle"
    assert client.resent_n == 0 and len(board.executed) == 5


def test_what_a_board_says_between_requests_is_kept_in_order_its_newest_part_if_it_is_long() -> None:
    """A traceback is looked for in it."""
    board = FakeBoard()
    client = RigClient(board)
    board.say(b"first words\r\n\0")
    client.listen(1.0)
    client.info()
    board.say(b"then others\r\n\0")
    client.listen(1.0)
    assert client.text.index("first words") < client.text.index("then others")
    for n in range(6):
        board.say(b"%d" % n * 2000 + b"\0")
        client.listen(2.0)
        client.info()
    assert client.text.endswith("5" * 2000) and TEXT_MAX <= len(client.text) <= 2 * TEXT_MAX


@pytest.mark.parametrize("before_n", range(4))
def test_numbers_of_requests_begin_anew_before_that_of_a_line_that_was_damaged(before_n: int) -> None:
    """A rig answers a line that it could not read by a number that no request has."""
    board = FakeBoard(now_s=(N_BAD_LINE - before_n) / 1000)
    client = RigClient(board)
    numbers = []
    board.to_board = lambda line: numbers.append(int(line[1:].split(b" ")[0])) or line  # type: ignore[func-returns-value]
    for _ in range(6):
        assert client.info()["state"] == "idle"
    assert all(0 <= n < N_BAD_LINE for n in numbers) and len(set(numbers)) == 6
