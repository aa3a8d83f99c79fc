"""To keep what the host sends costs no conversion, however often it is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.faults_sensors.kept_in_turn import LONG, RATE_HZ, START_US, keeping, missed
from tests.stretches import Stretches

from drivers.filelog import FileLog
from retrorig.firmware_build import sources
from retrorig.link.client import RigClient
from retrorig.plans import fetch_plans
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.machine import Machine
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.kept import SECTORS_N, KeptValues

TIMES = 8
SYNC = 3


def test_plans_settings_and_calibrations_kept_in_turn_cost_no_conversion() -> None:
    """`make bench` keeps a hundred of each."""
    assert missed(TIMES) == 0


def test_nothing_that_is_kept_holds_the_loop_for_longer_than_8_ms(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for collections, which begin right after a reading. No sector is erased: enough were erased ahead."""
    stretches = Stretches()
    monkeypatch.setattr(Machine, "serve", stretches.patched())
    with VirtualRig(StillBelt(), RigSettings(rate_hz=RATE_HZ), seed=3) as rig:
        rig.power_on()
        rig.run_for(START_US)
        client = RigClient(rig.open_port())
        client.info()
        stretches.found.clear()
        operations = rig.flash.operations
        kept = list(keeping(client, 1))
    assert len(kept) == 4 and rig.flash.operations > operations
    assert all(late_ms < 1.0 and long_ms < 1000 / RATE_HZ for long_ms, late_ms in stretches.found), (
        stretches.found
    )


def test_a_stock_board_keeps_the_same_in_files_and_finds_it_again() -> None:
    with VirtualRig(StillBelt(), RigSettings(setlog=False), seed=3) as rig:
        rig.power_on()
        rig.run_for(START_US)
        client = RigClient(rig.open_port())
        list(keeping(client, 1))
        for _ in range(2):
            rig.run_for(10_000_000)  # what is over is erased meanwhile
            rig.power_cut()
            rig.power_on()
            rig.run_for(2 * START_US)
            client = RigClient(rig.open_port())
            assert client.request("setting", "sound")["sound"] == "off"
            assert client.request("calibration")["calibration"]["circumference_um"] == 250_000
            plans = fetch_plans(client)["plans"]
            assert [plan["id"] for plan in plans] == ["light-sled", "long"]
            assert plans[1] == {**LONG, "name": "Number 0"}


def test_what_a_stock_board_kept_is_taken_over_when_it_gets_a_partition(tmp_path: Path) -> None:
    """`retrorig flash` puts the board's own files back onto the new file system."""
    device = FileLog(str(tmp_path), SECTORS_N)
    values = {"settings": b'{"sound": "off"}', "plan/long": json.dumps(LONG).encode()}
    for name, value in values.items():
        KeptValues(device).write(name, value)
    device.ioctl(SYNC, 0)
    own = {f"kept/{file.name}": file.read_bytes() for file in tmp_path.iterdir()}
    with VirtualRig(StillBelt(), seed=3, files={**sources(), **own}) as rig:
        for _ in range(2):
            rig.power_on()
            rig.run_for(START_US)
            client = RigClient(rig.open_port())
            assert client.request("setting", "sound")["sound"] == "off"
            assert fetch_plans(client)["plans"] == [LONG]
            rig.power_cut()
