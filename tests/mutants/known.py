"""pytest's side: notes which tests pass on the code as it is, and runs those alone that somebody chose.

`-p tests.mutants.known`, with the files named by the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.mutants.copies import CHOSEN, TOLD

_failed: set[str] = set()
_passed: set[str] = set()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if path := os.environ.get(CHOSEN):
        chosen = set(json.loads(Path(path).read_text()))
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = [item for item in items if item.nodeid in chosen]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    (_failed if report.failed else _passed).add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = os.environ.get(TOLD)
    if path and not hasattr(session.config, "workerinput"):
        told = {"passed": sorted(_passed - _failed), "failed": sorted(_failed)}
        Path(path).write_text(json.dumps(told))
