"""The whole firmware on the virtual rig, once with the ESP32's number sizes and once with its lines counted."""

from pathlib import Path

import pytest
from tests.tools import micropython
from tests.tools.cover import CoveredFirmware
from tests.tools.narrow import narrow_files
from tests.walker_belt import WalkerBelt

from retrorig.library import Library
from retrorig.playback import ReplayResult, play_and_pull
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

ROOM = RigSettings(heap_kb=1024)  # for the probes; what the firmware itself needs is another test's matter
LEAST_PERCENT = 70  # under MicroPython alone; what only the host uses of the shared logic is in the total too


class ListeningPort(RigPort):
    """Fails with the board's own words as soon as an exception gets out of the firmware."""

    heard = b""

    def read(self, size: int = 1) -> bytes:
        data = super().read(size)
        self.heard += data
        if b"Traceback" in self.heard:
            self.timeout = 1.0
            raise AssertionError((self.heard + super().read(2000)).decode(errors="replace"))
        return data


class ListenedRig(VirtualRig):
    def open_port(self) -> RigPort:
        return ListeningPort(self.board, self.run_until_ns)


def play(files: dict[str, bytes], folder: Path) -> ReplayResult:
    """Two short sets, pulled."""
    belt = WalkerBelt(sets=2, distance_m=3.0, rest_s=5.0)
    with ListenedRig(belt, settings=ROOM, files=files) as rig:
        return play_and_pull(rig, belt, Library(folder, create=True))


def test_no_number_in_a_session_outgrows_the_chip(tmp_path):
    result = play(narrow_files(), tmp_path)
    assert len(result.new) == 2
    assert result.counts_lost == 0


@pytest.fixture(scope="module")
def covered(tmp_path_factory):
    return CoveredFirmware(tmp_path_factory.mktemp("covered"))


def test_most_lines_of_the_firmware_run_under_micropython(covered, tmp_path, request):
    """The lines are also handed to the coverage report of the whole test run, if one is made."""
    root = request.config.rootpath
    for path in sorted((root / "tests" / "firmware").glob("test_*.py")):
        assert micropython.run_tests(path, micropython.test_names(path), firmware=covered.folder) is None
    result = play(covered.files, tmp_path / "library")
    assert len(result.new) == 2
    percent, table = covered.report(root / "build" / "coverage" / ".coverage.micropython")
    assert percent >= LEAST_PERCENT, table
