"""`replay --walker` and `sim --walker` as users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrorig.cli import run
from retrorig.virtual.walkers.catalogue import PEOPLE, find


@pytest.mark.parametrize("command", ["sim", "replay"])
def test_the_list_has_one_line_for_each(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--walker", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PEOPLE)
    assert all(len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["replay", "--walker", "flying"], "there are even"),
        (["sim", "--walker", "even/99"], "6 variations"),
        (["replay"], "--walker NAME"),
        (["replay", "rec.csv", "--walker", "even"], "one thing"),
        (["sim", "rec.csv", "--walker", "even"], "one thing"),
    ],
)
def test_what_can_not_be_played_is_status_2_and_one_sentence(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    more = ["--library", str(tmp_path / "library")] if arguments[0] == "replay" else []
    assert run([*arguments, *more]) == 2
    told = capsys.readouterr().err
    assert reason in told and told.count("\n") == 1
    assert not (tmp_path / "library").exists()


def test_a_walker_is_replayed_like_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", "--walker", "slow/8", "--library", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    for row, truth in zip(rows, find("slow/8").walk().truth.sets, strict=True):
        assert row["backward_m"] == pytest.approx(truth.backward_m, rel=0.002)
        assert row["mean_force_n"] == pytest.approx(truth.mean_force_n, rel=0.02)
        assert row["work_j"] == pytest.approx(truth.work_j, rel=0.02)
