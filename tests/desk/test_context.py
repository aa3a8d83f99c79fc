"""What the desk keeps for its pages: the newest of each kind, and nothing after its end."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

import pytest
from starlette.requests import Request
from tests.desk.conftest import NAMES
from tests.export.libraries import fill, walk_blob
from tests.measure.walks import Gait

from retrorig import local
from retrorig.desk.context import PEOPLE_N, TRACED_N, Desk, Kept
from retrorig.desk.pages import athlete
from retrorig.desk.tasks import KEPT_N, Tasks
from retrorig.desk.wording import words_in
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.editing import edit_sets


@pytest.mark.parametrize("most_n", [1, 3])
def test_as_many_as_are_kept_are_given_back_the_newest(most_n: int) -> None:
    kept = Kept[str](most_n)
    numbers = [kept.keep(f"thing {n}") for n in range(5)]
    assert [kept.get(number) for number in numbers[:-most_n]] == [None] * (5 - most_n)
    assert [kept.get(number) for number in numbers[-most_n:]] == [f"thing {n}" for n in range(5 - most_n, 5)]
    assert kept.take(numbers[-1]) == "thing 4" and kept.get(numbers[-1]) is None is kept.take(numbers[-1])


def test_a_desk_ends_although_its_temporary_folder_was_cleared(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.new_folder()
    assert made.is_dir() and made.stat().st_mode & 0o077 == 0
    shutil.rmtree(made.parent)
    desk.close()


def test_files_to_be_saved_go_with_the_desk(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.new_folder()
    (made / "sets.csv").write_text("Anna")
    desk.close()
    assert not made.parent.exists()


def test_the_plots_of_the_sets_that_were_looked_at_last_are_kept(tmp_path: Path) -> None:
    blobs = [walk_blob(n, 60.0 * n, Gait(steps=2, seed=n), athlete="a1") for n in range(1, TRACED_N + 2)]
    fill(tmp_path, blobs, ("Anna",))
    desk = Desk(tmp_path)
    with Library(tmp_path) as library:
        rows = library.sets()
        first = desk.traced(library, rows[0])
        for row in rows[1:TRACED_N]:
            desk.traced(library, row)
        assert desk.traced(library, rows[0]) is first
        second, third = desk.traced(library, rows[1]), desk.traced(library, rows[2])
        for row in (rows[0], rows[1], *rows[3:]):
            desk.traced(library, row)
        assert desk.traced(library, rows[1]) is second and desk.traced(library, rows[0]) is first
        assert desk.traced(library, rows[2]) is not third, "each takes megabytes"
        desk.forget_plots()
        assert desk.traced(library, rows[0]) is not first
    desk.close()


def test_the_sets_of_somebody_are_read_anew_once_the_library_has_changed(tmp_path: Path) -> None:
    names = tuple(f"Nobody {n}" for n in range(PEOPLE_N + 1))
    blobs = [walk_blob(n, 60.0 * n, Gait(steps=2, seed=n), athlete=f"a{n}") for n in range(1, PEOPLE_N + 2)]
    fill(tmp_path, blobs, names)
    desk = Desk(tmp_path)
    with Library(tmp_path) as library:
        kept = [desk.rows_of(library, name) for name in names[:PEOPLE_N]]
        assert [len(rows) for rows in kept] == [1] * PEOPLE_N
        assert all(desk.rows_of(library, name) is rows for name, rows in zip(names, kept, strict=False))
        desk.rows_of(library, names[PEOPLE_N])
        assert desk.rows_of(library, names[1]) is kept[1] and desk.rows_of(library, names[0]) is not kept[0]
        edit_sets(library, [kept[1][0].set_id], {"rpe": 5})
        assert desk.rows_of(library, names[1])[0].rpe == 5
    desk.close()


def test_a_task_of_long_ago_is_a_sentence() -> None:
    tasks = Tasks()
    begun = [tasks.start(f"task {n}", lambda task: None) for n in range(KEPT_N + 1)]
    assert [task.number for task in begun] == list(range(1, KEPT_N + 2))
    assert tasks.get(begun[1].number) is begun[1]
    with pytest.raises(InputError):
        tasks.get(begun[0].number)


class Published:
    """A copy of what is published, as a desk uses one."""

    called, read_utc, version = "postgresql:///team", "2026-11-22T12:34:56.000Z", 1

    def __init__(self, folder: Path) -> None:
        self.folder, self.is_away, self.freshened_n = folder, False, 0

    def freshen(self) -> None:
        self.freshened_n += 1

    def library(self) -> Library:
        return Library(self.folder)


def test_a_page_names_the_database_that_it_shows_and_whether_that_answers(folder: Path) -> None:
    copy = Published(folder)
    desk = Desk(folder, published=copy)  # type: ignore[arg-type]
    request = Request(
        {"type": "http", "method": "GET", "path": "/people", "headers": [], "query_string": b""}
    )
    assert desk.place == "postgresql:///team"
    when = f"{local(copy.read_utc):%Y-%m-%d %H:%M}"
    for is_away, key in ((False, "published"), (True, "published_before")):
        copy.is_away = is_away
        page = bytes(athlete.people(desk, request).body).decode()
        assert escape(words_in("en")["said"][key].format(copy.called, when)) in page
    assert copy.freshened_n == 2, "each page is as new as the database's answer"
    desk.close()
    desk = Desk(folder)
    assert desk.place == str(folder.absolute())
    assert copy.called not in bytes(athlete.people(desk, request).body).decode()
    desk.close()


def test_plots_of_what_was_published_anew_are_drawn_anew(folder: Path) -> None:
    copy = Published(folder)
    desk = Desk(folder, published=copy)  # type: ignore[arg-type]
    with desk.library() as library:
        row = library.sets()[0]
        first = desk.traced(library, row)
        assert desk.traced(library, row) is first
        copy.version = 2
        assert desk.traced(library, row) is not first
    desk.close()


def test_after_a_person_was_forgotten_nothing_kept_is_of_theirs(folder: Path) -> None:
    desk = Desk(folder)
    with desk.library() as library:
        row = library.sets()[0]
        traced = desk.traced(library, row)
        edit, picture = (
            desk.undo.keep(library.edit([row.set_id], {"rpe": 3})),
            desk.pictures.keep("a picture"),
        )
        rows = desk.rows_of(library, NAMES[0])
        desk.forget_kept()
        assert desk.undo.get(edit) is None is desk.pictures.get(picture)
        assert desk.rows_of(library, NAMES[0]) is not rows and desk.traced(library, row) is not traced
    desk.close()
