"""The test runner for other interpreters: a failing test fails there too, and says where."""

import subprocess
import sys
from pathlib import Path

from tests.tools import micropython

ROOT = Path(__file__).parents[2]
GOOD = "def test_good():\n    assert 1 + 1 == 2\n"
BAD = "def test_bad():\n    x = 1\n    assert x == 2, 'no'\n"


def file_with(tmp_path, text):
    path = tmp_path / "test_it.py"
    path.write_text(text)
    return path


def test_tests_are_found_without_importing_the_file(tmp_path):
    path = file_with(tmp_path, "import no_such_module\n" + GOOD + BAD + "def helper():\n    pass\n")
    assert micropython.test_names(path) == ["test_good", "test_bad"]


def test_only_passing_tests_pass(tmp_path):
    path = file_with(tmp_path, GOOD + BAD)
    assert micropython.run_tests(path, ["test_good"]) is None
    failure = micropython.run_tests(path, ["test_good", "test_bad"])
    assert failure and "AssertionError: no" in failure and "line 5" in failure


def test_an_early_exit_is_not_a_pass(tmp_path):
    path = file_with(tmp_path, "import sys\ndef test_it():\n    sys.exit(0)\n")
    assert micropython.run_tests(path, ["test_it"]) is not None


def test_it_really_is_the_other_interpreter(tmp_path):
    path = file_with(
        tmp_path, "import sys\ndef test_it():\n    assert sys.implementation.name == 'micropython'\n"
    )
    assert micropython.run_tests(path, ["test_it"]) is None


def listed(*wanted):
    """What pytest lists of files or tests."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *wanted]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_each_firmware_test_is_collected_for_three_interpreters_and_called_by_the_name_that_is_listed():
    paths = sorted((ROOT / "tests" / "firmware").glob("test_*.py"))[::8]
    expected = {
        f"tests/firmware/{path.name}::{label}{name}"
        for path in paths
        for name in micropython.test_names(path)
        for label in ("", "narrow::", "micropython::")
    }
    found = listed(*(f"tests/firmware/{path.name}" for path in paths))
    assert set(found) == expected and len(found) == len(expected)
    some = sorted(expected)[::17]
    assert sorted(listed(*some)) == some
