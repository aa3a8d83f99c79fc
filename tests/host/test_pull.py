"""Pulling: every set once, bit for bit, whatever the line does and wherever the cable is pulled."""

from __future__ import annotations

import binascii
import random
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.host.fake_board import FakeBoard
from tests.host.sets import START_US, MadeSet, blob_of, ramped

from retrorig.errors import InputError, LinkLostError
from retrorig.library import Library
from retrorig.library.clocks import NO_ERA, Numbers
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.measure.metrics import set_id
from rigcore.fields import pack
from rigcore.records import TYPE_NOTE, seal


def make_sets(numbers: range) -> dict[int, bytes]:
    return {
        no: blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 50, 3.0, seed=no, header={"no": no, "boot": 3}))
        for no in numbers
    }


SETS = make_sets(range(1, 4))
RIG = Numbers("RR-Test", NO_ERA)
IDS = [set_id({"rig": "RR-Test", "boot": 3, "no": no}) for no in SETS]


def pull_once(board: FakeBoard, library: Library) -> list[str]:
    client = RigClient(board)
    hello = greet(client, library, utc_now=lambda: 1_780_000_000.0 + client.monotonic())
    return pull(client, library, hello).new


def assert_complete(library: Library) -> None:
    assert [row.set_id for row in library.sets()] == IDS
    for no, name in zip(SETS, IDS, strict=True):
        assert library.blob(name) == SETS[no]


def test_the_clock_of_a_computer_is_believed_from_the_year_of_this_program_on(tmp_path: Path) -> None:
    new_year_s = datetime(2023, 1, 1, tzinfo=UTC).timestamp()
    board = FakeBoard()
    with Library(tmp_path, create=True) as library:
        with pytest.raises(InputError, match="clock says 2022-12-31: set it"):
            greet(RigClient(board), library, utc_now=lambda: new_year_s - 1)
        greet(RigClient(board), library, utc_now=lambda: new_year_s)
        ((_, _, utc_ms, _),) = library.clocks.exchanges()
    assert utc_ms / 1000 == pytest.approx(new_year_s, abs=1)


@pytest.mark.parametrize("utc_s", [0.0, 946_684_800.0])
def test_a_computer_that_lost_its_clock_dates_nothing(tmp_path: Path, utc_s: float) -> None:
    """1970 and 2000 are what a computer and a board show that were never told the time."""
    board = FakeBoard(stored=dict(SETS))
    with Library(tmp_path, create=True) as library:
        with pytest.raises(InputError, match=r"clock says (1970|2000)-01-01: set it"):
            greet(RigClient(board), library, utc_now=lambda: utc_s)
        assert library.clocks.all() == []
    assert not any(line.startswith("clock") for line in board.executed)


@pytest.mark.parametrize("trips_s", [(0.3, 0.2, 0.01, 0.1), (0.01, 0.3, 0.2, 0.1), (0.3, 0.2, 0.1, 0.01)])
def test_the_quickest_of_several_exchanges_dates_the_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trips_s: tuple[float, ...]
) -> None:
    """An answer that came late says little of when the rig's clock was read."""
    board, left = FakeBoard(), list(trips_s)
    told = board.do_clock

    def late(n: int, unix_ms: str) -> dict:
        board.answer_s = left.pop(0)
        return told(n, unix_ms)

    monkeypatch.setattr(board, "do_clock", late)
    with Library(tmp_path, create=True) as library:
        client = RigClient(board)
        greet(client, library, utc_now=lambda: 1_780_000_000.0 + board.now_s)
        ((_, board_us, utc_ms, half_rtt_us),) = library.clocks.exchanges()
    true_ms = 1000 * (1_780_000_000.0 + board.boot_s) + board_us / 1000
    assert (
        abs(utc_ms - true_ms) <= half_rtt_us / 1000 + 0.001
    )  # a double's last place in milliseconds of today
    assert half_rtt_us < 10_000


