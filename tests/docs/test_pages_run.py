"""The pages' commands do what they say, as printed and in order."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.docs.pages import PROGRAMS, ROOT, Line
from tests.docs.playing import play

BUILDING = "hardware/BUILDING.md"
PLAYED = (
    BUILDING,
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
    listed = ""
    for line, status, text in play(page, monkeypatch):
        print(f"$ {line}\n{text}")
        assert status == 0, f"{line}\n{text}"
        for shown in shown_after(line):
            assert plain(shown) in plain(text), f"{line} shows {shown!r}, the command says\n{text}"
        if line.words[:2] == ("retrorig", "sets"):
            listed = text
    if page == BUILDING:
        ids = re.findall(r"^[0-9a-f]{12}-", listed, re.MULTILINE)
        assert len(ids) == 1, f"the walk-through leaves one practised set, not\n{listed}"
    made = {path.name for path in place.iterdir()} - {"host_tools", "home"}
    assert made <= {"practice"}, (
        "a page leaves things beside the practice folder, which git and packages know"
    )
    if "practice" in made:
        assert not list((place / "home").rglob("library*")), "nor anything among the reader's own sets"


def shown_after(line: Line) -> list[str]:
    """What the page prints below a command, up to the next empty line or command, without cut ends."""
    rows = (ROOT / line.page).read_text(encoding="utf-8").splitlines()[line.number :]
    found = []
    for row in rows:
        if not row.startswith("    ") or row.split()[0] in PROGRAMS:
            break
        found += [part for part in row.strip().split("...") if part]
    return found


def plain(text: str) -> str:
    """Without what differs from run to run: figures and the width of columns."""
    return re.sub(r"[\s+-]*[\d.]+[\d.:%e+-]*\s*", "#", " ".join(text.split()))
