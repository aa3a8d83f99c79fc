"""The commands of the library: what they print, alone where it is JSON, and the status they end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.export.libraries import walk_blob
from tests.host.sets import SCALE_NN, ZERO
from tests.library.libraries import fill, name_of, walk
from tests.measure.walks import Gait

from retrorig.cli import run
from retrorig.cli.changes import _words
from retrorig.library import Library
from retrorig.library.clocks import NO_ERA, Boot

WORDS = ["library", "check"]
ODD = 'Zoë "Z" \\ Ångström'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sets 1 and 2 by somebody with an odd name, 3 by Ben, 4 by nobody and without a date."""
    noon = 1_780_000_000_000
    blobs = [
        walk(1, athlete="a1", start_unix_ms=noon, kind="work", rig="aa"),
        walk(2, athlete="a1", start_unix_ms=noon + 86_400_000, kind="cooldown", rig='b"\\'),
        walk(3, athlete="a2", start_unix_ms=noon - 86_400_000, zero=90_000),
        walk(4, athlete=""),
    ]
    fill(tmp_path / "library", *blobs, people=(ODD, "Ben"))
    return tmp_path / "library"


class Ran:
    """What a command printed and ended with."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path, *words: object) -> None:
        self.status = run([*map(str, words), "--library", str(folder)])
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def test_the_ready_json_is_the_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["edit", name_of(3), "--library", str(folder), "--tag", "knee", "--note", 'a "b" \\ ü\n=1+1'])
        == 0
    )
    capsys.readouterr()
    with Library(folder) as library:
        for options in ([], ["--athlete", ODD], ["--athlete", "ben"], ["--since", "2026-05-28"]):
            ran = Ran(capsys, folder, "sets", "--json", *options)
            expected = [row.as_dict() for row in library.sets(**_filters(options))]
            assert ran.json == expected and [list(row) for row in ran.json] == [list(row) for row in expected]
        assert len(library.sets()) == 4 and library.sets()[-1].started_utc is None


def _filters(options: list[str]) -> dict[str, str]:
    return {options[0].removeprefix("--"): options[1]} if options else {}


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--kind", "work"], [1]),
        (["--kind", "Cooldown"], [2]),
        (["--rig", "aa"], [1]),
        (["--tag", "knee"], [2, 4]),
        (["--quality", "c"], []),
        (["--athlete", ODD, "--tag", "knee"], [2]),
    ],
)
def test_filters(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]
) -> None:
    names = [name_of(2, 'b"\\'), name_of(4)]
    assert Ran(capsys, folder, "edit", *names, "--tag", "knee").status == 0
    found = Ran(capsys, folder, "sets", "--json", *options).json
    assert [int(row["set_id"][-1]) for row in found] == numbers


def test_edit_show_and_undo(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = name_of(3)
    ran = Ran(capsys, folder, "edit", name, "--load-kg", 20, "--side", "left", "--trim-end", 0.5, "--json")
    changed = {change["key"]: change["new"] for change in ran.json}
    assert changed["load_kg"] == 20 and changed["side"] == "left" and changed["edited"] == [
        "load_kg", "side", "trim_end_s",
    ]  # fmt: skip
    shown = Ran(capsys, folder, "show", name)
    assert "last 0.5 s" in shown.err and "Noted by people" in shown.err and "left" in shown.out
    table = Ran(capsys, folder, "edit", name, "--undo", "load_kg", "--undo", "trim_end_s")
    assert "load_kg" in table.out and "duration_s" in table.out and "uncertainty" not in table.out
    assert Ran(capsys, folder, "edit", name, "--undo", "side", "--json").json[0]["new"] is None
    assert Ran(capsys, folder, "show", name).err == ""


def test_the_slack_line_beside_each_set_becomes_its_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set that was tared 12 N wrong reads then what the same walk reads that was tared rightly."""
    gait, folder = Gait(steps=12, seed=1), tmp_path / "walks"
    tared = [walk_blob(1, 0.0, gait, zero=ZERO), walk_blob(2, 60.0, gait, zero=ZERO + round(12e9 / SCALE_NN))]
    right, wrong = fill(folder, *tared)
    ran = Ran(capsys, folder, "library", "recompute", "--json", "--zero", "rest")
    assert ran.status == 0 and "Sets computed: 2." in ran.err
    assert wrong in {change["set_id"] for change in ran.json if change["key"] == "mean_force_n"}
    with Library(folder) as library:
        assert library.set(wrong).mean_force_n == pytest.approx(library.set(right).mean_force_n, abs=0.2)


