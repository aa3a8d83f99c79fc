"""A rig with a short session, cut off at a chosen flash operation, and what its log held at each of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.walker_belt import WalkerBelt

from retrorig.errors import LinkLostError
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from rigcore.decode import RawSet, decode_set

SETTLE_US = 3_500_000
AFTER_US = 4_500_000


def make_board(path: Path) -> None:
    """Flash of a board that has its firmware and has never been used."""
    with VirtualRig(StillBelt(), seed=5, flash=path) as rig:
        rig.power_on()
        rig.run_for(3_500_000)


class Afternoon:
    """Two short sets and a pull, on a copy of a board's flash."""

    def __init__(self, board: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / "flash.bin"
        shutil.copy(board, copy)
        self.belt = WalkerBelt(sets=2, distance_m=2.0, rest_s=4.5, wait_s=0.3)
        self.rig = VirtualRig(self.belt, seed=5, flash=copy)
        self.library = Library(folder / "library", create=True)
        self.uptime_us = 0
        self.boot = 0
        self.steps: list[tuple[int, int]] = []

    def __enter__(self) -> Afternoon:
        return self

    def __exit__(self, *_: object) -> None:
        self.rig.close()

    def run(self, cut: int | None = None, fraction: float = 0.5) -> None:
        """The session, as far as the power lasts."""
        rig = self.rig
        rig.power_on()
        if cut is not None:
            rig.board.flash.cut_after(cut, fraction)
        self._let(SETTLE_US)
        rig.start_belt()
        self._let(round(self.belt.end_s * 1e6) + AFTER_US)
        if rig.is_powered:
            self.pull()
            self._let(2_000_000)

    def pull(self) -> None:
        """Fetch all sets; the rig may lose its power meanwhile."""
        try:
            client = RigClient(self.rig.open_port())
            pull(client, self.library, greet(client, self.library))
        except LinkLostError:
            assert not self.rig.is_powered

    def recover(self, cut: int | None = None, fraction: float = 0.5) -> None:
        """Power comes back, and may fail again; then everything is pulled."""
        if cut is not None:
            self.rig.power_on()
            self.rig.board.flash.cut_after(cut, fraction)
            self.rig.run_until(lambda: not self.rig.is_powered, 6_000_000)
            self.rig.power_cut()
            self.rig.board.flash.cut_after(1 << 40, 0.0)  # where a start has fewer operations
        self.rig.power_on()
        self.rig.run_for(AFTER_US + round(self.belt.end_s * 1e6))
        self.pull()

    def sets(self) -> dict[int, RawSet]:
        """Sets of the first boot in the library."""
        found = [decode_set(self.library.blob(row.set_id)) for row in self.library.sets()]
        numbers = [raw.header["no"] for raw in found]
        assert len(set(numbers)) == len(numbers)
        return {raw.header["no"]: raw for raw in found if raw.header["boot"] == 2}

    def _let(self, us: int) -> None:
        """Run so long, or until the power fails; notes the time of each flash operation."""
        board = self.rig.board

        def watch() -> bool:
            if self.rig.is_powered:
                self.uptime_us = board.uptime_us
                if not self.steps or self.steps[-1][0] != board.flash.operations:
                    self.steps.append((board.flash.operations, self.uptime_us))
            return not self.rig.is_powered

        self.rig.run_until(watch, us)
