"""Coverage under MicroPython: the probes see each executed line, and change nothing else."""

import subprocess

import pytest
from coverage import Coverage
from tests.tools.cover import CoveredFirmware, covered

from retrorig.virtual.cpu import interpreter

SOURCE = '''"""Doc."""
LIMIT = 3


class Counter:
    """Counts."""

    step = 1

    def __init__(self):
        self.n = 0

    def up(self, by):
        try:
            for _ in range(by):
                self.n += self.step
            if self.n > LIMIT:
                raise ValueError("too many")
            elif self.n == LIMIT:
                print("full")
            else:
                return self.n
        except ValueError as error:
            print(error)
        finally:
            by = 0
        while by:
            print("never")
        return None


counter = Counter()
print([counter.up(2), counter.up(1)])
'''
EXECUTED = {2, 5, 8, 10, 11, 13, 14, 15, 16, 17, 19, 20, 22, 26, 27, 29, 32, 33}
NOT_EXECUTED = {18, 23, 24, 28}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A firmware of one file, covered, and the folder of the original."""
    (tmp_path / "firmware").mkdir()
    (tmp_path / "firmware" / "main.py").write_text(SOURCE)
    monkeypatch.setattr("retrorig.board_files.root", lambda: tmp_path / "firmware")
    (tmp_path / "covered").mkdir()
    return CoveredFirmware(tmp_path / "covered")


def run(file):
    done = subprocess.run(
        [interpreter(), "main.py"], cwd=file.parent, capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr


def test_lines_that_ran_are_told_and_no_others(tiny, tmp_path):
    assert run(tiny.folder / "main.py") == run(tmp_path / "firmware" / "main.py") == ("full\n[2, None]\n", "")
    (lines,) = tiny.lines().values()
    assert lines == EXECUTED


def test_lines_of_several_runs_add_up(tiny):
    (tiny.folder / "main.py").write_text(covered(SOURCE.replace("counter.up(1)", "counter.up(3)")))
    run(tiny.folder / "main.py")
    (lines,) = tiny.lines().values()
    assert lines >= EXECUTED - {20} | {18, 23, 24}


def test_coverage_py_understands_the_data(tiny, tmp_path):
    run(tiny.folder / "main.py")
    percent, table = tiny.report(tmp_path / ".coverage")
    assert "18, 23-24, 28" in table
    assert percent == pytest.approx(100 * len(EXECUTED) / len(EXECUTED | NOT_EXECUTED))
    coverage = Coverage(data_file=str(tmp_path / ".coverage"))
    coverage.load()
    _, statements, _, missing, _ = coverage.analysis2(str(tmp_path / "firmware" / "main.py"))
    assert set(missing) == NOT_EXECUTED
    assert set(statements) == EXECUTED | NOT_EXECUTED


def test_a_probe_in_an_interrupt_allocates_nothing(tiny):
    (tiny.folder / "main.py").write_text(
        "import micropython\nfrom cover_probe import hit\nmicropython.heap_lock()\nhit(7)\nhit(7)\n"
    )
    assert run(tiny.folder / "main.py") == ("", "")
    (lines,) = tiny.lines().values()
    assert lines == {7}
