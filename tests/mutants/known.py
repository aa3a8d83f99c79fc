"""pytest's side: notes which tests pass on the code as it is and in what time, and runs those that were chosen.

`-p tests.mutants.known`, with the files named by the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.mutants.copies import CHOSEN, TOLD

_failed: set[str] = set()
_seconds: dict[str, float] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if path := os.environ.get(CHOSEN):
        chosen = set(json.loads(Path(path).read_text()))
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = [item for item in items if item.nodeid in chosen]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0) + report.duration
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = os.environ.get(TOLD)
    if path and not hasattr(session.config, "workerinput"):
        passed = {test: seconds for test, seconds in sorted(_seconds.items()) if test not in _failed}
        told = {"passed": passed, "failed": sorted(_failed)}
        Path(path).write_text(json.dumps(told))
