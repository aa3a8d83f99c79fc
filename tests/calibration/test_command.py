"""`retrorig calibrate` and `retrorig tare` as typed, with answers from a pipe, and what they print."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.calibration.conftest import Workshop

from retrorig.calibration import board
from retrorig.cli import run
from retrorig.library import Library

WEIGHTS = [option for kg in (5, 10, 20) for option in ("--weight", f"{kg}kg")]


class Answers:
    """A pipe whose every line comes once the hand has done its deed."""

    def __init__(self, deeds: list[Any]) -> None:
        self._deeds = deeds

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return (self._deeds.pop(0)() or "") + "\n" if self._deeds else ""


@pytest.fixture
def at_rig(workshop: Workshop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retrorig.rig.open_rig", lambda url: workshop.rig.open_port())
    return workshop


@contextmanager
def answering(monkeypatch: pytest.MonkeyPatch, deeds: list[Any]) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", Answers(deeds))
        yield


def call(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    """(stdout, stderr) of a command, which must end with this status."""
    assert run(list(arguments)) == status
    return capsys.readouterr()


def hanging(workshop: Workshop) -> list[Any]:
    hand = workshop.hand()
    return [hand.hang(kg) for kg in (0, 5, 10, 20, 0)]


def test_from_the_prompts_to_the_printed_page(at_rig: Workshop, monkeypatch, capsys, tmp_path: Path) -> None:
    library = ("--library", str(tmp_path))
    with answering(monkeypatch, hanging(at_rig)):
        shown, asked = call(capsys, "calibrate", "force", *WEIGHTS, *library, "--person", "Ann")
    assert asked.count("press Enter") == 5 and "20kg: steady at +" in asked
    first = re.search(r"calibration +(\w{8})", shown)
    assert first and re.search(r"force a code +465\.\d+ uN +\+-0\.5\d %", shown)
    assert (
        sum("|" in line or "*" in line for line in shown.splitlines()) == 5
    )  # a line of the plot for each load
    hand = at_rig.hand()
    with answering(monkeypatch, [hand.nothing, hand.push(10)] * 3):
        shown, _ = call(capsys, "calibrate", "belt", "--length", "10m", *library, "--json")
    record = json.loads(shown)
    assert record["circumference_um"] == pytest.approx(250_000, rel=2e-4) and record["replaces"] == first[1]

    listed = json.loads(call(capsys, "calibrate", "list", *library, "--json")[0])
    assert [entry["id"] for entry in listed] == [first[1], record["id"]]
    assert "Ann" in call(capsys, "calibrate", "list", *library)[0].splitlines()[1]
    assert json.loads(call(capsys, "calibrate", "show", record["id"], *library, "--json")[0]) == record
    compared = call(capsys, "calibrate", "compare", first[1], record["id"], *library)[0]
    found_mm = record["circumference_um"] / 1000
    row = rf"circumference +243\.000 +{found_mm:.3f} +mm +\+?{(found_mm / 243 - 1) * 100:.2f}"
    assert re.search(row, compared) and "same" in compared
    page = tmp_path / "page.html"
    call(capsys, "calibrate", "certificate", first[1], "--output", str(page), *library)
    text = page.read_text(encoding="utf-8")
    assert first[1] in text and "Ann" in text and text.count("<circle") == 5 and "://" not in text

    saved = str(tmp_path / "rig.json")
    call(capsys, "calibrate", "backup", saved, *library)
    with answering(monkeypatch, [hand.nothing, hand.push(-0.4)]):
        call(capsys, "calibrate", "direction", *library)
    assert board.fetch(at_rig.client)["direction"] == -1
    assert record["id"] in call(capsys, "calibrate", "restore", saved, *library)[1]
    assert board.fetch(at_rig.client)["id"] == record["id"]
    assert json.loads(call(capsys, "tare", "--json")[0])["zero"] == pytest.approx(35_000, abs=200)


def test_when_the_answers_end_the_old_calibration_stays(
    at_rig: Workshop, monkeypatch, capsys, tmp_path: Path
) -> None:
    before = board.fetch(at_rig.client)
    for deeds in ([], hanging(at_rig)[:2]):
        with answering(monkeypatch, deeds):
            shown, told = call(capsys, "calibrate", "force", *WEIGHTS, "--library", str(tmp_path), status=2)
        assert not shown and told.splitlines()[-1].endswith("the old one stays in force.")
    at_rig.hand().hang(0)()
    assert board.fetch(at_rig.client) == before


def test_ctrl_c_leaves_the_old_calibration(at_rig: Workshop, monkeypatch, capsys, tmp_path: Path) -> None:
    def leave() -> str:
        raise KeyboardInterrupt

    before = board.fetch(at_rig.client)
    with answering(monkeypatch, [leave]):
        call(capsys, "calibrate", "force", *WEIGHTS, "--library", str(tmp_path), status=130)
    assert board.fetch(at_rig.client) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["force", "--weight", "5", "--weight", "10kg"], "'5' is no weight"),
        (["force", "--weight", "5kg", "--weight", "10kg"], "these are 2"),
        (["belt"], "either --length, as in --length 10m, or --turns"),
        (["belt", "--length", "10"], "'10' is no length"),
        (["show", "12345678"], "There is no calibration 12345678"),
        (["restore", "nowhere.json"], "There is no backup of a calibration nowhere.json"),
    ],
)
def test_bad_input_is_one_sentence(
    at_rig: Workshop, capsys, tmp_path, arguments: list[str], words: str
) -> None:
    with_library = [*arguments, "--library", str(tmp_path)]
    if arguments[0] == "show":
        Library(tmp_path, create=True).close()
    shown, told = call(capsys, "calibrate", *with_library, status=2)
    assert not shown and words in told and len(told.strip().splitlines()) == 1
