"""`retrorig selftest`: what it checks on a short piece of its recording, and what it says when something is wrong."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from retrorig import selftest
from retrorig.cli import run
from retrorig.errors import InputError, MissingPackageError
from retrorig.selftest import RECORDING, Check

ROWS_N = 2700
"""Some 11 s of the person's pushing."""


def test_a_short_recording_passes_and_a_missing_package_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_sheets(sets: object, kind: str, path: Path, dialect: object) -> None:
        if kind == "xlsx":
            raise MissingPackageError("This needs the package xlsxwriter.")
        if kind == "fit":
            raise InputError("The disk is full.")
        path.write_text("there")

    monkeypatch.setattr("retrorig.export.export_sets", without_sheets)
    monkeypatch.setattr("retrorig.doctor.asking.QUIET_S", 2.0)
    short = tmp_path / "short.csv"
    with RECORDING.open(encoding="utf-8") as rows:
        short.write_text("".join(itertools.islice(rows, ROWS_N)))
    heard: list[float] = []
    checks = list(selftest.run_selftest(lambda done, total: heard.append(done / total), short))
    outcome = {check.name: check.passed for check in checks}
    assert outcome.pop("export as xlsx") is None
    assert outcome.pop("export as fit") is False
    assert all(outcome.values()), [check for check in checks if check.passed is False]
    assert {
        "no count was lost",
        "distance",
        "pull",
        "the doctor finds no fault",
        "export as csv",
    } <= outcome.keys()
    assert heard == sorted(heard) and heard[-1] == pytest.approx(1, abs=0.1)


def test_a_value_beside_the_recording_fails() -> None:
    assert selftest.near("distance", 10.0, 10.04, 0.05, "m").passed
    assert not selftest.near("distance", 10.0, 10.06, 0.05, "m").passed
    assert selftest.near("pull", None, 1.0, 0.1, "Ns").passed is False


def test_status_and_table_follow_the_checks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [Check("distance", True, "1 m"), Check("export as fit", None, "pip install")]
    monkeypatch.setattr("retrorig.cli.selftest.run_selftest", lambda progress: iter(checks))
    assert run(["selftest"]) == 0
    assert capsys.readouterr().out.split()[:2] == ["passed", "distance"]
    checks.append(Check("pull", False, "9 Ns"))
    assert run(["selftest", "--json"]) == 4
    captured = capsys.readouterr()
    assert [entry["passed"] for entry in json.loads(captured.out)] == [True, None, False]
    assert "1 of 3 checks failed: pull" in captured.err


def test_without_an_interpreter_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETRORIG_MICROPYTHON", "no-such-interpreter")
    assert run(["selftest"]) == 2
    assert "interpreter" in capsys.readouterr().err
