"""When a change is published, how long an answer is waited for, which files become one: without a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig import Library, LinkLostError
from retrorig.publish import ChangePublisher, following, patience, rewriting
from retrorig.publish.patience import PatientFile, answered
from retrorig.publish.rewriting import COMPACT_SETS_N, Rewriting


class Stop(threading.Event):
    """Notes the pauses, never waits, and is set after so many."""

    def __init__(self, pauses_n: int) -> None:
        super().__init__()
        self.pauses_s: list[float | None] = []
        self._pauses_n = pauses_n

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses_s.append(timeout)
        if len(self.pauses_s) == self._pauses_n:
            self.set()
        return self.is_set()


def followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, breaks: Iterable[bool], meanwhile: Callable[[int], None]
) -> tuple[list[float | None], list[str], int]:
    """(pauses, what was told of lost lines, publishes) where a line breaks at some of the tries."""
    left, lost, done = list(breaks), list[str](), [0]

    def publish(*_: object, **options: object) -> str:
        assert options == {"with_names": True}
        done[0] += 1
        meanwhile(done[0])
        if left and left.pop(0):
            raise LinkLostError("The database is away.")
        return "result"

    monkeypatch.setattr(following, "publish", publish)
    told: list[object] = []
    publisher = ChangePublisher(
        folder, "postgresql://a/b", tell=told.append, tell_lost=lost.append, with_names=True
    )
    stop = Stop(9)
    monkeypatch.setattr(publisher, "_stop", stop)
    publisher.run()
    assert len(told) == done[0] - sum(breaks)
    return stop.pauses_s, lost, done[0]


def test_a_line_that_broke_is_tried_again_ever_more_seldom_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within seconds at first, within minutes for as long as it lasts; then the library is looked at each second."""
    Library(tmp_path, create=True).close()
    pauses_s, lost, done_n = followed(tmp_path, monkeypatch, [True] * 6, lambda n: None)
    assert pauses_s == [5, 15, 60, 300, 300, 300, 1, 1, 1]
    assert lost == ["The database is away. It is tried again."]
    assert done_n == 7, "published once, as nothing changes"


def test_each_break_is_told_and_begins_with_a_short_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path, create=True) as library:
        pauses_s, lost, done_n = followed(
            tmp_path,
            monkeypatch,
            [True, False, True, True, False],
            lambda n: library.people.label_for(f"Nobody {n}") and None,
        )
    assert pauses_s[:6] == [5, 1, 5, 15, 1, 1]
    assert len(lost) == 2 and done_n == 9, "each publish here is followed by another change"


@pytest.mark.parametrize(("size", "limit_s"), [(-1, 60), (0, 60), (1 << 20, 120), (10 << 20, 660)])
def test_what_is_large_has_a_minute_more_for_each_megabyte(
    monkeypatch: pytest.MonkeyPatch, size: int, limit_s: float
) -> None:
    limits: list[float] = []
    monkeypatch.setattr(patience, "within", lambda limit, work: limits.append(limit) or work())
    file = PatientFile(SimpleNamespace(read=lambda asked: b"x" * max(asked, 0), close=lambda: None))
    assert file.read(size) == b"x" * max(size, 0)
    assert limits == [limit_s]
    assert answered(lambda: 7) == 7 and limits[1:] == [60]
    assert file.readable() and file.seekable() and not file.writable()


class Catalogue:
    """Files of so many sets each; `torn` have lost some, `empty` all of them."""

    def __init__(self, sizes: list[int], torn: Iterable[str] = (), empty: Iterable[str] = ()) -> None:
        self._sizes = {f"site=a/rig=r/month=2026-01/{n}": size for n, size in enumerate(sizes)}
        self._torn, self._empty = list(torn), set(empty)
        self.announced: list[str] = []
        self.moved: list[tuple[list[str], str | None]] = []

    def scattered(self, before: str, sets_max: int) -> list[list[str]]:
        assert len(before) == 7 and sets_max == COMPACT_SETS_N
        return [list(self._sizes)]

    def sizes(self, names: list[str]) -> dict[str, int]:
        return {name: self._sizes[name] for name in names}

    def torn(self) -> list[str]:
        return self._torn

    def stays_in(self, name: str) -> list[str]:
        return [] if name in self._empty else ["a set"]

    def announce(self, names: list[str]) -> None:
        self.announced += names

    def move(self, names: list[str], to: str | None) -> None:
        self.moved.append((list(names), to))


def rewritten(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, lost: Iterable[str] = ()
) -> tuple[Rewriting, list[str]]:
    """Works on these files; and the names that were written, each announced before."""
    written: list[str] = []

    def write(store: object, scratch: object, name: str, parts: Iterable[Any]) -> None:
        assert name in catalogue.announced and list(parts)
        written.append(name)

    monkeypatch.setattr(rewriting, "write_files", write)
    monkeypatch.setattr(rewriting, "read_parts", lambda store, name, kept: [(name, kept)])
    return Rewriting(cast("Any", catalogue), cast("Any", None), Path(), frozenset(lost)), written


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([10, 20, 30], [[0, 1, 2]]),
        ([10], []),
        ([], []),
        ([1999, 1, 1], [[0, 1]]),
        ([1999, 2, 1], [[1, 2]]),
        ([1000, 1000, 1000, 1000], [[0, 1], [2, 3]]),
        ([1500, 600, 1500, 500], [[2, 3]]),
    ],
)
def test_small_files_become_one_of_at_most_two_thousand_sets_and_a_lone_one_stays(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], groups: list[list[int]]
) -> None:
    assert COMPACT_SETS_N == 2000
    catalogue = Catalogue(sizes)
    work, written = rewritten(catalogue, monkeypatch)
    assert work.compact() == sum(map(len, groups))
    assert [[int(name.rpartition("/")[2]) for name in names] for names, _ in catalogue.moved] == groups
    assert [to for _, to in catalogue.moved] == written
    assert all(name.startswith("site=a/rig=r/month=2026-01/") for name in written)


def test_a_file_that_the_store_lost_is_part_of_none(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue([1, 2, 3])
    work, _ = rewritten(catalogue, monkeypatch, ["site=a/rig=r/month=2026-01/1"])
    assert work.compact() == 2
    assert [len(names) for names, _ in catalogue.moved] == [2]


@pytest.mark.parametrize(
    ("is_empty", "is_lost"), [(False, False), (True, False), (True, True), (False, True)]
)
def test_a_file_that_sets_have_left_is_written_anew_and_one_without_any_is_dropped(
    monkeypatch: pytest.MonkeyPatch, is_empty: bool, is_lost: bool
) -> None:
    """What a lost file still should hold can only come from who has it."""
    name = "site=a/rig=r/month=2026-01/0"
    catalogue = Catalogue([3], torn=[name], empty=[name] * is_empty)
    work, written = rewritten(catalogue, monkeypatch, [name] * is_lost)
    work.mend()
    if is_empty:
        assert catalogue.moved == [([name], None)] and not written
    elif is_lost:
        assert not catalogue.moved and not written
    else:
        assert catalogue.moved == [([name], written[0])] and len(written) == 1
