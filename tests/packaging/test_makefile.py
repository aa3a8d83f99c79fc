"""What `make` does of its own accord where a checkout lies oddly."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-C", str(folder), *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A Makefile with an environment that seems ready; a folder's name may hold a blank."""
    folder = tmp_path / "my checkout"
    (folder / ".venv").mkdir(parents=True)
    shutil.copyfile(ROOT / "Makefile", folder / "Makefile")
    (folder / ".venv" / ".ready").write_text(f"{folder}\n")
    return folder


def test_an_environment_that_was_moved_is_made_anew(checkout: Path) -> None:
    assert make(checkout, "help").returncode == 0
    assert (checkout / ".venv").is_dir()
    moved = checkout.rename(checkout.with_name("moved"))
    assert make(moved, "help").returncode == 0
    assert not (moved / ".venv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_read_only_checkout_is_one_sentence(checkout: Path) -> None:
    checkout.chmod(0o500)
    try:
        done = make(checkout, "writable")
    finally:
        checkout.chmod(0o700)
    assert done.returncode and "copy the checkout" in done.stderr


def test_without_a_home_nothing_goes_to_the_root_folder(checkout: Path) -> None:
    (checkout / "more.mk").write_text("include Makefile\nhome:\n\t@echo home is $(HOME)\n")
    said = make(checkout, "-f", "more.mk", "home", HOME="").stdout
    assert f"home is {checkout}/build/home" in said


def test_without_a_network_one_sentence_says_what_to_look_for(checkout: Path) -> None:
    """Whatever kept the packages away: no line, a proxy, a certificate of the company's own."""
    (checkout / ".venv" / "bin").mkdir()
    for name, does in (("python", "true"), ("pip", "exit 1")):
        (checkout / ".venv" / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
        (checkout / ".venv" / "bin" / name).chmod(0o755)
    (checkout / "host_tools" / "locks").mkdir(parents=True)
    (checkout / "host_tools" / "locks" / "setup.lock").touch()
    done = make(checkout, ".venv/bin/uv")
    assert done.returncode and "could not be fetched: is there a network?" in done.stderr
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "HTTPS_PROXY" in readme and "SSL_CERT_FILE" in readme


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", []),
        ("reverse", ["--reverse"]),
        ("random", ["--randomly-seed=default"]),
        ("7", ["--randomly-seed=7"]),
    ],
)
def test_the_tests_order_is_what_was_asked_for(order: str, expected: list[str]) -> None:
    (line,) = [
        said for said in make(ROOT, "-n", "test", f"ORDER={order}").stdout.splitlines() if "pytest" in said
    ]
    assert [word for word in line.split() if "seed" in word or "reverse" in word] == expected


def test_each_commit_is_tried_in_an_order_of_its_own_that_is_printed() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    (line,) = re.findall(r"^order=.*$", script, re.MULTILINE)
    orders = {
        subprocess.check_output(["bash", "-c", f"git() {{ echo {commit}; }}; {line}; echo $order"], text=True)
        for commit in ("0" * 40, "00000001" + "f" * 32, "ffffffff" + "0" * 32)
    }
    assert orders == {"0\n", "1\n", f"{0xFFFFFFFF}\n"}
    assert 'make test ORDER="$order"' in script and 'ORDER=$order"\n' in script


@pytest.mark.parametrize("server", [{}, {"CI": "true"}], ids=["at home", "on a CI server"])
def test_properties_have_the_same_examples_every_day_and_new_ones_where_they_are_looked_for(
    server: dict[str, str],
) -> None:
    """Free examples that fail are kept in .hypothesis and tried first the next time."""
    here = {name: value for name, value in os.environ.items() if name != "CI"}
    said = {
        free: subprocess.check_output(
            [sys.executable, "-c", PROFILE],
            text=True,
            cwd=ROOT,
            env={**here, **server, "RETRORIG_FREE_SEEDS": free},
        )
        for free in ("", "1")
    }
    assert said[""] == "True None\n" and said["1"].startswith("False DirectoryBased")
    looking = make(ROOT, "-n", "test-faults").stdout
    assert "RETRORIG_FREE_SEEDS=1" in looking and "from|import) hypothesis" in looking


PROFILE = """
import hypothesis, tests.conftest
print(hypothesis.settings.default.derandomize, hypothesis.settings.default.database)
"""
