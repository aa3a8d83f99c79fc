"""A missing package is asked for by the installer that is there, in a line that every shell understands."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from retrorig.extras import bringing


@pytest.mark.parametrize(
    "extra, package",
    [
        ("sheets", "xlsxwriter"),
        ("report", "jinja2"),
        ("live", "textual"),
        ("parquet", "pyarrow"),
        ("fit", "fit-tool"),
        ("flash", "esptool"),
    ],
)
def test_the_line_names_the_packages_of_the_extra(extra: str, package: str) -> None:
    program, *words = shlex.split(bringing(extra, Path("/home/anna/venv"), "/home/anna/my venv/python"))
    assert program == "/home/anna/my venv/python"
    assert words[:3] == ["-m", "pip", "install"]
    assert any(word.startswith(package) for word in words[3:])


def test_the_line_is_for_the_installer_that_made_the_installation(tmp_path: Path) -> None:
    pipx = tmp_path / "pipx"
    pipx.mkdir()
    (pipx / "pipx_metadata.json").touch()
    assert bringing("fit", pipx, "python").startswith("pipx inject retrorig ")
    (tmp_path / "uv-receipt.toml").touch()
    assert bringing("fit", tmp_path, "python").startswith("uv pip install --python ")
    assert bringing("fit", tmp_path / "other", sys.executable).startswith(
        f'"{sys.executable}" -m pip install '
    )


def test_quotes_are_right_for_cmd_and_powershell_too() -> None:
    """In cmd.exe a single quote is a letter, and < > would be files: what holds them stands in double quotes."""
    line = bringing("virtual", Path("/x"), "python")
    assert "'" not in line.replace("'linux'", "")
    outside = "".join(line.split('"')[::2])
    assert not set("<>|&;=") & set(outside)
