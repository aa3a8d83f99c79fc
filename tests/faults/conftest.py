"""Fault injection. A thin part runs with every test run; `--exhaustive` tries every single point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tests.conftest import FAULTS_TRIED


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="fault injection at every single point")


@pytest.fixture
def thin(request: pytest.FixtureRequest) -> Callable[[Sequence, int], Sequence]:
    """thin(points, keep): all points in an exhaustive run, else about `keep` of them, evenly spread."""
    is_exhaustive = request.config.getoption("--exhaustive", default=False)

    def choose(points: Sequence, keep: int) -> Sequence:
        return points if is_exhaustive else points[:: max(1, len(points) // keep)]

    return choose


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """tried(what, n): faults that this test injected, for the summary."""

    def add(what: str, n: int) -> None:
        request.node.user_properties.append((FAULTS_TRIED, (what, n)))

    return add