@pytest.mark.parametrize("wrong_s", [-86_400.0, 3600.0])
@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_a_computer_with_a_wrong_clock_is_told_of_at_the_pull(
    tmp_path: Path, wrong: int, wrong_s: float
) -> None:
    """Whichever of three it was, the two that agree date the sets; of two that differ nobody knows which."""
    board = FakeBoard(stored={1: SETS[1]})

    def told(off_s: float) -> list[str]:
        client = RigClient(board)
        board.now_s += 600
        hello = greet(client, library, utc_now=lambda: 1_780_000_000.0 + board.now_s + off_s)
        return [line for line in pull(client, library, hello).notices if "clock was wrong" in line]

    with Library(tmp_path, create=True) as library:
        said = [told(wrong_s if at == wrong else 0.0) for at in (1, 2, 3)]
        assert said[0] == []
        assert [line.partition(" of")[0] for line in said[2]] == ["One exchange"]
        assert bool(said[1]) == (wrong < 3)
        assert all("library clocks" in line and "--started" in line for line in said[2])
        (row,) = library.sets()
    assert row.started_utc is not None
    started_s = datetime.fromisoformat(row.started_utc).timestamp()
    assert started_s == pytest.approx(1_780_000_000.0 + board.boot_s + START_US / 1e6, abs=0.02)


def test_all_sets_arrive_once_and_are_confirmed(tmp_path: Path) -> None:
    board = FakeBoard(stored=dict(SETS))
    with Library(tmp_path, create=True) as library:
        assert pull_once(board, library) == IDS
        assert board.confirmed[-1] == 3
        assert pull_once(board, library) == []
        assert_complete(library)
    assert not any(line.startswith("read") for line in board.executed[board.executed.index("hello", 1) :])


def test_more_sets_than_one_answer_lists(tmp_path: Path) -> None:
    stored = make_sets(range(5, 25))
    with Library(tmp_path, create=True) as library:
        assert len(pull_once(FakeBoard(stored=stored), library)) == 20


def test_started_utc_comes_from_the_anchor_of_that_boot(tmp_path: Path) -> None:
    board = FakeBoard(stored=dict(SETS), boot_s=-2000.0)
    with Library(tmp_path, create=True) as library:
        pull_once(board, library)
        started = datetime.fromisoformat(library.sets()[0].started_utc)
    expected = 1_780_000_000.0 + board.boot_s + START_US * 1e-6
    assert started.tzinfo == UTC and abs(started.timestamp() - expected) < 0.02


