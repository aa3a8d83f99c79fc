"""The systemd unit says what the user said, whatever is in the names."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

import pytest

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.watch import EventLog, WatchEvent, install_unit

FOLDER = '/srv/the "big" room 100 %/$HOME'


def test_the_unit_runs_the_watch_of_that_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = install_unit(FOLDER, ["/dev/rig one", "/dev/rig2"], platform="linux")
    assert path == tmp_path / "systemd" / "user" / "retrorig-watch.service"
    unit = configparser.RawConfigParser()
    unit.read_string(path.read_text(encoding="utf-8"))
    words = shlex.split(unit["Service"]["ExecStart"].replace("%%", "%").replace("$$", "$"))
    assert words[1:] == ["watch", "--library", FOLDER, "--port", "/dev/rig one", "--port", "/dev/rig2"]
    assert Path(words[0]).is_absolute()
    assert unit["Service"]["Restart"] == "always"


def test_without_wishes_the_unit_watches_whatever_is_plugged_in_and_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder that systemd has for users who have set no other."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda: str(tmp_path))
    install_unit(FOLDER, ["/dev/rig1"], platform="linux")
    path = install_unit(platform="linux")
    assert path == tmp_path / "systemd" / "user" / "retrorig-watch.service"
    unit = configparser.RawConfigParser()
    unit.read_string(path.read_text(encoding="utf-8"))
    assert shlex.split(unit["Service"]["ExecStart"])[1:] == ["watch"]
    assert 1 <= int(unit["Service"]["RestartSec"]) <= 60


def test_elsewhere_a_page_says_what_to_do() -> None:
    with pytest.raises(InputError, match=r"SITES\.md"):
        install_unit(platform="win32")


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert run(["watch", "--install"]) == 2
    out, told = capsys.readouterr()
    assert not out
    assert told.count("\n") == 1
    assert "can't be written" in told


@pytest.mark.parametrize("place", ["file", "file/library", "folder"])
def test_a_place_in_which_no_log_can_be_written_is_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "watch.log").mkdir(parents=True)
    with pytest.raises(InputError, match=r"watch\.log can't be written \(.+\): choose another --library\.$"):
        EventLog(tmp_path / place)


def test_the_log_keeps_the_newest_events_and_survives_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("retrorig.watch.event_log.BYTES_MAX", 2000)
    log = EventLog(tmp_path / "library")
    for number in range(100):
        log.write(WatchEvent("pulled", "/dev/ttyUSB0", "r1", f"{number} new sets."))
    written = (tmp_path / "library" / "watch.log").read_text()
    assert "99 new sets." in written
    assert len(written) <= 2000
    assert len(list((tmp_path / "library").iterdir())) == 2
    log.close()
    full = EventLog(tmp_path / "library")
    assert full._handler.stream
    full._handler.stream.close()
    monkeypatch.setattr(full._handler, "stream", _Full())
    full.write(WatchEvent("trouble", "/dev/ttyUSB0", "r1", "The disk has no room."))
    assert capsys.readouterr() == ("", "")


class _Full:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        pass

    def seek(self, *_: int) -> int:
        return 0

    def tell(self) -> int:
        return 0

    def close(self) -> None:
        pass