def test_a_set_whose_line_was_never_slack_is_named_and_keeps_its_zero(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Ran(capsys, folder, "library", "recompute", "--json", "--zero", "rest")
    assert ran.status == 0 and ran.json == []
    assert ran.err.count("never slack") == 4 and "Sets computed: 0." in ran.err


def test_sets_are_chosen_by_person_machine_and_tag_and_noted_with_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--athlete and --tag say what is noted; --of and --tagged of which sets."""
    assert Ran(capsys, folder, "edit", name_of(3), "--tag", "knee").status == 0
    ran = Ran(capsys, folder, "edit", "--tagged", "knee", "--athlete", ODD, "--json")
    assert {(c["set_id"], c["key"], c["new"]) for c in ran.json if c["key"] == "athlete"} == {
        (name_of(3), "athlete", ODD)
    }
    ran = Ran(capsys, folder, "edit", "--of", ODD, "--machine", "sled", "--json")
    assert {c["set_id"] for c in ran.json} == {name_of(3), "aa-0003-00001", 'b"\\-0003-00002'}
    ran = Ran(capsys, folder, "edit", "--made-on", "treadmill", "--tag", "belt", "--json")
    assert {c["set_id"] for c in ran.json} == {name_of(4)}
    with Library(folder) as library:
        assert {row.set_id: row.tags for row in library.sets()}[name_of(3)] == ["knee"]


def test_what_changed_is_told_was_and_is_and_a_long_text_by_its_beginning(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "word " * 30
    out = Ran(
        capsys, folder, "edit", name_of(3), "--note", long, "--load-kg", "20.5", "--tag", "a", "--tag", "b"
    ).out
    rows = {line.split()[1]: " ".join(line.split()) for line in out.splitlines() if name_of(3) in line}
    assert (
        "notes - word word" in rows["notes"]
        and rows["load_kg"].endswith("- 20.5")
        and rows["tags"].endswith("- a; b")
    )
    out = Ran(capsys, folder, "edit", name_of(3), "--untag", "a", "--untag", "b", "--undo", "load_kg").out
    rows = {line.split()[1]: " ".join(line.split()) for line in out.splitlines() if name_of(3) in line}
    assert rows["load_kg"].endswith("20.5 -") and rows["tags"].endswith("a; b -")
    assert [len(_words("x" * n)) for n in (1, 60, 61, 500)] == [1, 60, 60, 60]
    assert _words("x" * 61) == "x" * 57 + "..." and _words(1 / 3) == "0.333333"


def test_recompute_shows_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, folder, "library", "recompute", "--json", "--rig", "aa", "--circumference-um", 251_000)
    assert {change["set_id"] for change in ran.json} == {name_of(1, "aa")} and "Sets computed: 1." in ran.err
    assert Ran(capsys, folder, "library", "recompute").err.splitlines() == [
        "Nothing changed.",
        "Sets computed: 4.",
    ]


def test_check_samples_and_backup(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Files written: 4." in Ran(capsys, folder, "library", "samples").err
    good = Ran(capsys, folder, "library", "check", "--json")
    assert (good.status, good.json) == (0, [])
    assert Ran(capsys, folder, "library", "backup", tmp_path / "kept").status == 0
    with Library(folder) as library:
        library.db.rows("UPDATE sets SET work_j = 1")
    bad = Ran(capsys, folder, "library", "check", "--json")
    assert bad.status == 2 and len(bad.json) == 4 and "work_j" in bad.json[0]["what"]
    assert Ran(capsys, folder, "library", "check").out.count("work_j") == 4
    new = tmp_path / "new"
    merged = Ran(capsys, new, "library", "merge", tmp_path / "kept", "--json")
    assert len(merged.json) == 4 and {row["athlete"] for row in merged.json} == {ODD, "Ben", None}
    again = Ran(capsys, new, "library", "import", folder, name_of(3))
    assert "New sets: 0. Here already: 1." in again.err
    with Library(new) as library, Library(folder) as old:
        assert library.blob(name_of(3)) == old.blob(name_of(3))


def test_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Ran(capsys, folder, "athlete", "add", "佐藤", "--label", "sato").status == 0
    assert Ran(capsys, folder, "athlete", "rename", "Ben", "Benno").status == 0
    people = Ran(capsys, folder, "athlete", "list", "--json").json
    assert {person["name"]: person["sets"] for person in people} == {ODD: 2, "Benno": 1, "佐藤": 0}
    assert "Benno" in Ran(capsys, folder, "athlete", "list").out
    ran = Ran(capsys, folder, "athlete", "forget", "Benno", "--delete-sets", "--json")
    assert ran.json["sets_n"] == 1 and any("Backups" in sentence for sentence in ran.json["left"])
    assert [
        row["set_id"] for row in Ran(capsys, folder, "sets", "--json").json if "00003" in row["set_id"]
    ] == []
    told = Ran(capsys, folder, "athlete", "forget", ODD, "--keep-sets")
    assert told.out == "" and "Sets kept as nobody's: 2." in told.err


def test_clocks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Library(folder) as library:
        library.add_anchor(Boot("aa", NO_ERA, 1), 0, 0.0, 1000)
        library.add_anchor(Boot("aa", NO_ERA, 1), 3_600_000_000, 3_600_036.0, 1000)
    (clock,) = Ran(capsys, folder, "library", "clocks", "--json").json
    assert clock["drift_ppm"] == pytest.approx(10)
    assert "10.00" in Ran(capsys, folder, "library", "clocks").out


@pytest.mark.parametrize(
    "words",
    [
        ["edit", "none", "--load-kg", "1"],
        ["edit", name_of(3), "--load-kg", "heavy"],
        ["edit", name_of(3), "--side", "up"],
        ["edit", name_of(3), "--undo", "distance"],
        ["edit", name_of(3), "--note", "\udcff"],
        ["show", "\udcff"],
        ["sets", "--athlete", "\udcff"],
        ["sets", "--since", "0001-01-01"],
        ["sets", "--since", "9999-12-31T23:59:59-23:00"],
        ["sets", "--quality", "Z"],
        ["sets", "--kind", "warm"],
        ["trend", "--limit-pct", "nan"],
        ["trend", "--limit-pct", "inf"],
        ["show", "x" * 10_000],
        ["report", "--athlete", "x" * 10_000, "--output", "x.html"],
        ["library", "recompute", "--zero", "99999999999999999999"],
        ["library", "recompute", "--zero", "slack"],
        ["library", "recompute", "none"],
        ["library", "recompute", "--calibration", "none"],
        ["library", "merge", "/no/such/place"],
        ["library", "import", "/no/such/place", "x"],
        ["library", "backup", "/no/such/place/x"],
        ["athlete", "forget", "Nobody", "--keep-sets"],
        ["athlete", "forget", "Ben"],
        ["athlete", "add", "x" * 10_000],
        ["athlete", "add", "Ben"],
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    ran = Ran(capsys, folder, *words)
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.strip().splitlines()) == 1 and ran.err.rstrip().endswith((".", "`"))
    assert len(ran.err) < 700  # what was given may be endless, the sentence about it is not


def test_what_is_said_of_a_person_is_the_name_that_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Ran(capsys, folder, "athlete", "add", " Eva\n\tFox ").err == "Rigs know Eva Fox as a3.\n"
    assert Ran(capsys, folder, "athlete", "rename", "a3", "Eva\tHare").err == "Eva Fox is Eva Hare now.\n"
    assert Ran(capsys, folder, "edit", name_of(3), "--athlete", " Eva \n Hare").status == 0
    assert [
        row["set_id"] for row in Ran(capsys, folder, "sets", "--athlete", "Eva  Hare", "--json").json
    ] == [name_of(3)]


def test_undoing_a_text_says_where_it_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """History is the promise: what was taken back can be looked up, until the person is forgotten."""
    Ran(capsys, folder, "edit", name_of(3), "--note", "Ben's secret")
    assert "history" in Ran(capsys, folder, "edit", name_of(3), "--undo", "notes").err
    assert b"Ben's secret" in (folder / "library.sqlite3").read_bytes()
    assert Ran(capsys, folder, "edit", name_of(3), "--load-kg", 5).err == ""
    Ran(capsys, folder, "athlete", "forget", "Ben", "--keep-sets")
    assert b"Ben's secret" not in (folder / "library.sqlite3").read_bytes()
