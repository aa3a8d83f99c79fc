"""Host killed or port closed at every point of a pull: each set arrives once, whole, and is confirmed afterwards."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from tests.host.fake_board import FakeBoard
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.errors import LinkLostError
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from rigcore import decode, fields, records

SETS = {
    no: blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, seed=no, header={"no": no, "boot": 3}))
    for no in range(1, 4)
}


class Killed(BaseException):
    """The process is gone: nothing runs after this, not even tidying up."""


class Fuse:
    """Raises Killed at the `at`th step."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.steps_n = 0

    def step(self) -> None:
        if self.at is not None and self.steps_n >= self.at:
            raise Killed
        self.steps_n += 1


class WatchedLibrary(Library):
    """Dies before or after each thing that it keeps."""

    fuse = Fuse(None)

    def add_set(self, blob: bytes) -> tuple[str, bool]:
        self.fuse.step()
        found = super().add_set(blob)
        self.fuse.step()
        return found

    def keep_partial(self, *args) -> None:
        self.fuse.step()
        super().keep_partial(*args)
        self.fuse.step()


class WatchedBoard(FakeBoard):
    """Dies with each exchange; forgets what is confirmed, after looking whether it is safe on disk."""

    fuse = Fuse(None)
    folder = Path()

    def read(self, size: int = 1) -> bytes:
        self.fuse.step()
        return super().read(min(size, 700))

    def write(self, data: bytes) -> int:
        self.fuse.step()
        return super().write(data)

    def do_confirm(self, n: int, no: str, crc: str = "") -> dict:
        with Library(self.folder) as seen_by_others:
            ids = {row.set_id for row in seen_by_others.sets()}
        for number in [number for number in self.stored if number <= int(no)]:
            assert any(set_id.endswith(f"-{number:05d}") for set_id in ids), "confirmed before it was on disk"
            del self.stored[number]
        return {"ok": 1, "confirmed": int(no)}


def pull_into(folder: Path, board: WatchedBoard, fuse: Fuse) -> None:
    board.fuse, board.folder = fuse, folder
    library = WatchedLibrary(folder, create=True)
    library.fuse = fuse
    with closing(library.db):
        client = RigClient(board)
        pull(client, library, greet(client, library))


def assert_complete(folder: Path) -> None:
    with Library(folder) as library:
        ids = sorted(row.set_id for row in library.sets())
        assert [library.blob(set_id) for set_id in ids] == list(SETS.values())


def steps_of_a_pull(folder: Path) -> int:
    fuse = Fuse(None)
    pull_into(folder, WatchedBoard(stored=dict(SETS)), fuse)
    assert_complete(folder)
    return fuse.steps_n


def test_host_killed_at_every_point(tmp_path: Path, thin, tried) -> None:
    chosen = thin(range(steps_of_a_pull(tmp_path / "whole")), 15)
    for at in chosen:
        folder, board = tmp_path / str(at), WatchedBoard(stored=dict(SETS))
        with pytest.raises(Killed):
            pull_into(folder, board, Fuse(at))
        pull_into(folder, board, Fuse(None))
        assert board.stored == {}
        assert_complete(folder)
    tried("host killed during a pull", len(chosen))


def frame_ends() -> list[int]:
    """Bytes sent at the end of each frame of a pull."""
    board = WatchedBoard(stored=dict(SETS))
    ends: list[int] = []
    said = board.say
    board.say = lambda data, delay_s=0.0: (said(data, delay_s), ends.append(board.sent_n))[0]
    client = RigClient(board)
    client.hello()
    for no, blob in SETS.items():
        client.read(no, 0, len(blob), 256, lambda *piece: True)
    return ends


def test_port_closed_at_every_frame_boundary(tmp_path: Path, thin, tried) -> None:
    """And one byte before and after it."""
    chosen = thin([end + offset for end in frame_ends() for offset in (-1, 0, 1)], 15)
    for at in chosen:
        folder, board = tmp_path / str(at), WatchedBoard(stored=dict(SETS), dead_after_bytes=at)
        try:
            pull_into(folder, board, Fuse(None))
        except LinkLostError:
            pass
        again = WatchedBoard(stored=board.stored)
        pull_into(folder, again, Fuse(None))
        assert again.stored == {}
        assert_complete(folder)
    tried("port closed at a frame boundary, and one byte beside it", len(chosen))


def test_a_set_that_grows_during_the_pull_arrives_with_what_was_added(tmp_path: Path) -> None:
    """The athlete answers after the rig has listed the set."""
    blob = SETS[3]
    sequence = sum(1 for _ in decode.iter_records(blob))
    grown = blob + records.seal(records.TYPE_NOTE, sequence, fields.pack({"rpe": 7, "pain": 0}), 3)
    board = FakeBoard(stored=dict(SETS))
    confirm = board.do_confirm

    def answer_late(n: int, no: str, crc: str = "") -> dict:
        if board.stored[3] == blob:
            board.stored[3] = grown
            return {"err": "changed", "text": "Set 3 is not the one that was listed."}
        return confirm(n, no, crc)

    board.do_confirm = answer_late
    with Library(tmp_path, create=True) as library:
        client = RigClient(board)
        result = pull(client, library, greet(client, library))
        assert len(result.new) == 3 and board.confirmed[-1] == 3
        rows = library.sets()
        assert len(rows) == 3 and library.blob(rows[2].set_id) == grown
        assert library.raw(rows[2].set_id).note == {"rpe": 7, "pain": 0}
