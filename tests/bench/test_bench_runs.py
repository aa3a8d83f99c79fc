"""The bench's peers and what measures them run on today's tables and sources; `make bench` alone says how long."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from tests.bench import (
    cost_scripts,
    ends_rows,
    hindsight_rows,
    library_rows,
    season_rows,
    speed_rows,
)
from tests.bench.__main__ import GROUPS
from tests.bench.cost_rows import allocated
from tests.bench.motions import motions
from tests.bench.peers.pandas_set import pandas_set
from tests.library.big_library import FIRST, make
from tests.measure.thin_rig import Errors, record
from tests.measure.walks import Gait, Walk

from retrorig import Library
from retrorig.measure.metrics import measure

SETS_N = 12


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "library"
    make(folder, SETS_N)
    return folder


def carried_out(program: str, arguments: list[object], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a peer's script prints, run as a program of its own would be."""
    out = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["-c", *map(str, arguments)])
        patch.setattr(sys, "stdout", out)
        exec(compile(program, "peer", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def test_the_library_s_peers_find_the_columns_they_name(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "sets.csv"
    library_rows.write_table(library, table)
    listed = json.loads(carried_out(library_rows.LIST, [table], monkeypatch))
    assert len(listed) == SETS_N
    label = listed[0]["label"]
    filtered = json.loads(carried_out(library_rows.FILTER, [table, label, FIRST.isoformat()], monkeypatch))
    assert filtered == [row for row in listed if row["label"] == label]


def test_the_season_s_peers_find_the_columns_they_name(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = season_rows.newest(library)
    with Library(library) as opened:
        opened.export(newest, "csv", tmp_path)
    page = tmp_path / "page.html"
    carried_out(season_rows.REPORT, [tmp_path, 1, page], monkeypatch)
    assert "<svg" in page.read_text() and "speed_mps" in page.read_text()
    computed = carried_out(season_rows.RECOMPUTE, [tmp_path], monkeypatch)
    assert len(list(csv.reader(io.StringIO(computed)))) == 1 + len(newest)


@pytest.mark.parametrize(
    "name", ["OURS_CALLBACK", "OURS_MAIN", "OURS_LOG", "PEER", "PEER_STRUCT", "PEER_CSV"]
)
def test_what_callgrind_counts_runs_on_today_s_firmware(name: str) -> None:
    script = getattr(cost_scripts, name).replace("EDGES", "5")
    assert allocated(f"N = 2\n{script}") > 0


def test_every_group_has_rows() -> None:
    assert len(GROUPS) >= 20 and all(callable(group.rows) for group in GROUPS.values())


def test_speed_ends_and_hindsight_are_compared_with_their_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends_rows, "PUSHES_N", 2)
    rows = [*speed_rows.of_motion(motions()[1], 1), *ends_rows.of_sway("still", 0.0)]
    assert {"best Kalman filter", "period 1/T", "M/T", "Theil-Sen parabola"} < {row.peer for row in rows}
    assert all(row.value == row.value for row in rows), "no figure is missing"
    assert hindsight_rows.of_walker(0) is not None


def test_a_coach_s_script_finds_what_we_find_to_some_per_cent() -> None:
    (raw,) = record(Walk(Gait(steps=16)), Errors(), 86.0, 1)
    peer, ours = pandas_set(raw), measure(raw)
    for key in ("backward_m", "duration_s", "mean_speed_mps", "mean_force_n", "work_j"):
        assert peer[key] == pytest.approx(ours[key], rel=0.15), key
