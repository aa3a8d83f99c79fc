"""The Python API: the page's examples run as printed, names load lazily, and only the library speaks SQL."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.library.libraries import fill, walk

import retrorig
from retrorig.cli import run
from retrorig.errors import InputError

PACKAGE = Path(retrorig.__file__).parent
PAGE = PACKAGE.parent / "PYTHON.md"
NOON_MS = 1_780_000_000_000
DAY_MS = 86_400_000


def test_the_pages_examples_run_as_printed(tmp_path: Path) -> None:
    script = Path(__file__).with_name("page_examples.py")
    done = subprocess.run(
        [sys.executable, script, PAGE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert " Anna 2026-11-22 18:30:0" in done.stdout
    assert (tmp_path / "set.csv").is_file() and (tmp_path / "day.svg").is_file()


def test_names_are_loaded_when_they_are_used() -> None:
    code = "import sys, retrorig; retrorig.Library; print('numpy' in sys.modules, 'serial' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
    assert all(getattr(retrorig, name) for name in retrorig.__all__)
    assert (PACKAGE / "py.typed").is_file()


def test_only_the_library_and_what_it_publishes_into_are_spoken_to_in_sql() -> None:
    sql = re.compile(r"\b(SELECT .+ FROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|import sqlite3)\b")
    own = {PACKAGE / "library", PACKAGE / "publish"}
    others = [path for path in PACKAGE.rglob("*.py") if own.isdisjoint(path.parents)]
    assert len(others) > 100
    assert not any(
        "import sqlite3" in path.read_text(encoding="utf-8") for path in (PACKAGE / "publish").rglob("*.py")
    )
    assert [path.name for path in others if sql.search(path.read_text(encoding="utf-8"))] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six sets of Anna, a day apart; the last has no date."""
    blobs = [
        walk(no, athlete="a1", kind="work" if no % 2 else "warmup", start_unix_ms=NOON_MS + no * DAY_MS)
        for no in range(1, 6)
    ]
    fill(tmp_path, *blobs, walk(6, athlete="a1", boot=4), people=("Anna", "Ben"))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "filters", "numbers"),
    [
        (["last"], {}, [5]),
        (["last-2"], {}, [3]),
        (["LAST"], {"kind": "warmup"}, [4]),
        (["2"], {}, [2]),
        (["00003"], {}, [3]),
        (["rr-test-0004"], {}, [6]),
        (["2..last-1"], {}, [2, 3, 4]),
        (["last..2", "2"], {"kind": "Work", "athlete": "ANNA"}, None),
        ([], {"machine": "Treadmill", "since": "2026-06-01"}, [4, 5]),
        ([], {"until": "2026-05-29"}, [1]),
        ([], {"on": "2026-05-30"}, [2]),
    ],
)
def test_words_and_filters_choose_sets(
    folder: Path, words: list[str], filters: dict[str, str], numbers: list[int] | None
) -> None:
    with retrorig.Library(folder) as library:
        if numbers is None:
            with pytest.raises(InputError, match="no set 2"):
                library.choose(words, **filters)
        else:
            assert [int(name[-5:]) for name in library.choose(words, **filters)] == numbers


def test_deleted_and_hidden_sets_are_in_no_list_until_they_are_brought_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--library", str(folder)]
    assert run(["delete", "last", *own]) == 0 and run(["hide", "1", *own]) == 0
    with retrorig.Library(folder) as library:
        assert [int(row.set_id[-5:]) for row in library.sets()] == [2, 3, 4, 6]
        assert library.people.all()[0]["sets"] == 4
    assert run(["show", "rr-test-0003-00005", *own]) == 2
    assert run(["delete", "--undo", "5", *own]) == 0 and run(["hide", "--undo", "1", *own]) == 0
    with retrorig.Library(folder) as library:
        assert len(library.sets()) == 6
        gone = library.delete(library.choose(["last"]))
        assert library.compact() == 1 and len(library.sets()) == 5
        assert library.add_set(walk(5, athlete="a1", kind="work", start_unix_ms=NOON_MS + 5 * DAY_MS)) == (
            next(iter(gone.before)),
            False,
        )


def test_an_undo_restores_the_row_and_refuses_to_lose_what_came_between(folder: Path) -> None:
    with retrorig.Library(folder) as library:
        ids = library.choose(["last"])
        before = library.set(ids[0])
        edited = library.edit(ids, {"athlete": "ben", "load_kg": 20, "trim_end_s": 1.0}, add_tags=["knee"])
        assert library.set(ids[0]).athlete == "Ben" and library.set(ids[0]).label == "a2"
        again = library.undo(edited)
        assert library.set(ids[0]) == before
        library.undo(again)
        assert library.set(ids[0]).load_kg == 20
        library.edit(ids, {"load_kg": 25})
        with pytest.raises(InputError, match="Something else was noted"):
            library.undo(edited)
