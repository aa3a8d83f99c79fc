"""What the Library page tells of rigs over time: drag day by day, clocks, and the files for other programs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.desk.test_troubles import asked, done
from tests.progress.haul import DAY_MS, MONDAY_MS, Haul, blob

from retrorig import SetRow
from retrorig.desk.settings import DeskSettings, write_settings
from retrorig.library import Library
from retrorig.library.clocks import Boot

C0_N, C1_NS_PER_M, HEAVIER_N = 150.0, 30.0, 40.0
SETS_N = 6
LBF_N = 4.448222  # by definition


@pytest.fixture(scope="module")
def sledded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days with one sled, which drags HEAVIER_N more on the second; and a set with another one."""
    folder = tmp_path_factory.mktemp("rigs") / "library"
    with Library(folder, create=True) as made:
        for no in range(1, 2 * SETS_N + 1):
            day, place = divmod(no - 1, SETS_N)
            haul = Haul(
                speed_mps=(0.7, 1.0, 1.3)[place % 3], distance_m=12.0,
                c0_n=C0_N + HEAVIER_N * day, c1_ns_per_m=C1_NS_PER_M,
                start_ms=MONDAY_MS + 7 * DAY_MS * day + 120_000 * place, seed=no, noise_n=2.0,
                header={"no": no, "machine": "sled", "athlete": f"a{no % 2 + 1}"},
            )  # fmt: skip
            made.add_set(blob(haul))
        other = {"no": 1, "rig": "another", "machine": "sled", "athlete": "a1"}
        made.add_set(blob(Haul(start_ms=MONDAY_MS - DAY_MS, header=other)))
        for hour, off_ms in enumerate((0, 0, 3_600_000)):
            board_us = hour * 3_600_000_000
            made.clocks.add(Boot("rr-test", 0, 3), board_us, MONDAY_MS + board_us / 1000 + off_ms, 2000)
    return folder


def table(folder: Path, path: str) -> list[list[str]]:
    """The rows of the table that a button of the Library page brings."""
    with asked(folder) as client:
        text = done(client, path)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    assert found, text
    return found[1:]


def test_a_sled_that_drags_more_than_before_is_seen(sledded: Path) -> None:
    first, second = table(sledded, "/library/drag")
    for row, truth_n in ((first, C0_N + C1_NS_PER_M), (second, C0_N + HEAVIER_N + C1_NS_PER_M)):
        drag_n, pm_n = map(float, row[2].split(" ± "))
        assert row[1] == str(SETS_N) and abs(drag_n - truth_n) < pm_n
    assert abs(float(second[3]) - HEAVIER_N) < float(second[4]) < HEAVIER_N
    assert first[3:] == ["–", "–"]


def test_the_user_s_unit_of_force_is_that_of_every_number(sledded: Path, tmp_path: Path) -> None:
    shutil.copytree(sledded, tmp_path / "library")
    write_settings(tmp_path / "library", DeskSettings(force="lbf"))
    _, second = table(tmp_path / "library", "/library/drag")
    drag, pm = (float(text) * LBF_N for text in second[2].split(" ± "))
    assert abs(drag - (C0_N + HEAVIER_N + C1_NS_PER_M)) < pm + 0.05 * LBF_N
    assert abs(float(second[3]) * LBF_N - HEAVIER_N) < float(second[4]) * LBF_N + 0.05 * LBF_N < HEAVIER_N


def test_a_rig_with_too_few_days_is_told_so(sledded: Path) -> None:
    with asked(sledded) as client:
        assert "A history needs two days" in done(client, "/library/drag", "rig=another")


def test_of_many_rigs_one_s_sets_alone_are_loaded(sledded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a federation's at once would not fit into a laptop's memory."""
    loaded: list[set[str]] = []
    sets = Library.sets

    def noted(library: Library, **chosen: Any) -> list[SetRow]:
        rows = sets(library, **chosen)
        loaded.append({row.rig_id for row in rows})
        return rows

    with asked(sledded) as client:
        monkeypatch.setattr(Library, "sets", noted)
        done(client, "/library/drag")
        done(client, "/library/drag", "rig=another")
    assert {"another"} in loaded and [rigs for rigs in loaded if len(rigs) != 1] == []


def test_the_clock_that_a_wrong_computer_contradicted_is_told(sledded: Path) -> None:
    ((rig, boot, exchanges, hours, drift, wrong),) = table(sledded, "/library/clocks")
    assert (rig, boot, exchanges, hours, wrong) == ("rr-test", "3", "3", "1.0", "1")
    value, pm = map(float, drift.split(" ± "))
    assert abs(value) <= pm


def test_the_files_for_other_programs_are_written(sledded: Path) -> None:
    with asked(sledded) as client:
        assert f"Files written: {2 * SETS_N + 1}" in done(client, "/library/samples")
    assert len(list(sledded.rglob("*.parquet"))) == 2 * SETS_N + 1
