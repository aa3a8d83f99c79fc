"""Every command that takes sets is told which in the same words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.docs.commands import leaves
from tests.library.libraries import fill, walk

from retrorig.cli import run
from retrorig.cli.choosing import FILTERS

COMMANDS = {
    "sets": "", "show": "", "edit": "--rpe 3", "report": "--output {folder}/x.html",
    "export": "--output {folder}/x.csv",
    "day": "", "trend": "", "sides": "", "fatigue": "", "quality": "", "drag": "", "profile": "",
    "library recompute": "", "delete": "", "hide": "",
}  # fmt: skip


OTHERWISE = {"edit": {"--athlete": "--of", "--machine": "--made-on", "--tag": "--tagged"}}
"""Where a command's own option has the name."""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_are_those_of_every_other_command(name: str) -> None:
    (command,) = [found for path, found in leaves() if path == tuple(name.split())]
    options = {option for each in command.params for option in each.opts}  # type: ignore[attr-defined]
    called = OTHERWISE.get(name, {})
    assert {called.get(f"--{one}", f"--{one}") for one in FILTERS} | {"words"} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_athlete_is_an_error_with_the_nearest_one(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "library", walk(1, athlete="a1"), people=("Anna Berg", "Ben"))
    words = [*name.split(), *COMMANDS[name].format(folder=tmp_path).split()]
    option = OTHERWISE.get(name, {}).get("--athlete", "--athlete")
    assert run([*words, option, "Ana Berk", "--library", str(tmp_path / "library")]) == 2
    out, told = capsys.readouterr()
    assert not out and "nearest is Anna Berg" in told and told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


def test_words_stand_for_sets_of_a_day_and_of_a_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_ms = round(time.time() * 1000)
    fill(tmp_path, walk(1, start_unix_ms=now_ms - 3 * 86_400_000), walk(2, start_unix_ms=now_ms))
    for word, numbers in (("today", "2"), ("last", "2"), ("last-1", "1"), ("1..2", "12"), ("LAST..1", "12")):
        assert run(["sets", word, "--columns", "set_id", "--library", str(tmp_path)]) == 0
        assert "".join(line[-1] for line in capsys.readouterr().out.splitlines()[1:]) == numbers
