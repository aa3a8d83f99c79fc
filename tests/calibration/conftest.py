"""One virtual rig with wrong values in its calibration, and a hand that works on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.calibration.hand import SETTLED_S, Bench, Hand

from retrorig.calibration import board
from retrorig.calibration.calibrating import Calibrating
from retrorig.library import Library
from retrorig.library.calibration_record import Values
from retrorig.link.client import RigClient
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Calibration, RigSettings

TRUE = RigSettings(
    rate_hz=87.0,
    drift_n_per_hour=0.5,
    calibration=Calibration(circumference_um=243_000, zero=20_000, scale_nn=430_000),
)


@dataclass
class Workshop:
    """The rig with everything that is needed to calibrate it."""

    rig: VirtualRig
    bench: Bench
    client: RigClient
    library: Library

    def hand(self) -> Hand:
        return Hand(self.rig, self.bench)

    def job(self, hand: Hand, is_following: bool = False) -> Calibrating:
        return Calibrating.begun(self.client, self.library, hand, "Ann", is_following)


@pytest.fixture(scope="session")
def shared_workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workshop, Values]]:
    """The workshop, and the calibration with which its rig was delivered."""
    bench = Bench()
    folder: Path = tmp_path_factory.mktemp("workshop")
    with VirtualRig(bench, TRUE, seed=11) as rig, Library(folder / "library", create=True) as library:
        rig.power_on()
        rig.run_for(3_500_000)
        bench.start(rig)
        client = RigClient(rig.open_port())
        yield Workshop(rig, bench, client, library), board.fetch(client)


@pytest.fixture
def workshop(shared_workshop: tuple[Workshop, Values]) -> Workshop:
    """As delivered, whatever other tests have made of it: wrong values, nothing on the line, the belt at rest."""
    shop, delivered = shared_workshop
    if not shop.bench.is_at_rest(shop.rig):
        shop.hand().hang(0)()
        shop.bench.creep(shop.rig)
        shop.rig.run_for(round(SETTLED_S * 1e6))
    if board.fetch(shop.client) != delivered:
        board.store(shop.client, delivered)
    return shop
