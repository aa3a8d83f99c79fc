"""The file that a person edits says what may be set, the editor is the one they chose, and half a change is none."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.host.fake_board import FakeBoard

from retrorig.config import as_text, change_settings, edited, from_text, listed, setting_named
from retrorig.config import editor as editor_module
from retrorig.errors import InputError, RigRefusedError
from retrorig.link.client import RigClient
from rigcore.settings_schema import AT_START, SETTINGS

DEFAULTS = {name: default for name, (default, _) in SETTINGS.items()}


def writing(folder: Path, name: str) -> str:
    """The command of an editor that puts its own name into the file that it is given."""
    program = folder / f"{name} the editor.py"
    program.write_text(f"import sys\nopen(sys.argv[-1], 'w').write({name!r} + ' '.join(sys.argv[1:-1]))\n")
    return f"'{sys.executable}' '{program}'"


@pytest.mark.parametrize(
    ("visual", "editor", "expected"),
    [(True, True, "visual"), (True, False, "visual"), (False, True, "editor"), (False, False, "default")],
)
def test_visual_comes_before_editor_and_editor_before_what_there_always_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visual: bool, editor: bool, expected: str
) -> None:
    monkeypatch.setattr(editor_module, "DEFAULT", writing(tmp_path, "default"))
    for name, is_set in (("VISUAL", visual), ("EDITOR", editor)):
        monkeypatch.setenv(name, writing(tmp_path, name.lower()) if is_set else "")
    assert edited("before") == expected


def test_the_editor_that_there_always_is() -> None:
    expected = "notepad" if sys.platform == "win32" else "vi"
    assert expected == editor_module.DEFAULT


def test_an_editor_may_have_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", writing(tmp_path, "mine") + " --wait")
    assert edited("before") == "mine--wait"


@pytest.mark.parametrize(
    ("command", "words"),
    [(f"'{sys.executable}' -c 'raise SystemExit(3)'", "status 3; nothing"), ("no-such-editor", "set EDITOR")],
)
def test_an_editor_that_fails_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, command: str, words: str
) -> None:
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(InputError, match=words) as raised:
        edited("before")
    assert "\n" not in str(raised.value)


def possible_text(name: str) -> str:
    possible = SETTINGS[name][1]
    return ", ".join(possible) if isinstance(possible, tuple) else f"{possible[0]} to {possible[-1]}"


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_stands_in_the_file_with_what_it_may_be(name: str) -> None:
    """Its value below a line with help, words or range, unit, default, and whether it waits for the next start."""
    setting = next(each for each in listed(DEFAULTS) if each.name == name)
    lines = as_text("r1", DEFAULTS).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name} = "))
    unit = f" {setting.unit}" if setting.unit else ""
    start = "; read when the rig starts" if name in AT_START else ""
    assert setting.help and setting.possible == possible_text(name)
    assert lines[at - 1] == (
        f"# {setting.help}: {possible_text(name)}{unit} (default {SETTINGS[name][0]}){start}"
    )
    assert from_text("\n".join(lines))[name] == setting.value == setting.default
    assert setting.words == (SETTINGS[name][1] if isinstance(SETTINGS[name][1], tuple) else ())
    assert setting.at_start == (name in AT_START)


def test_numbers_have_the_units_that_a_person_needs() -> None:
    units = {each.name: each.unit for each in listed({}) if each.unit}
    assert units == {"still_s": "s", "rate_sps": "conversions/s"}
    assert re.search(r"^# Settings of rig r1\.", as_text("r1", {}))


@pytest.mark.parametrize("text", ["number = ", "= 3", '"a', "number = done"])
def test_a_file_that_is_no_toml_changes_nothing_and_says_so_once(text: str) -> None:
    with pytest.raises(InputError, match=r"[^.]; nothing was changed\.$"):
        from_text(text)


def test_a_name_that_there_is_not_is_told() -> None:
    assert setting_named(DEFAULTS, "sound") == {"sound": "on"}
    with pytest.raises(InputError, match=r"no setting colour.*config list"):
        setting_named(DEFAULTS, "colour")


class Forgetful(FakeBoard):
    """Answers with other settings than it was given."""

    stored_instead: dict[str, Any]

    def do_put(self, n: int, *_: str) -> dict[str, Any]:
        return {"ok": 1}

    def _unknown(self, n: int, *args: str) -> dict[str, Any]:
        return {"ok": 1, "settings": self.stored_instead}


@pytest.mark.parametrize("instead", [{}, {"sound": "on"}, {"sound": "off", "volume": 4}])
def test_settings_that_the_rig_did_not_store_as_asked_are_refused(instead: dict[str, Any]) -> None:
    board = Forgetful()
    board.stored_instead = instead
    wanted = {"sound": "off", "volume": "3"}
    with pytest.raises(RigRefusedError, match="other settings") as raised:
        change_settings(RigClient(board), wanted)
    assert raised.value.code == "changed"
    board.stored_instead = {**DEFAULTS, "sound": "off", "volume": 3}
    assert change_settings(RigClient(board), wanted) == {"sound": "off", "volume": 3}


@pytest.mark.parametrize("wrong", [{"sound": "loud"}, {"colour": "red"}, {"volume": "9"}, {"volume": True}])
def test_what_can_not_be_is_refused_before_the_rig_is_asked(wrong: dict[str, Any]) -> None:
    board = Forgetful()
    with pytest.raises(InputError, match=r"[.]$"):
        change_settings(RigClient(board), {"number": "done", **wrong})
    assert board.executed == []
