"""To keep what the host sends costs no conversion, however often it is sent."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.faults_sensors.kept_in_turn import LONG, RATE_HZ, START_US, keeping, missed
from tests.stretches import Stretches

from app.plan_store import PLANS_MAX
from drivers.filelog import FileLog
from retrorig.firmware_build import sources
from retrorig.link.client import RigClient
from retrorig.plans import fetch_plans, push_plan
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.machine import Machine
from retrorig.virtual.parts.flash import Flash
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.kept import SECTORS_N, KeptValues

TIMES = 8
SYNC = 3
ERASING_US = 10_000_000
"""Meanwhile the sectors of what is over are erased."""
AT_ONCE_US = 1_000_000
NAMED = {
    "kind": "work", "target": "time", "amount": 1000, "rest_ms": 60_000, "side": "left", "start": "button",
    "over": "end", "attachment": "a strap round both hips",
}  # fmt: skip
LONGEST: list[dict[str, Any]] = [
    {"id": "long", "name": "Many words", "blocks": [NAMED] * 24},
    {"id": "paced", "name": "Many numbers", "blocks": [{"times": 50, "pace_mmps": [1234] * 750}]},
]
"""Plans of nearly as many bytes as a rig takes."""


def test_plans_settings_and_calibrations_kept_in_turn_cost_no_conversion() -> None:
    """`make bench` keeps a hundred of each."""
    assert missed(TIMES) == 0


def test_nothing_that_is_kept_holds_the_loop_for_longer_than_8_ms(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for collections, which begin right after a reading. No sector is erased: enough were erased ahead.

    A plan is read when it is saved and when it is chosen.
    """
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
        found_n = len(stretches.found)
        rig.run_for(ERASING_US)
        del stretches.found[found_n:]
        for plan in LONGEST:
            client.request("plan-choose", push_plan(client, plan))
            client.request("plan-choose")
    assert len(kept) == 4 and rig.flash.operations > operations
    held = [found for found in stretches.found if found[0] >= 1000 / RATE_HZ or found[1] >= 1.0]
    assert held == []


def test_a_host_that_pushes_a_plan_and_chooses_it_meets_no_erase_even_where_the_store_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two plans in a row into a full store leave fewer than three erased sectors: then the loop erases at once."""
    erased: list[int] = []
    plain = Flash.erase
    monkeypatch.setattr(Flash, "erase", lambda *given: (erased.append(given[1]), plain(*given)))
    with VirtualRig(StillBelt(), RigSettings(rate_hz=RATE_HZ), seed=3) as rig:
        rig.power_on()
        rig.run_for(START_US)
        client = RigClient(rig.open_port())
        assert list(islice(keeping(client, 1), 2)) == ["calibration", "settings"]
        full = [{**LONG, "id": f"plan-{n}", "blocks": LONG["blocks"][:4]} for n in range(PLANS_MAX)]
        for plan in full:
            push_plan(client, plan)
        for n in range(3):
            rig.run_for(ERASING_US)
            erased.clear()
            client.request("plan-choose", push_plan(client, {**full[n], "name": "Anew"}))
            client.request("plan-choose")
            assert erased == []
            rig.run_for(ERASING_US)
            assert len(erased) == 1, "what the plan lay in"
        erased.clear()
        push_plan(client, {**full[0], "name": "Once more"})
        rig.run_for(AT_ONCE_US)
        assert erased == []
        push_plan(client, {**full[1], "name": "Once more"})
        rig.run_for(AT_ONCE_US)
        assert erased, "fewer than three were left"


def test_a_stock_board_keeps_the_same_in_files_and_finds_it_again() -> None:
    with VirtualRig(StillBelt(), RigSettings(setlog=False), seed=3) as rig:
        rig.power_on()
        rig.run_for(START_US)
        client = RigClient(rig.open_port())
        list(keeping(client, 1))
        for _ in range(2):
            rig.run_for(ERASING_US)
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
