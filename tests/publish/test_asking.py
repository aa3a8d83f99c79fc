"""Published samples by DuckDB: questions to all that a login may see, and Parquet files as they are made at home."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.publish.target import PEOPLE, Target, make_library
from tests.publish.test_reading import viewer

from retrorig import Library
from retrorig.cli import run
from retrorig.publish import publish, roles_sql

SETS_N = 12
_COUNTED = "SELECT site, count(DISTINCT set_id) AS sets, count(*) AS samples FROM samples GROUP BY site"


def _answer(capsys: pytest.CaptureFixture[str], question: str, address: str) -> list[dict]:
    assert run(["library", "ask", question, "--library", address, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def question(tmp_path: Path) -> str:
    path = tmp_path / "counted.sql"
    path.write_text(f"-- How much there is of each site.\n{_COUNTED}\n", encoding="utf-8")
    return str(path)


def test_a_question_that_is_shipped_is_answered_for_all_sites(
    target: Target, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_library(tmp_path / "other", 5, first_rig=1) as other:
        publish(library, target.address, str(target.store))
        publish(other, target.address, site_name="North")
        points = {one["set_id"]: one for one in _answer(capsys, "load_velocity", target.address)}
        for row in (*library.sets(), *other.sets()):
            assert points[row.set_id]["pull_n"] == pytest.approx(row.mean_force_n, rel=0.1)
        assert {one["site"] for one in _answer(capsys, "weekly_load", target.address)} == {
            library.site.id,
            other.site.id,
        }
    assert run(["library", "ask", "rig_drag", "--library", target.address]) == 0
    assert "drag_n" in capsys.readouterr().out
    assert run(["library", "ask", "--library", target.address]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("weekly_load", "rig_drag", "load_velocity"))


def test_a_login_asks_what_it_may_see_and_nothing_else(
    target: Target, library: Library, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though the file in the store holds everybody's samples."""
    library.edit([library.sets()[0].set_id], {"athlete": PEOPLE[0]})
    publish(library, target.address, str(target.store))
    target.server.sql(target.database, roles_sql())
    label = library.people.known_label(PEOPLE[0])
    theirs = library.sets(athlete=label)
    coach = viewer(target, "coach", f"'{library.site.id}', '{label}', true")
    (one,) = _answer(capsys, question, coach)
    assert (one["sets"], one["samples"]) == (len(theirs), sum(row.samples for row in theirs))
    assert len(theirs) < SETS_N
    nobody = viewer(target, "nobody")
    assert run(["library", "ask", question, "--library", nobody]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_set_that_went_is_in_no_answer(
    target: Target, library: Library, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(library, target.address, str(target.store))
    library.delete([library.sets()[0].set_id])
    publish(library, target.address)
    (one,) = _answer(capsys, question, target.address)
    assert one["sets"] == SETS_N - 1 and one["samples"] == sum(row.samples for row in library.sets())


@pytest.mark.usefixtures("keys")
def test_a_bucket_is_asked_like_a_folder(
    target: Target,
    library: Library,
    bucket: str,
    question: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(library, target.address, bucket)
    (one,) = _answer(capsys, question, target.address)
    assert one["sets"] == SETS_N and one["site"] == library.site.id
    _check_parquet(library, target, tmp_path)


def test_a_parquet_file_of_sets_is_made_of_the_published_samples_byte_for_byte(
    target: Target, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.edit([library.sets()[0].set_id], {"athlete": PEOPLE[0], "trim_end_s": 1.0})
    publish(library, target.address, str(target.store))
    _check_parquet(library, target, tmp_path)
    for path in target.files("raw"):
        path.unlink()
    _check_parquet(library, target, tmp_path)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    words = ["export", "last", "--format", "parquet", "--library", target.address]
    assert run([*words, "--output", str(tmp_path / "none.parquet")]) == 2, (
        "the way without DuckDB needs raw sets"
    )


def _check_parquet(library: Library, target: Target, folder: Path) -> None:
    made = []
    for place in (str(library.folder), target.address):
        path = folder / f"made{len(made)}.parquet"
        words = ["export", *[row.set_id for row in library.sets()]]
        assert run([*words, "--format", "parquet", "--output", str(path), "--library", place]) == 0
        made.append(path.read_bytes())
        path.unlink()
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("SELECT nosuch FROM samples", "nosuch"),
        ("SELEC 1", "SELEC"),
        ("INSTALL httpfs FROM 'http://127.0.0.1:1'", "refused"),
        ("", "no question"),
    ],
)
def test_a_question_that_is_none_is_told(
    target: Target, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str], sql: str, word: str
) -> None:
    publish(library, target.address, str(target.store))
    path = tmp_path / "wrong.sql"
    path.write_text(sql, encoding="utf-8")
    for question, expected in ((str(path), word), ("weekly_lode", "weekly_load"), (str(tmp_path), "")):
        assert run(["library", "ask", question, "--library", target.address]) == 2
        sentence = capsys.readouterr().err
        assert sentence.count("\n") == 1 and expected in sentence, sentence


def test_a_library_in_a_folder_and_a_package_that_is_missing_are_told(
    target: Target, library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["library", "ask", "weekly_load", "--library", str(library.folder)]) == 2
    assert "postgresql://" in capsys.readouterr().err
    publish(library, target.address, str(target.store))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run(["library", "ask", "weekly_load", "--library", target.address]) == 2
    assert "duckdb" in capsys.readouterr().err
