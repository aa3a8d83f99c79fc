"""What every command does unless it is told otherwise, and what those that ask a rig print; on a rig of a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace as Facts
from typing import Any

import pytest
from tests.docs.commands import leaves

from retrorig.calibration.belt import Marked, Turned
from retrorig.calibration.taring import Tare
from retrorig.calibration.units import Quantity
from retrorig.cli import run
from retrorig.config import listed
from retrorig.library import Library
from retrorig.publish.publishing import PublishResult

COMMANDS: dict[str, Any] = {" ".join(path): command for path, command in leaves()}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_switch_that_is_not_given_is_off_and_a_number_one_that_may_be_given(name: str) -> None:
    """Who writes nothing wants a table for people, asking before what can't be undone, and comparing with before."""
    command = COMMANDS[name]
    context = command.context_class(command)
    for option in command.params:
        default = option.get_default(context)
        low, high = (getattr(option, bound, None) for bound in ("min", "max"))
        if getattr(option, "is_flag", False):
            assert not default, option.name
        elif default is not None and (low, high) != (None, None):
            assert (low is None or low <= default) and (high is None or default <= high), option.name


SETTINGS: dict[str, Any] = {each.name: each.default for each in listed({})}


class Rig:
    """Stores what it is given; its cell has moved since it was calibrated."""

    def __init__(self) -> None:
        self.stored = dict(SETTINGS)

    def hello(self) -> dict[str, Any]:
        return {"rig": "aabbccddeeff"}

    def settings(self) -> dict[str, Any]:
        return self.stored

    def change_settings(self, on_wait: Any, **changes: Any) -> dict[str, Any]:
        self.stored |= changes
        return changes

    def tare(self) -> Tare:
        return Tare(31_000, 45.0)

    def pull(self, library: Any, report: Any) -> Facts:
        return Facts(new=[], notices=["The clock was set back."])


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    made = Rig()

    @contextmanager
    def connect(port: str | None) -> Iterator[Rig]:
        assert port == "/dev/a"
        yield made

    for command in ("config", "tare", "pull"):
        monkeypatch.setattr(import_module(f"retrorig.cli.{command}"), "connect", connect)
    return made


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[Any, str, str]:
    """What a command prints as JSON, and to people on both streams."""
    told = []
    for more in (["--json"], []):
        assert run([*words, *more, "--port", "/dev/a"]) == 0
        told.append(capsys.readouterr())
    return json.loads(told[0].out), told[1].out, told[1].err