def test_started_utc_is_unknown_for_a_boot_without_anchor(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        pull_once(FakeBoard(stored=dict(SETS), boot=4), library)
        assert [row.started_utc for row in library.sets()] == [None] * 3


@given(st.lists(st.integers(0, 8000), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_the_cable_may_be_pulled_anywhere(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    """Each cut lets so many bytes of the board through before the cable breaks."""
    with Library(tmp_path_factory.mktemp("library"), create=True) as library:
        for cut in cuts:
            with suppress(LinkLostError):
                pull_once(FakeBoard(stored=dict(SETS), dead_after_bytes=cut), library)
        pull_once(FakeBoard(stored=dict(SETS)), library)
        assert_complete(library)


def test_a_broken_pull_goes_on_where_it_stopped(tmp_path: Path) -> None:
    long_set = {1: blob_of(MadeSet(ramped(1.0, 60.0), lambda t: 50 + t, 60.0, header={"no": 1}))}
    with Library(tmp_path, create=True) as library:
        with pytest.raises(LinkLostError, match="cable"):
            pull_once(FakeBoard(stored=long_set, dead_after_bytes=9000), library)
        board = FakeBoard(stored=long_set)
        assert len(pull_once(board, library)) == 1
    first_read = next(line for line in board.executed if line.startswith("read"))
    assert int(first_read.split()[2]) >= 7000


@pytest.mark.parametrize("pieces_n", [0, 1])
def test_of_a_set_of_which_nothing_came_nothing_is_kept(tmp_path: Path, pieces_n: int) -> None:
    """Nor is a piece kept twice when nothing was added to it."""
    board = FakeBoard(stored=dict(SETS))

    def cut(data: bytes) -> bytes:
        if data[2:3] == b"\x44" and len(data) > 60:
            board.pieces_left -= 1  # type: ignore[attr-defined]
            if board.pieces_left < 0:  # type: ignore[attr-defined]
                board.dead_after_bytes = 0
        return data

    board.to_host = cut
    with Library(tmp_path, create=True) as library:
        for left in (pieces_n, 0, 0):
            board.pieces_left, board.dead_after_bytes, board.unplugged = left, None, False  # type: ignore[attr-defined]
            with suppress(LinkLostError):
                pull_once(board, library)
        kept = library.db.rows("SELECT length(data) FROM partials")
    assert len(kept) == pieces_n and all(length for (length,) in kept)


@pytest.mark.parametrize("seed", range(6))
def test_flipped_dropped_and_doubled_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def damage(data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            dice = chance.random()
            if dice < 0.0005:
                continue
            out.append(byte ^ (1 << chance.randrange(8)) if dice < 0.001 else byte)
            if dice > 0.9995:
                out.append(byte)
        return bytes(out)

    board = FakeBoard(stored=dict(SETS), to_host=damage, to_board=damage)
    with Library(tmp_path, create=True) as library:
        assert pull_once(board, library) == IDS
        assert_complete(library)


def test_a_partial_that_went_bad_is_fetched_anew(tmp_path: Path) -> None:
    with Library(tmp_path, create=True) as library:
        library.partials.keep(RIG, 1, binascii.crc32(SETS[1]), 0, b"\xff" * 300)
        assert pull_once(FakeBoard(stored=dict(SETS)), library) == IDS
        assert_complete(library)


def test_a_piece_that_went_bad_is_forgotten_even_if_the_cable_breaks_then(tmp_path: Path) -> None:
    """Or each pull would begin with it again."""
    sum_ = binascii.crc32(SETS[1])
    with Library(tmp_path, create=True) as library:
        library.partials.keep(RIG, 1, sum_, 0, b"\xff" * 300)
        board = FakeBoard(stored=dict(SETS), dead_after_bytes=2 * len(SETS[1]))
        with suppress(LinkLostError):
            pull_once(board, library)
        assert SETS[1].startswith(library.partials.get(RIG, 1, sum_))


def test_an_unreadable_set_is_kept_aside_and_does_not_block_the_others(tmp_path: Path) -> None:
    garbage = b"garbage" * 50
    board = FakeBoard(stored={0: garbage, **SETS})
    with Library(tmp_path, create=True) as library:
        client = RigClient(board)
        result = pull(client, library, greet(client, library))
        assert result.new == IDS and board.confirmed[-1] == 3
        assert library.partials.get(RIG, 0, binascii.crc32(garbage)) == garbage
    assert len(result.notices) == 1 and "number 0" in result.notices[0]


def test_a_bit_that_flipped_in_the_rigs_flash_is_mended(tmp_path: Path) -> None:
    """The rig lists the sum of what it wrote; what it reads now differs."""
    board = FakeBoard(stored=dict(SETS))
    damaged = bytearray(SETS[2])
    damaged[len(damaged) // 2] ^= 8
    sums = {no: binascii.crc32(blob) for no, blob in SETS.items()}
    board.stored[2] = bytes(damaged)
    board.do_sets = lambda n, first: {
        "ok": 1, "next": 4, "sets": [[no, len(SETS[no]), sums[no]] for no in SETS if no >= int(first)]
    }  # fmt: skip
    with Library(tmp_path, create=True) as library:
        assert pull_once(board, library) == IDS
        assert_complete(library)


def test_a_line_that_eats_all_data_is_given_up(tmp_path: Path) -> None:
    board = FakeBoard(stored=dict(SETS))
    board.to_host = lambda data: b"" if len(data) > 200 and data[2:3] == b"\x44" else data
    with Library(tmp_path, create=True) as library, pytest.raises(LinkLostError, match="No data"):
        pull_once(board, library)


@pytest.mark.parametrize("eaten_n", [1, 9])
def test_a_line_that_eats_data_for_a_while_is_outwaited(tmp_path: Path, eaten_n: int) -> None:
    """As a radio beside the cable may, for some seconds."""
    board = FakeBoard(stored=dict(SETS))

    def eating(data: bytes) -> bytes:
        reads_n = sum(line.startswith("read") for line in board.executed)
        return b"" if len(data) > 100 and data[2:3] == b"\x44" and reads_n <= eaten_n else data

    board.to_host = eating
    with Library(tmp_path, create=True) as library:
        assert pull_once(board, library) == IDS
        assert_complete(library)


@pytest.mark.parametrize("answers_n", [1, 4])
def test_a_set_that_grows_by_each_of_the_athletes_answers_is_here_with_all_of_them(
    tmp_path: Path, answers_n: int
) -> None:
    """Each comes after the set was listed and before it is confirmed; the rig refuses to confirm what it has not."""
    grown = [blob_of(MadeSet(ramped(1.0, 3.0), lambda t: 50, 3.0, header={"no": 1, "boot": 3}))]
    for number in range(answers_n):
        grown.append(grown[-1] + seal(TYPE_NOTE, number, pack({"rpe": number + 1}), 1))
    board = FakeBoard(stored={1: grown[0]})
    listed = {"n": 0}
    confirm = board.do_confirm

    def do_confirm(n: int, no: str, crc: str) -> dict:
        if listed["n"] < answers_n:
            listed["n"] += 1
            board.stored[1] = grown[listed["n"]]
        is_it = int(crc) == binascii.crc32(board.stored[1])
        return confirm(n, no) if is_it else {"err": "changed", "text": "This set has changed."}

    board.do_confirm = do_confirm  # type: ignore[method-assign]
    with Library(tmp_path, create=True) as library:
        pull_once(board, library)
        assert [row.rpe for row in library.sets()] == [answers_n]
    assert board.confirmed == [1]


def test_another_set_under_a_known_name_is_neither_taken_nor_confirmed(tmp_path: Path) -> None:
    """As after the rig's memory was erased and its counting of boots with it."""
    other = blob_of(MadeSet(ramped(1.5, 3.0), lambda t: 60, 3.0, header={"no": 1, "boot": 3}))
    with Library(tmp_path, create=True) as library:
        pull_once(FakeBoard(stored=dict(SETS)), library)
        board = FakeBoard(stored={1: other})
        with pytest.raises(InputError, match="already"):
            pull_once(board, library)
        assert board.confirmed == []
        assert_complete(library)


def test_a_confirmation_that_got_lost_is_made_up_for(tmp_path: Path) -> None:
    """The link broke after the set was on disk and before the rig knew."""
    with Library(tmp_path, create=True) as library:
        for blob in SETS.values():
            library.add_set(blob)
        board = FakeBoard(stored=dict(SETS))
        assert pull_once(board, library) == []
        assert board.confirmed == [3]


def test_a_set_whose_name_is_taken_stays_on_the_rig_and_blocks_no_other(tmp_path: Path) -> None:
    """Numbers that were given twice, or two rigs of one id: nothing is overwritten or confirmed, all else comes."""
    other = blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 50, 4.0, header={"no": 2}))
    board = FakeBoard(stored=dict(SETS))
    with Library(tmp_path, create=True) as library:
        library.add_set(other)
        for _ in range(2):
            with pytest.raises(InputError, match="use a new --library"):
                pull_once(board, library)
        assert max(board.confirmed, default=1) == 1
        blobs = [library.blob(row.set_id) for row in library.sets()]
    assert sorted(blobs) == sorted([SETS[1], other, SETS[3]])
    with Library(tmp_path / "other", create=True) as library:
        assert len(pull_once(board, library)) == 3 and board.confirmed[-1] == 3


def test_the_second_laptop_is_told_what_the_first_one_has(tmp_path: Path) -> None:
    blobs = {no: blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header={"no": no})) for no in (31, 32)}
    board = FakeBoard(stored=blobs)
    with Library(tmp_path, create=True) as library:
        client = RigClient(board)
        said = pull(client, library, greet(client, library)).notices
        assert len(said) == 1 and said[0].startswith("Sets 1 to 30 ") and "library merge" in said[0]
        assert pull(client, library, greet(client, library)).notices == []
