"""What a checkout gives away, to git or in a package, is the project's files and nothing that a person made there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

ROOT = Path(__file__).parents[2]

MADE_BY_PEOPLE = (
    "library/library.sqlite3",
    "my-library/library.sqlite3",
    "my-library/samples/rig=5feceb66ffc8/date=2026-11-29/a.parquet",
    "practice/library/library.sqlite3",
    "rig.bin",
    "calibration.json",
    "session.html",
    "sets.csv",
    "set.xlsx",
    "backup-of-my-sets",
    "host_tools/anna/library.sqlite3",
    "host_tools/anna/samples/rig=5feceb66ffc8/date=2026-11-29/a.parquet",
    "hardware/set.fit",
)
IN_FOLDERS_OF_THE_PROJECT = (
    "hardware/calibration.json",
    "hardware/session.html",
    "host_tools/anna/sets.csv",
    "host_tools/retrorig/backup-of-my-sets",
    "tests/sets.json",
)
"""Git can't tell these from the project's, the package can."""


def tracked() -> list[str]:
    """The project's files by what git says."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in listed.split("\0") if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which people have been at work; `rig` is the link that a dead `sim` left."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    for name in (*MADE_BY_PEOPLE, *IN_FOLDERS_OF_THE_PROJECT):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("Anna Berg")
    (copy / "rig").symlink_to("/dev/pts/of-a-rig-that-ended")
    return copy


def test_git_is_offered_nothing_that_people_made(checkout: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(checkout)], check=True)
    names = (*MADE_BY_PEOPLE, "rig")
    asked = subprocess.run(
        ["git", "-C", str(checkout), "check-ignore", *names], check=True, capture_output=True, text=True
    )
    assert set(asked.stdout.split()) == set(names)


def test_git_ignores_no_file_of_the_project() -> None:
    """Also those that a new rule hides from `git status` while they are still new."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--ignored", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout == ""


def test_the_source_package_holds_the_project_and_nothing_else(checkout: Path) -> None:
    packed = {file.distribution_path for file in SdistBuilder(str(checkout)).recurse_included_files()}
    project = {name for name in tracked() if not name.startswith(".")}
    assert packed - project <= {".gitignore"}
    assert project - packed == set()


def test_both_installers_are_given_the_same_package_and_the_extras_that_the_pages_use() -> None:
    """`.ci/run` runs the line of uv as printed."""
    page = (ROOT / "host_tools" / "INSTALL.md").read_text(encoding="utf-8")
    uv, pipx = (re.findall(rf'`{line} (".*?")`', page) for line in ("uv tool install", "pipx install"))
    assert uv == pipx and len(uv) == 1
    extras = set(re.findall(r"\[(.*)\]", uv[0])[0].split(","))
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert extras <= set(tomllib.load(file)["project"]["optional-dependencies"])
