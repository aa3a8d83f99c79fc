"""Several programs that write to one library at once: each thing happens once, and nobody's work is undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library

SETS_N = 6
WRITERS_N = 3


def test_nobody_writes_between_what_another_reads_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrorig.library.database.BUSY_S", 0.05)
    fill(tmp_path, walk(1), people=("Anna",))
    with Library(tmp_path) as one, Library(tmp_path) as two:
        with one.db.transaction():
            assert one.people.names() == {"a1": "Anna"}  # a label is chosen by those that are there
            with pytest.raises(InputError, match="another program"):
                two.people.label_for("Ben")
            assert one.people.label_for("Cem") == "a2"
        assert two.people.label_for("Ben") == "a3"


def at_once(work: Callable[[Library], list[bool]], folder: Path) -> list[list[bool]]:
    """What each of WRITERS_N programs gets who start the same work at the same moment."""
    together = threading.Barrier(WRITERS_N)

    def run(_: int) -> list[bool]:
        with Library(folder) as library:
            together.wait()
            return work(library)

    with ThreadPoolExecutor(WRITERS_N) as pool:
        return list(pool.map(run, range(WRITERS_N)))


def test_pulls_at_the_same_moment_bring_each_set_once(tmp_path: Path) -> None:
    fill(tmp_path)
    blobs = [walk(no, duration_s=1.5) for no in range(SETS_N)]
    news = at_once(lambda library: [library.add_set(blob)[1] for blob in blobs], tmp_path)
    assert [sum(of_one) for of_one in zip(*news, strict=True)] == [1] * SETS_N
    with Library(tmp_path) as library:
        assert [library.blob(name_of(no)) for no in range(SETS_N)] == blobs
        assert len(library.sets()) == SETS_N


def test_people_entered_at_the_same_moment_have_labels_of_their_own(tmp_path: Path) -> None:
    fill(tmp_path)
    names = iter([f"Athlete {no}" for no in range(WRITERS_N * SETS_N)])
    turn = threading.Lock()

    def enter(library: Library) -> list[bool]:
        for _ in range(SETS_N):
            with turn:
                name = next(names)
            library.people.label_for(name)
        return []

    at_once(enter, tmp_path)
    with Library(tmp_path) as library:
        assert len({person["label"] for person in library.people.all()}) == WRITERS_N * SETS_N


def test_a_reader_sees_one_moment_while_another_program_writes(tmp_path: Path) -> None:
    fill(tmp_path, *(walk(no) for no in range(3)))
    with Library(tmp_path) as reader, Library(tmp_path) as writer:
        rows = reader.db.each("SELECT set_id FROM sets ORDER BY set_id")
        first = next(rows)
        writer.db.rows("DELETE FROM sets WHERE set_id = ?", (name_of(2),))
        assert [first, *rows] == [(name_of(no),) for no in range(3)]
        assert reader.find_set(name_of(2)) is None
