"""Fault injection. A thin part runs with every test run; `--exhaustive` tries every single point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

_KEY = "faults tried"


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
        request.node.user_properties.append((_KEY, (what, n)))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Properties travel with the reports, also from parallel workers."""
    sums: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for key, value in getattr(report, "user_properties", []):
            if key == _KEY:
                sums[value[0]] = sums.get(value[0], 0) + value[1]
    if sums:
        terminalreporter.section("faults tried, nothing lost beyond the promise")
        for what, n in sums.items():
            terminalreporter.line(f"{n:7d}  {what}")
