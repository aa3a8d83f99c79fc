"""The file on the desktop: it starts this installation's desk, whatever the names of folders."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from retrorig.cli import run
from retrorig.desk import make_shortcut, shortcut

AWKWARD = 'my "sets" $HOME `id` 100% é\\n'


def words_of(line: str) -> list[str]:
    """What a shell makes of it, whose rules within double quotes are those of desktop entries."""
    told = subprocess.run(["sh", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


def test_linux_is_given_each_word_as_it_is(tmp_path: Path) -> None:
    path = make_shortcut(tmp_path / AWKWARD, "/dev/tty%d", tmp_path, "linux")
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment]
    entry.read(path, encoding="utf-8")
    line = entry["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    program, *words = [word.replace("%%", "%") for word in words_of(line)]
    assert words == ["desk", "--library", str(tmp_path / AWKWARD), "--port", "/dev/tty%d"]
    assert Path(program).parent == Path(sys.executable).parent and os.access(path, os.X_OK)


def test_macos_runs_a_script(tmp_path: Path) -> None:
    path = make_shortcut(tmp_path / AWKWARD, None, tmp_path, "darwin")
    assert words_of(path.read_text(encoding="utf-8").partition("exec ")[2])[1:] == [
        "desk",
        "--library",
        str(tmp_path / AWKWARD),
    ]


def test_windows_runs_a_batch_file(tmp_path: Path) -> None:
    path = make_shortcut(None, "COM3", tmp_path, "win32")
    assert path.suffix == ".cmd" and path.read_bytes().endswith(b" desk --port COM3\r\n")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_everybody_may_run_it_and_its_owner_alone_change_it(tmp_path: Path, platform: str) -> None:
    mode = make_shortcut(None, None, tmp_path, platform).stat().st_mode
    assert mode & 0o555 == 0o555 and mode & 0o222 == 0o200


def test_the_command_tells_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(kind, str(tmp_path))
    assert run(["desk", "--shortcut"]) == 0
    (made,) = tmp_path.rglob("retrorig desk.*")
    assert str(made) in capsys.readouterr().err
    monkeypatch.setattr("retrorig.desk.shortcut._desktop", lambda: tmp_path / "none")
    assert run(["desk", "--shortcut"]) == 2


@pytest.mark.parametrize(
    ("platform", "is_there", "place"),
    [("linux", True, "Desktop"), ("linux", False, "data/applications"), ("win32", False, "Desktop")],
)
def test_it_lies_on_the_desktop_or_in_linuxs_menu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, is_there: bool, place: str
) -> None:
    dirs = SimpleNamespace(
        user_desktop_dir=lambda: str(tmp_path / "Desktop"), user_data_dir=lambda: str(tmp_path / "data")
    )
    monkeypatch.setattr(shortcut, "platformdirs", dirs)
    monkeypatch.setattr(shortcut, "sys", SimpleNamespace(platform=platform, executable=sys.executable))
    if is_there:
        (tmp_path / "Desktop").mkdir()
    assert shortcut._desktop() == tmp_path / place
