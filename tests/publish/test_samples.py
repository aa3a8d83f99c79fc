"""Samples come out of the published Parquet files, by DuckDB: exports, curves and reports are as at home."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as compute
import pyarrow.parquet as parquet
import pytest
from tests.desk.test_closed import Client
from tests.export.libraries import fill, usual_blobs
from tests.publish.desks import get
from tests.publish.target import Target

from retrorig import Library
from retrorig.cli import run
from retrorig.desk.running import Serving
from retrorig.measure.sample_table import steps_in
from retrorig.publish import publish, published, published_copy

SETS_N = 5


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Walks, one of them trimmed, a recorded push, a belt without force, and a walk without a date."""
    names = fill(tmp_path / "library", usual_blobs(), ("Anna",))
    with Library(tmp_path / "library") as made:
        made.edit(names[1:2], {"trim_start_s": 2.0})
        yield made


@pytest.fixture
def sampled(target: Target, library: Library) -> Target:
    """What the library published, when the store has lost all raw sets."""
    publish(library, target.address, str(target.store))
    for path in target.files("raw"):
        path.unlink()
    return target


def _exported(
    library: Library, places: tuple[str, ...], folder: Path, file_format: str, *more: str
) -> list[Path]:
    files = []
    ids = [row.set_id for row in library.sets() if row.started_utc or file_format != "fit"]
    for number, place in enumerate(places):
        files.append(folder / f"{number}.{file_format}")
        words = [
            "export",
            *ids,
            "--format",
            file_format,
            *more,
            "--output",
            str(files[-1]),
            "--library",
            place,
        ]
        assert run(words) == 0
    return files


@pytest.mark.parametrize("words", ["csv", "csv --dialect semicolon", "json", "parquet", "fit"])
def test_a_file_is_byte_for_byte_the_one_made_at_home(
    sampled: Target, library: Library, tmp_path: Path, words: str
) -> None:
    made = _exported(library, (str(library.folder), sampled.address), tmp_path, *words.split())
    assert made[0].read_bytes() == made[1].read_bytes()
    assert made[0].stat().st_size > 1000


def test_a_workbook_is_the_one_made_at_home_but_for_the_moment(
    sampled: Target, library: Library, tmp_path: Path
) -> None:
    places = (str(library.folder), sampled.address)
    ours, theirs = map(_parts, _exported(library, places, tmp_path, "xlsx"))
    assert ours == theirs and sum(name.startswith("xl/worksheets/sheet") for name in ours) == 1 + SETS_N


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist() if name != "docProps/core.xml"}


def test_where_duckdb_is_missing_the_same_bytes_are_computed_from_raw_sets(
    target: Target, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(library, target.address, str(target.store))
    for path in target.files("samples"):
        path.unlink()
    monkeypatch.setitem(sys.modules, "duckdb", None)
    made = _exported(library, (str(library.folder), target.address), tmp_path, "csv")
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.fixture
def desks(sampled: Target, library: Library, tmp_path: Path) -> Iterator[tuple[Client, Client]]:
    """Somebody at a desk of the library, and of what it published."""
    no_rig = str(tmp_path / "no-rig")
    with (
        published_copy(sampled.address) as copy,
        Serving(library.folder, port=no_rig) as home,
        Serving(copy.folder, port=no_rig, published=copy) as away,
    ):
        clients = []
        for desk in (home, away):
            clients.append(Client(desk))
            clients[-1].enter(desk.address())
        yield clients[0], clients[1]


def test_the_desks_curves_are_those_at_home(desks: tuple[Client, Client], library: Library) -> None:
    for row in library.sets():
        for asked in ("along=time", "along=distance&from=1&to=3"):
            ours, theirs = (json.loads(get(desk, f"/sets/{row.set_id}/traces?{asked}")[1]) for desk in desks)
            assert ours["speed"]["values"] and bool(ours["steps"]) == bool(row.steps)
            assert ours == theirs


def test_the_desks_splits_and_sentences_are_those_at_home(
    desks: tuple[Client, Client], library: Library
) -> None:
    for row in library.sets():
        ours, theirs = (get(desk, f"/sets/{row.set_id}/splits?every=1")[1] for desk in desks)
        assert ours == theirs and (ours.count("<tr") > 2 or row.backward_m < 2)
        ours, theirs = (re.findall("<li>.*?</li>", get(desk, f"/sets/{row.set_id}")[1]) for desk in desks)
        assert ours == theirs


def test_a_report_is_the_one_made_at_home(sampled: Target, library: Library, tmp_path: Path) -> None:
    pages = []
    for place in (str(library.folder), sampled.address):
        pages.append(tmp_path / f"{len(pages)}.html")
        ids = [row.set_id for row in library.sets()]
        assert run(["report", *ids, "--library", place, "--output", str(pages[-1])]) == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_samples_of_another_calibration_than_the_rows_are_refused(
    target: Target, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row that somebody changed in the database, or a file that somebody put in the place of another."""
    row = library.sets()[0]
    publish(library, target.address, str(target.store))
    (whole,) = (path for path in target.files("samples") if row.set_id in _ids_in(path))
    kept, table = whole.read_bytes(), parquet.ParquetFile(whole).read()
    command = ["export", row.set_id, "--format", "csv", "--output", "-", "--library", target.address]
    is_speed = table.schema.get_field_index("speed_mps")
    faster = compute.multiply(table["speed_mps"], 1.01)
    for wrong in (table.set_column(is_speed, "speed_mps", faster), table.slice(1), table.slice(0, 0)):
        parquet.write_table(wrong, whole)
        assert run(command) == 2
        sentence = capsys.readouterr().err
        assert sentence.count("\n") == 1 and "are not those of its row" in sentence
    whole.write_bytes(kept)
    assert run(command) == 0


def _ids_in(path: Path) -> set[str]:
    return set(parquet.ParquetFile(path).read(["set_id"])["set_id"].to_pylist())


def test_a_set_that_a_publish_moved_meanwhile_is_found(target: Target, library: Library) -> None:
    publish(library, target.address, str(target.store))
    row = library.sets()[0]
    with published(target.address) as there:
        library.edit([row.set_id], {"trim_end_s": 1.0})
        publish(library, target.address)
        found = there.drawn_samples(row.set_id)
        assert len(found.time_s) == library.set(row.set_id).samples < row.samples


def test_files_of_older_columns_at_home_are_not_sent(target: Target, library: Library) -> None:
    """Those of a program that rounded to 32 bits; DuckDB and Spark want files alike."""
    library.write_samples()
    for row in library.sets():
        path = library.files.current_of(row.set_id)
        assert path
        table = parquet.ParquetFile(path).read()
        older = table.drop_columns(["step_at_s"]).set_column(3, "time_s", table["time_s"].cast("float"))
        parquet.write_table(older, path)
    publish(library, target.address, str(target.store))
    assert {str(field.type) for field in target.table("samples").schema if field.name.endswith("_s")} == {
        "double"
    }
    with published(target.address) as there:
        for row in library.sets():
            assert len(there.drawn_samples(row.set_id).steps_s) == len(steps_in(library.samples(row.set_id)))
