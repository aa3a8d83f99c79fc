"""What all tests of the doctor share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to be waited for."""
    for name, seconds in (("TURN_LIMIT_S", 2.5), ("TURN_STILL_S", 0.3), ("PULL_S", 2.0), ("QUIET_S", 2.5)):
        monkeypatch.setattr(f"retrorig.doctor.asking.{name}", seconds)
