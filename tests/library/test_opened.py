"""A library that is opened may be damaged, or somebody else's: every command ends in its answer or in one sentence."""

from __future__ import annotations

import contextlib
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tests.library.libraries import fill, walk

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.private_copy import copy_of

NOON_MS = 1_780_000_000_000
DAY_MS = 86_400_000
FILE = "library.sqlite3"
WRONG = (
    None, 0, -1, 2**63 - 1, -(2**63), 1e308, -1e308, 9e999, 0.5, "", "x", b"\0\xff", b"", "2026-13-45T99:99:99Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "[[[", "{}", "null", '"six"', "[1,2]", '{"a":1}', "a" * 5000,
    "../x", "\x1b[31m",
)  # fmt: skip
COMMANDS = tuple(
    tuple(words.split())
    for words in (
        "sets", "sets --json", "sets --athlete anna --wide", "show last", "show 2", "show 3 --json", "day", "trend",
        "sides", "fatigue", "quality", "profile", "drag", "export 2 --output - --format csv",
        "export --summary --output - --format csv", "library check", "athlete list", "calibrate list", "library clocks",
        "edit 1 --rpe 3", "library recompute 4", "delete 1", "athlete forget Anna --keep-sets", "library compact",
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a library of four sets with notes and people."""
    folder = tmp_path_factory.mktemp("sound") / "library"
    blobs = [
        walk(no, athlete="a1", kind="work", start_unix_ms=NOON_MS + no * DAY_MS, side="left")
        for no in range(1, 5)
    ]
    fill(folder, *blobs, people=("Anna", "Ben"))
    with Library(folder) as library:
        library.edit(library.choose(["last"]), {"load_kg": 20.0, "trim_end_s": 0.1}, add_tags=["knee"])
    with closing(sqlite3.connect(folder / FILE)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / FILE).read_bytes()


def damaged(data: bytes, chance: Random) -> bytes:
    """The file with some of its bytes changed, or without its end."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, n = chance.randrange(len(out)), chance.randint(1, 30)
        out[at : at + n] = chance.randbytes(n)
    return bytes(out[: chance.randrange(len(out))] if chance.random() < 0.2 else out)


def change(path: Path, chance: Random) -> None:
    """Cells, rows, tables or the version as no program of ours writes them."""
    with closing(sqlite3.connect(path)) as file, file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = chance.choice(tables)
        columns = [column[1] for column in file.execute(f"PRAGMA table_info({table})")]
        with contextlib.suppress(sqlite3.Error):
            match chance.choices(("cell", "row", "table", "version"), (60, 15, 10, 15))[0]:
                case "cell":
                    one, some = chance.choice(columns), chance.choice((1, 2))
                    values = (chance.choice(WRONG),)
                    file.execute(f"UPDATE {table} SET {one} = ? WHERE rowid % {some} = 0", values)
                case "row":
                    row = [chance.choice(WRONG) for _ in columns]
                    file.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
                case "table":
                    file.execute(f"DROP TABLE {table}")
                case _:
                    file.execute(f"PRAGMA user_version={chance.choice((-(2**31), -1, 0, 2, 2**31 - 1))}")


def mutants(sound: bytes, folder: Path, request: pytest.FixtureRequest, tried_n: int) -> Iterator[Random]:
    """Makes mutated libraries in the folder, some or with --exhaustive 2,000; gives the chance that chose them."""
    chance = Random(17)
    for number in range(2000 if request.config.getoption("--exhaustive") else tried_n):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if number % 4 == 0:
            (folder / FILE).write_bytes(damaged(sound, chance))
        else:
            (folder / FILE).write_bytes(sound)
            for _ in range(chance.randint(1, 3)):
                change(folder / FILE, chance)
        yield chance


def ends_in_a_sentence(*words: str) -> None:
    out, told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        status = run(list(words))
    assert status in (0, 2) and "bug of its own" not in told.getvalue(), (words, told.getvalue())


def test_no_mutation_of_a_library_ends_in_anything_but_a_sentence(
    sound: bytes, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "library"
    for chance in mutants(sound, folder, request, 30):
        for command in chance.sample(COMMANDS, 3):
            ends_in_a_sentence(*command, "--library", str(folder))


def test_no_mutation_of_another_library_gets_into_ours(
    sound: bytes, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for chance in mutants(sound, theirs, request, 12):
        shutil.rmtree(ours, ignore_errors=True)
        command = chance.choice((("merge", str(theirs)), ("import", str(theirs), "rr-test-0003-00002")))
        ends_in_a_sentence("library", *command, "--library", str(ours))
        if ours.exists():
            with Library(ours) as library:
                rows = library.sets()
                assert {row.set_id[:-1] for row in rows} <= {"rr-test-0003-0000"}
                assert all(library.raw_sets.get(row.set_id).is_whole for row in rows)
                assert not library.notes.senseless() and not library.people.senseless_n()


@pytest.mark.parametrize("version", [-(2**31), -1, 2, 2**31 - 1])
def test_every_other_version_is_refused(sound: bytes, tmp_path: Path, version: int) -> None:
    (tmp_path / FILE).write_bytes(sound)
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute(f"PRAGMA user_version={version}")
    with pytest.raises(InputError):
        Library(tmp_path)


def test_a_damaged_row_is_told_and_computed_anew_while_the_others_are_listed(
    sound: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_bytes(sound)
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("UPDATE sets SET work_j = 'much', tail = 'x' WHERE set_id LIKE '%2'")
        file.execute(
            "INSERT INTO edits SELECT set_id, 'rpe', '\"six\"', 'z' FROM sets WHERE set_id LIKE '%3'"
        )
    own = ["--library", str(tmp_path)]
    assert run(["show", "2", *own]) == 2
    assert "`retrorig library recompute` computes it anew" in capsys.readouterr().err
    assert run(["sets", "--json", *own]) == 2
    capsys.readouterr()
    with Library(tmp_path) as library:
        told = {fault.where[-1]: fault.what for fault in library.check()}
        assert "changed by something else" in told["2"] and "makes no sense" in told["3"]
        library.recompute(library.to_recompute())
        assert [fault.where[-1] for fault in library.check()] == ["3"]
        assert [row.rpe for row in library.sets()] == [None] * 4


def test_damage_whose_very_description_is_no_text_is_one_sentence(sound: bytes, tmp_path: Path) -> None:
    """SQLite's sentence about a damaged schema repeats what stands there, which Python can't decode."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name in (b"raw_sets", b"anchors"):
        (theirs / FILE).write_bytes(sound.replace(b"TABLE " + name, b"TABLE \x8b" + name[1:]))
        with pytest.raises(InputError, match="is damaged and was left as it is"), Library(theirs) as library:
            library.sets()
        told: list[str] = []
        with copy_of(theirs, told.append) as saved:
            assert saved.sets() == [] and told[0].startswith("That library is damaged; whole sets: ")
        for words in ("check", f"import {theirs} 2", f"merge {theirs}"):
            own = theirs if words == "check" else tmp_path / "ours"
            ends_in_a_sentence("library", *words.split(), "--library", str(own))
