"""`retrorig selftest`: what it checks on a short piece of its recording, and what it says when something is wrong."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace as Facts
from typing import Any, ClassVar, cast

import pytest
from tests.live.telling_board import payload

from retrorig import selftest
from retrorig.cli import run
from retrorig.errors import InputError, MissingPackageError
from retrorig.export import FORMATS
from retrorig.selftest import MOMENTS_N, RECORDING, Check

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


WALKED = {"backward_m": 10.0, "duration_s": 10.0, "mean_speed_mps": 1.0, "impulse_ns": 500.0, "quality": "B",
          "samples": 900, "samples_lost": 0}  # fmt: skip


def failed(lost_n: int = 0, sets_n: int = 1, **found: object) -> list[str]:
    """Checks that fail where a recording of 10 m in 10 s at 50 N came out so."""
    truth = Facts(backward_m=10.0, time_s=[0.0, 4.0, 10.0], force_n=[50.0, 50.0, 50.0])
    result = Facts(new=["a", "b"][:sets_n], counts_lost=lost_n, board_counts=1000 - lost_n, belt_counts=1000)
    library = Facts(set=lambda set_id: Facts(**{**WALKED, **found}))
    checks = selftest._sets(cast("Any", result), cast("Any", library), cast("Any", truth))
    return [check.name for check in checks if not check.passed]


def test_what_is_claimed_to_users_is_what_is_checked() -> None:
    """Distance within 0.5 %, speed within 1 %, force within 2 %, each to both sides."""
    for key, truth, share, name in (
        ("backward_m", 10.0, 0.005, "distance"),
        ("mean_speed_mps", 1.0, 0.01, "mean speed"),
        ("impulse_ns", 500.0, 0.02, "pull"),
    ):
        for side in (-1, 1):
            assert failed(0, 1, **{key: truth * (1 + side * 0.95 * share)}) == []
            assert failed(0, 1, **{key: truth * (1 + side * 1.05 * share)}) == [name]


def test_a_set_that_is_poor_or_missing_and_a_lost_count_fail() -> None:
    assert failed() == failed(quality="A") == []
    assert failed(quality="C") == failed(samples_lost=1) == ["the set is sound"]
    assert failed(lost_n=1) == ["no count was lost"]
    assert failed(sets_n=0) == failed(sets_n=2) == ["a set was found and pulled"]


@pytest.mark.parametrize(
    ("moments_n", "levels", "new", "wrong"),
    [
        (MOMENTS_N, ("ok", "unknown", "warn"), [], []),
        (MOMENTS_N - 1, ("ok",), [], ["it tells of itself live"]),
        (MOMENTS_N, ("ok", "fail"), [], ["the doctor finds no fault"]),
        (MOMENTS_N, ("ok",), ["a"], ["a second pull brings nothing"]),
    ],
)
def test_a_rig_that_is_silent_faulty_or_forgetful_fails(
    monkeypatch: pytest.MonkeyPatch, moments_n: int, levels: tuple[str, ...], new: list[str], wrong: list[str]
) -> None:
    class Client:
        on_telemetry: Any = None
        asked: ClassVar[list[tuple[object, ...]]] = []

        def __init__(self, port: str) -> None:
            self.asked.clear()

        def request(self, *words: object) -> None:
            self.asked.append(words)

        def listen(self, seconds: float) -> None:
            for moment in [payload()] * moments_n + [b"of another version"]:
                self.on_telemetry(moment)

        def hello(self) -> dict[str, str]:
            return {"rig": "r1"}

    verdicts = [Facts(part="encoder", evidence="it turns", level=level) for level in levels]
    monkeypatch.setattr(selftest, "RigClient", Client)
    monkeypatch.setattr(selftest, "pull", lambda client, library, hello: Facts(new=new))
    monkeypatch.setattr("retrorig.doctor.gather", lambda client, utc_now: {})
    monkeypatch.setattr("retrorig.doctor.judged", lambda facts: verdicts)
    checks = list(selftest._rig(cast("Any", Facts(open_port=lambda: "port")), cast("Any", None)))
    assert [check.name for check in checks if not check.passed] == wrong
    assert Client.asked[-1] == ("live", 0), "it is silent again"
    evidence = {check.name: check.evidence for check in checks}["the doctor finds no fault"]
    assert evidence == ("encoder: it turns" if "fail" in levels else f"{len(levels)} parts judged")


@pytest.mark.parametrize(("content", "passed"), [("there", True), ("", False), (None, False)])
def test_each_kind_of_file_is_written_of_a_set_and_an_empty_one_fails(
    tmp_path: Path, content: str | None, passed: bool
) -> None:
    of = list[tuple[list[str], str]]()

    def export(ids: list[str], kind: str, path: Path) -> None:
        of.append((ids, kind))
        if content is not None:
            path.write_text(content)

    checks = list(selftest._files(cast("Any", Facts(export=export)), ["a", "b"], tmp_path))
    assert of == [(["a"], kind) for kind in FORMATS]
    assert [(check.name, check.passed) for check in checks] == [
        (f"export as {kind}", passed) for kind in FORMATS
    ]


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