def test_settings_are_told_to_programs_and_to_people(
    rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    values, table, _ = said(capsys, "config", "list", "--wide")
    assert values == SETTINGS
    assert [line.split()[0] for line in table.splitlines()] == ["setting", *SETTINGS]
    assert said(capsys, "config", "get", "sound") == ({"sound": "on"}, "sound  on\n", "")
    values, text, notice = said(capsys, "config", "set", "sound", "off")
    assert (values, text.split(), notice) == ({"sound": "off"}, ["sound", "off"], "")
    assert "when the rig starts next" in said(capsys, "config", "set", "display", "sh1106")[2]
    edits = iter(['sound = "on"\nmirror = "on"', 'sound = "on"\nmirror = "off"'])
    monkeypatch.setattr("retrorig.cli.config.edited", lambda text: next(edits))
    values, text, _ = said(capsys, "config", "edit")
    assert values == {"sound": "on", "mirror": "on"} and text.split() == ["mirror", "off"], (
        "what differs alone"
    )
    monkeypatch.setattr("retrorig.cli.config.edited", lambda text: text)
    assert run(["config", "edit", "--port", "/dev/a"]) == 0
    assert capsys.readouterr() == ("", "Nothing was changed.\n")


def test_a_tare_is_told_with_its_doubt(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    values, text, notice = said(capsys, "tare")
    assert values == {"zero": 31_000, "moved_n": 45.0} and text == ""
    assert notice.splitlines()[0] == "Zero force is code 31000 now." and "+45 N" in notice.splitlines()[1]


def test_what_a_pull_noticed_is_told_beside_the_sets(
    rig: Rig, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    values, _, notice = said(capsys, "pull", "--library", str(tmp_path / "library"))
    assert values == [] and "The clock was set back." in notice


def test_what_was_published_is_told_to_programs_and_to_people(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, asked = import_module("retrorig.cli.library_publish"), list[Any]()

    def publish(
        library: Library, target: str, files: str | None, progress: Any, **options: Any
    ) -> PublishResult:
        asked.append((target, files, options))
        return PublishResult(
            sent_n=3, removed_n=1, compacted_n=2 * bool(files), notices=["Another site has one."]
        )

    monkeypatch.setattr(module, "publish_library", publish)
    Library(tmp_path / "library", create=True).close()
    words = ["library", "publish", "postgresql://db/x", "--library", str(tmp_path / "library")]
    assert run(words) == 0
    told = capsys.readouterr()
    assert told.out == "" and told.err == "Another site has one.\nSets sent: 3. Taken away: 1.\n"
    more = ["--files", "/shared", "--site", "north", "--no-names", "--compact", "--json"]
    assert run([*words, *more]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["sent_n"] == 3 and "Files made one: 2." in told.err
    assert asked == [
        ("postgresql://db/x", None, {"site_name": None, "has_names": None, "is_compacting": False}),
        ("postgresql://db/x", "/shared", {"site_name": "north", "has_names": False, "is_compacting": True}),
    ]


class Procedure:
    """Takes what it is asked for and makes no calibration."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def belt(self, by: Any, repeats: int, is_new_roller: bool) -> dict[str, Any]:
        self.asked = [by, repeats, is_new_roller]
        return {}

    def force(self, weights: Any, pm_rel: float, is_new_cell: bool) -> dict[str, Any]:
        self.asked = [[weight.value for weight in weights], pm_rel, is_new_cell]
        return {}

    def direction(self) -> None:
        self.asked = ["direction"]


MARKED = Marked(Quantity("10m", 10_000.0), Quantity("10mm", 10.0))
TURNED = Turned(4, None, Quantity("0.5mm", 0.5))
ROUND = Turned(4, Quantity("25cm", 250.0), Quantity("1mm", 1.0))


@pytest.mark.parametrize(
    ("words", "asked", "begun"),
    [
        ("belt --length 10m", [MARKED, 3, False], [None, False]),
        ("belt --length 10m --repeats 7 --new-roller --follow", [MARKED, 7, True], [None, True]),
        ("belt --turns 4 --person Ann", [TURNED, 3, False], ["Ann", False]),
        ("belt --turns 4 --circumference 25cm --circumference-pm 1mm", [ROUND, 3, False], [None, False]),
        ("force --weight 5N --weight 1kg", [[5.0, 9.80665], 0.005, False], [None, False]),
        ("force --weights-pm 2 --new-cell --follow", [[], 0.02, True], [None, True]),
        ("direction --follow --person Ann", ["direction"], ["Ann", True]),
    ],
)
def test_a_calibration_is_begun_as_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    asked: list[Any],
    begun: list[Any],
) -> None:
    made, module = Procedure(), import_module("retrorig.cli.calibrate.making")
    found: list[Any] = []

    def calibrating(library: Any, person: Any, name: str | None, follow: bool) -> Procedure:
        found.extend((name, follow))
        return made

    @contextmanager
    def opened(port: str | None, library: Path | None) -> Iterator[tuple[Any, Any]]:
        yield Facts(calibrating=calibrating), None

    monkeypatch.setattr(module, "opened_rig", opened)
    monkeypatch.setattr(module, "print_record", lambda record, as_json: print(record, as_json))
    assert run(["calibrate", *words.split()]) == 0
    assert (made.asked, found) == (asked, begun)
    told = capsys.readouterr()
    assert told.out == ("" if asked == ["direction"] else "{} False\n")
    assert ("right already; nothing was changed" in told.err) == (asked == ["direction"])
    assert run(["calibrate", *words.split(), "--json"]) == 0
    assert capsys.readouterr().out == ("null\n" if asked == ["direction"] else "{} True\n")
