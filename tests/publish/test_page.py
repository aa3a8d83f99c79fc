"""The page for several sites does what it says, as printed: from the first site to the third."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.playing import play
from tests.publish.postgres import OWNER, PASSWORD, Server
from tests.publish.target import Target


@pytest.mark.timeout(600)  # minutes of virtual time, on a computer that may be busy
def test_a_reader_comes_from_the_first_site_to_the_third(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.make_database("sites")
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("HOST", "127.0.0.1"),
        ("PORT", str(postgres.port)),
        ("USER", OWNER),
        ("PASSWORD", PASSWORD),
    ):
        monkeypatch.setenv(f"PG{name}", value)
    said = []
    for line, status, text in play("host_tools/SITES.md", monkeypatch):
        print(f"$ {line}\n{text}")
        assert status == 0, f"{line}\n{text}"
        said.append((" ".join(line.words), text))
    target = Target(postgres, "sites", tmp_path / "practice" / "files")
    assert target.column("SELECT name FROM retrorig.sites ORDER BY name") == ["North", "South", "West"]
    assert target.column("SELECT name FROM retrorig.people ORDER BY name") == ["Bruno"]
    (again,) = [
        text
        for words, text in said
        if words == "retrorig library publish postgresql:///sites --library practice/south"
    ]
    assert "Sets sent: 0. Taken away: 0." in again
    (listed,) = [text for asked, text in said if asked.startswith("retrorig sets")]
    assert "Bruno" in listed and "Carla" not in listed
    assert (tmp_path / "practice" / "last.csv").is_file()
