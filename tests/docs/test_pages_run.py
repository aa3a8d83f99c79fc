"""The pages' commands do what they say, as printed and in order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.docs.pages import ROOT
from tests.docs.playing import play

PLAYED = (
    "hardware/BUILDING.md",
    "firmware/ATHLETE.md",
    "host_tools/COACH.md",
    "host_tools/TROUBLESHOOTING.md",
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's folder, with the checkout's recordings in it and a home of its own."""
    os.symlink(ROOT / "host_tools", tmp_path / "host_tools")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.timeout(600)  # minutes of virtual time, on a computer that may be busy
@pytest.mark.parametrize("page", PLAYED)
def test_a_reader_who_follows_a_page_succeeds(
    page: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line, status, text in play(page, monkeypatch):
        print(f"$ {line}\n{text}")
        assert status == 0, f"{line}\n{text}"
    made = {path.name for path in place.iterdir()} - {"host_tools", "home"}
    assert made <= {"practice"}, (
        "a page leaves things beside the practice folder, which git and packages know"
    )
    if "practice" in made:
        assert not list((place / "home").rglob("library*")), "nor anything among the reader's own sets"
