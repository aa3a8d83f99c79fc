"""Fault injection. A thin part runs with every test run; `--exhaustive` tries every single point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tests.conftest import FAULTS_TRIED

PARTS_N = 6
"""The longest part takes some minutes; more parts, and what each must set up anew outweighs that."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In an exhaustive run each test with `thin` points is cut into parts, so that all cores have work to the end."""
    if "thin" in metafunc.fixturenames and metafunc.config.getoption("--exhaustive", default=False):
        metafunc.parametrize("thin", range(PARTS_N), indirect=True, ids=lambda part: f"part{part + 1}")


@pytest.fixture
def thin(request: pytest.FixtureRequest) -> Callable[[Sequence, int], Sequence]:
    """thin(points, keep): `keep` points or fewer, evenly spread; in an exhaustive run all, each in one of the parts."""
    part = getattr(request, "param", None)

    def choose(points: Sequence, keep: int) -> Sequence:
        stride = max(1, len(points) // keep)
        return points[stride // 2 :: stride][:keep] if part is None else points[part::PARTS_N]

    return choose


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """tried(what, n): faults that this test injected, for the summary."""

    def add(what: str, n: int) -> None:
        request.node.user_properties.append((FAULTS_TRIED, (what, n)))

    return add
