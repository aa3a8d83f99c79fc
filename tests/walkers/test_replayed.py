"""The kinds of movement that were lost once, through the real firmware on the virtual rig, into a library."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.walkers import cases
from tests.walkers.harness import FAR_S, LENGTH_M, LENGTH_REL

from retrorig.cli import run
from retrorig.virtual.walkers.stage import GRID_S, Walk

EVERY = 5
"""Of the rows; the belt is straight over 10 ms."""

PLAN = """schema = 1
id = "two"
name = "Two of 3 m"

[[block]]
times = 2
distance_m = 3
rest = "until-move"
"""


def written(path: Path, walks: list[Walk]) -> Path:
    """The walks one after the other as a recording, each where the one before has left the belt."""
    belt_m = np.zeros(1)
    for walk in walks:
        belt_m = np.append(belt_m, belt_m[-1] + walk.belt_m[1:])
    pull_n = np.concatenate([[0.0], *(walk.pull_n[1:] for walk in walks)])
    rows = zip(np.arange(len(belt_m)) * GRID_S, belt_m, pull_n)
    lines = [f"{t:.3f},{x:.6f},{n:.3f}" for t, x, n in list(rows)[::EVERY]]
    path.write_text("\n".join(["time_s,belt_m,force_n", *lines]) + "\n")
    return path


@pytest.mark.timeout(300)  # two minutes of virtual time
def test_what_was_lost_once_is_in_the_library_as_it_was_walked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Steps that touch rest, stop and go, pulls held in vain, an elastic that draws back, out and pushed back."""
    walks = [
        cases.dip(0.75, steps_n=14),
        cases.dip(1.1, 0.5, 0.25, steps_n=10),
        cases.held_pulls(2.2, times=5),
        cases.rocks(1.0, 0.36, 0.08, steps_n=10),
        cases.out_and_back(4, 0.5),
    ]
    recording = written(tmp_path / "rec.csv", walks)
    assert run(["replay", str(recording), "--library", str(tmp_path / "library"), "--json"]) == 0
    out, said = capsys.readouterr()
    truths = [one for walk in walks for one in walk.truth.sets]
    for row, true in zip(json.loads(out), truths, strict=True):
        allowed_m = max(LENGTH_M, LENGTH_REL * true.backward_m)
        assert row["backward_m"] == pytest.approx(true.backward_m, abs=allowed_m)
        assert row["forward_m"] == pytest.approx(true.forward_m, abs=allowed_m)
        assert row["duration_s"] == pytest.approx(true.end_s - true.start_s, abs=FAR_S)
    assert "No count lost" in said


@pytest.mark.timeout(300)
def test_stop_and_go_reaches_the_targets_of_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.toml").write_text(PLAN)
    recording = written(tmp_path / "rec.csv", [cases.dip(1.1, 0.5, 0.25, steps_n=13)] * 2)
    words = ["--plan", str(tmp_path / "plan.toml"), "--library", str(tmp_path / "library"), "--json"]
    assert run(["replay", str(recording), *words]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["kind"], row["end_reason"]) for row in rows] == [("work", "target")] * 2
    assert [row["backward_m"] for row in rows] == pytest.approx([3.0] * 2, abs=0.02)
