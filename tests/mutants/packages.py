"""What is mutated, package by package, and which tests are near to it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HOST, FIRMWARE = Path("host_tools/retrorig"), Path("firmware")
GOAL = 0.90
_UNTOUCHED = ("fonts", "mpy", "costs.py", "board.py", "__pycache__")
"""Pixels, what belongs to the simulated chip, its measured times to the nanosecond, and the builder's constants."""

_REQUESTS = tuple(
    f"tests/faults/test_{name}.py" for name in ("requests", "sending", "uploads", "told", "main_loop")
)
_DRAWN = tuple(
    f"tests/athlete/test_{name}.py" for name in ("pages", "large_pages", "summary", "settings_page")
)
_SHARED = (
    "tests/live/test_pace.py",
    "tests/live/test_shared.py",
    "tests/watch/test_watch.py",
    "tests/export/test_places.py",
    "tests/export/test_no_room.py",
    "tests/doctor/test_selftest.py",
    "tests/virtual/test_flash.py",
    "tests/flash/test_table.py",
)
"""Of what several packages use."""

_STORES = tuple(f"tests/faults/test_{name}.py" for name in ("store", "store_at_random", "aged_flash"))
_ON_RIG = (
    "tests/config",
    "tests/system",
    "tests/athlete/test_sessions.py",
    "tests/calibration/test_on_rig.py",
    "tests/faults/test_moments.py",
)


class Package(NamedTuple):
    """Sources below `path`, or right in it alone, and the tests that know its promises, quick ones first."""

    path: Path
    near: tuple[str, ...]
    goal: float = GOAL
    is_flat: bool = False

    def modules(self, root: Path) -> list[Path]:
        """Its sources, relative to the checkout."""
        found = sorted((root / self.path).glob("*.py" if self.is_flat else "**/*.py"))
        relative = [path.relative_to(root) for path in found]
        return [path for path in relative if not set(_UNTOUCHED) & set(path.parts)]


def _host(name: str, near: str, goal: float = GOAL) -> Package:
    return Package(HOST / name, tuple(near.split()), goal)


PACKAGES = {
    "rigcore": Package(FIRMWARE / "rigcore", ("tests/firmware", "tests/rigcore", *_STORES)),
    "drivers": Package(FIRMWARE / "drivers", ("tests/firmware", "tests/faults/test_files.py")),
    "app": Package(FIRMWARE / "app", ("tests/firmware", *_REQUESTS, *_DRAWN, *_ON_RIG)),
    "board": Package(FIRMWARE, ("tests/flash/test_update.py", *_ON_RIG), is_flat=True),
    "retrorig": Package(HOST, ("tests/host", "tests/api", *_SHARED), is_flat=True),
    "calibration": _host(
        "calibration",
        "tests/measure/test_calibration.py tests/library/test_kept_calibrations.py tests/calibration",
    ),
    "cli": _host(
        "cli",
        "tests/host tests/library tests/calibration tests/config tests/docs tests/live tests/progress",
        0.75,
    ),
    "config": _host("config", "tests/config"),
    "desk": _host("desk", "tests/desk"),
    "discovery": _host("discovery", "tests/discovery"),
    "doctor": _host("doctor", "tests/doctor"),
    "export": _host("export", "tests/export tests/host/test_texts.py"),
    "firmware_build": _host(
        "firmware_build",
        "tests/host/test_firmware_build.py tests/host/test_firmware_names.py tests/host/test_firmware_pack.py "
        "tests/packaging",
    ),
    "flash": _host("flash", "tests/flash"),
    "library": _host("library", "tests/library tests/host/test_library.py tests/host/test_pull.py"),
    "link": _host(
        "link",
        "tests/host/test_client.py tests/host/test_ports.py tests/host/test_pull.py tests/host/test_frames.py "
        "tests/host/test_describe.py tests/host/test_standing.py tests/host/test_log.py tests/host/test_upload.py "
        "tests/host/test_answers.py tests/host/test_pull_notices.py tests/live/test_pace.py tests/discovery "
        "tests/watch tests/faults/test_endless_boards.py tests/faults/test_cable.py tests/faults/test_names.py",
    ),
    "live": _host("live", "tests/live"),
    "measure": _host("measure", "tests/measure tests/host/test_measure.py"),
    "plans": _host("plans", "tests/athlete"),
    "progress": _host("progress", "tests/progress"),
    "publish": _host("publish", "tests/publish"),
    "report": _host("report", "tests/report tests/host/test_report.py"),
    "virtual": _host("virtual", "tests/virtual tests/walkers tests/athlete/test_mirror.py"),
    "watch": _host("watch", "tests/watch"),
}
