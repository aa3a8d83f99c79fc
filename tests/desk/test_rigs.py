"""Each rig has one owner of its port, whatever is plugged in and out meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrorig.desk.rigs import THE_ONE, Rigs
from retrorig.desk.wording import SaidError
from retrorig.discovery.candidates import UsbPort

A, B, C = "/dev/ttyUSB0", "/dev/ttyUSB1", "/dev/ttyUSB2"


class Bus:
    """What is plugged in."""

    def __init__(self) -> None:
        self.ports: list[str] = []

    def candidates(self) -> list[UsbPort]:
        return [UsbPort(port, 0x10C4) for port in self.ports]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    bus = Bus()
    monkeypatch.setattr("retrorig.desk.rigs.candidates", bus.candidates)
    return bus


def test_the_first_rig_keeps_its_owner_when_a_second_comes(bus: Bus, tmp_path: Path) -> None:
    rigs = Rigs(tmp_path, None)
    waiting = rigs.at()
    bus.ports = [A]
    assert rigs.at() is waiting and waiting.port() is None, "wherever it is plugged in"
    bus.ports = [A, B]
    assert rigs.ports() == [A, B]
    assert rigs.at(A) is waiting and waiting.port() == A
    assert rigs.at(B) is not waiting and rigs.at(B).port() == B


def test_a_page_of_the_first_rig_never_takes_the_second_s_port(bus: Bus, tmp_path: Path) -> None:
    rigs = Rigs(tmp_path, None)
    bus.ports = [A, B]
    first, second = rigs.at(A), rigs.at(B)
    bus.ports = [B]
    assert rigs.ports() == [THE_ONE] and rigs.at() is second
    assert first.port() == A, "it waits for its own"
    assert rigs.at(A) is first
    with pytest.raises(SaidError, match="plug it in"):
        rigs.at(C)


def test_a_rig_that_comes_back_under_another_name_is_the_same(bus: Bus, tmp_path: Path) -> None:
    rigs = Rigs(tmp_path, None)
    bus.ports = [A]
    first = rigs.at()
    bus.ports = []
    assert rigs.at() is first and first.port() is None
    bus.ports = [B]
    assert rigs.at() is first and first.port() is None


def test_a_named_port_is_the_only_one(bus: Bus, tmp_path: Path) -> None:
    rigs = Rigs(tmp_path, C)
    bus.ports = [A, B]
    assert rigs.ports() == [THE_ONE] and rigs.at().port() == C
