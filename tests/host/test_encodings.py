"""Output under the character sets of other computers: every name arrives, and JSON stays JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.cli import run
from retrorig.library import Library

NAME = "Žofie Müller-橇 🦵"
ENCODINGS = ("cp1252", "cp932", "ascii", "gbk", "utf-8", "latin-1", "utf-16")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "library"
    run(["athlete", "add", NAME, "--label", "zofie", "--library", str(folder)])
    with Library(folder) as opened:
        header = {"no": 1, "athlete": "zofie"}
        opened.add_set(blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header=header)))
    return folder


def output(library: Path, environment: dict[str, str], *arguments: str) -> bytes:
    code = "import sys; from retrorig.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--library", str(library)],
        env={**os.environ, "PYTHONUTF8": "0", **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"bug" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_holds_the_name_in_every_character_set(library: Path, encoding: str) -> None:
    (row,) = json.loads(output(library, {"PYTHONIOENCODING": encoding}, "sets", "--json").decode(encoding))
    assert row["athlete"] == NAME


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_is_complete_in_every_character_set(library: Path, encoding: str) -> None:
    table = output(library, {"PYTHONIOENCODING": encoding}, "sets").decode(encoding)
    assert "ller-" in table and len(table.splitlines()) >= 2


def test_a_file_is_utf8_where_nobody_wishes_otherwise(library: Path) -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    assert NAME in output(library, environment, "athlete", "list").decode("utf-8")
    assert NAME[:13] in output(library, environment, "sets").decode("utf-8")  # tables shorten long names


COMMAND = [sys.executable, "-c", "from retrorig.cli import main; main()"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", [("sets",), ("sets", "--json"), ("--help",), ("plan", "schema")])
def test_a_full_disk_behind_the_output_is_one_sentence(library: Path, words: tuple[str, ...]) -> None:
    ours = ("--library", str(library)) if words[0] == "sets" else ()
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, *words, *ours],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": ""},  # as a user has it: what is printed waits in a buffer
            check=False,
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), done.stderr
    assert b"can't be written" in done.stderr


def test_a_closed_output_is_one_sentence(library: Path) -> None:
    line = f'exec "$@" --library "{library}" >&-'
    done = subprocess.run(
        ["/bin/sh", "-c", line, "sh", *COMMAND, "sets"], stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), done.stderr


@pytest.mark.parametrize("control", ["\x7f", "\x9b", "\r", "\x1b"])
def test_no_control_reaches_the_terminal_in_json(
    control: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list as text that is JSON already, and one that is made now; the value is the same as in the library."""
    with Library(tmp_path, create=True) as opened:
        opened.add_set(blob_of(MadeSet(ramped(1.0, 2.5), lambda t: 50, 2.5, header={"no": 1})))
        inner = json.dumps(f"a{control}b", ensure_ascii=False)[1:-1]
        opened.db.rows("UPDATE sets SET tail = replace(tail, '0.1.0', ?)", (inner,))
    assert run(["sets", "--json", "--library", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert control not in text and json.loads(text)[0]["firmware"] == f"a{control}b"


def test_a_row_whose_parts_a_terminal_would_obey_is_told_as_damaged(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON allows a carriage return between its parts, by which a line would overwrite itself."""
    shutil.copytree(library, tmp_path / "library")
    with Library(tmp_path / "library") as opened:
        opened.db.rows("UPDATE sets SET tail = replace(tail, ', ', ',' || char(13))")
    assert run(["sets", "--json", "--library", str(tmp_path / "library")]) == 2
    found = capsys.readouterr()
    assert "\r" not in found.out + found.err and "is damaged" in found.err
