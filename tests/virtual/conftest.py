"""Shared by the tests of the virtual rig: small parts on a clock, and scripts on the real interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from retrorig.virtual.belts import StillBelt
from retrorig.virtual.clock import Clock
from retrorig.virtual.interrupts import Interrupts
from retrorig.virtual.rig import VirtualRig


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def interrupts(clock: Clock) -> Interrupts:
    return Interrupts(clock, Random(1))


class Booted:
    """A rig whose main.py is a script of the test, and what it wrote to the line."""

    def __init__(self, rig: VirtualRig) -> None:
        self.rig = rig
        self.port = rig.open_port()
        self.text = ""

    def run(self, seconds: float) -> str:
        """All text so far, after running so long."""
        self.rig.run_for(int(seconds * 1e6))
        self.text += self.rig.board.uart.host_read(1 << 20).decode(errors="replace")
        return self.text

    def values(self, seconds: float = 1.0) -> list[int]:
        """The numbers on the line that starts with `=`, which the script prints when it is done."""
        lines = [line for line in self.run(seconds).splitlines() if line.startswith("=")]
        assert lines, self.text
        return [int(word) for word in lines[-1][1:].split()]


@pytest.fixture
def boot() -> Iterator[Callable[..., Booted]]:
    """boot(main, belt=..., ...): a powered rig that runs `main`."""
    rigs: list[VirtualRig] = []

    def start(main: str, belt=None, files=None, **kwargs) -> Booted:
        files = {**(files or {}), "main.py": main.encode()}
        rig = VirtualRig(belt or StillBelt(), files=files, **kwargs)
        rigs.append(rig)
        rig.power_on()
        return Booted(rig)

    yield start
    for rig in rigs:
        rig.close()
