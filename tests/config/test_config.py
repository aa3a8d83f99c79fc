"""Settings on the virtual rig: changes come whole or not at all, also when the power fails."""

from __future__ import annotations

import itertools
import json
import tomllib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from retrorig import firmware_build
from retrorig.calibration import board
from retrorig.cli import config as command
from retrorig.cli import run
from retrorig.config import as_text, change_settings, fetch_settings, from_text
from retrorig.errors import InputError, LinkLostError
from retrorig.library.calibration_record import id_of
from retrorig.link.client import RigClient
from retrorig.plans import push_plan, read_plan
from retrorig.recording import Recording
from retrorig.virtual.belts import RecordingBelt, StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.settings_schema import SETTINGS

STORED = {"distance_unit": "yd", "speed_unit": "km/h", "mirror": "off", "sound": "louder"}
BOOT_US = 3_500_000
SHORT_BOOT_US = 3_500_000


@contextmanager
def stored_rig() -> Iterator[VirtualRig]:
    """A board on which settings were stored, one of them damaged."""
    files = {**firmware_build.sources(), "settings.json": json.dumps(STORED).encode()}
    with VirtualRig(StillBelt(), seed=5, files=files) as made:
        made.power_on()
        made.run_for(BOOT_US)
        yield made


@pytest.fixture(scope="module")
def rig() -> Iterator[VirtualRig]:
    """One that tests change, each other settings."""
    with stored_rig() as made:
        yield made


@pytest.fixture
def client(rig: VirtualRig) -> RigClient:
    return RigClient(rig.open_port())


def test_stored_settings_are_read_at_the_start_and_a_damaged_one_is_at_its_default() -> None:
    with stored_rig() as rig:
        found = fetch_settings(RigClient(rig.open_port()))
    assert set(found) == set(SETTINGS)
    assert (found["distance_unit"], found["speed_unit"], found["sound"]) == ("yd", "km/h", "on")


def test_a_change_is_answered_with_what_is_stored_and_lasts(rig: VirtualRig, client: RigClient) -> None:
    assert change_settings(client, {"distance_unit": "m", "rate_sps": "10"}) == {
        "distance_unit": "m",
        "rate_sps": 10,
    }
    rig.power_cut()
    rig.power_on()
    rig.run_for(BOOT_US)
    after = fetch_settings(client)
    assert (after["distance_unit"], after["rate_sps"], after["speed_unit"]) == ("m", 10, "km/h")


def test_one_wrong_value_leaves_all_as_they_were(client: RigClient) -> None:
    before = fetch_settings(client)
    with pytest.raises(InputError, match="machine is one of sled, treadmill"):
        change_settings(client, {"number": "done", "machine": "boat"})
    assert fetch_settings(client) == before


def test_the_file_to_edit_says_everything_and_comes_back_equal(client: RigClient) -> None:
    values = fetch_settings(client)
    text = as_text("0123456789ab", values)
    assert tomllib.loads(text) == from_text(text) == values
    assert all(f"default {default}" in text for default, _ in SETTINGS.values())
    with pytest.raises(InputError, match="nothing was changed"):
        from_text("number = ")


def test_the_commands(rig: VirtualRig, capsys, monkeypatch) -> None:
    monkeypatch.setattr("retrorig.rig.open_rig", lambda url: rig.open_port())
    assert run(["config", "set", "number", "done", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"number": "done"}
    monkeypatch.setattr(
        command, "edited", lambda text: text.replace('"done"', '"left"').replace('"on"', '"off"')
    )
    assert run(["config", "edit", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"number": "left", "sound": "off"}
    assert run(["config", "get", "force_unit", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"force_unit": "N"}
    assert run(["config", "list", "--wide"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SETTINGS) + 1
    for arguments in (["get", "colour"], ["set", "rate_sps", "9"]):
        assert run(["config", *arguments]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_change_waits_for_the_belt_to_stand() -> None:
    """Asked in the middle of a recording's walk: told once, then stored."""
    belt = RecordingBelt(Recording(*(array("d", column) for column in ((0, 6, 7), (0, 6, 6), (80, 80, 0)))))
    told: list[str] = []
    with VirtualRig(belt, seed=5, files=firmware_build.sources()) as rig:
        rig.power_on()
        rig.run_for(BOOT_US)
        rig.start_belt()
        rig.run_for(3_000_000)
        client = RigClient(rig.open_port())
        assert change_settings(client, {"sound": "off"}, lambda: told.append("once")) == {"sound": "off"}
        assert client.info()["speed_mmps"] == 0
        assert fetch_settings(client)["sound"] == "off"
    assert told == ["once"]


def another(old: dict) -> dict:
    new = {**old, "circumference_um": old["circumference_um"] + 100, "direction": 1, "made_s": 1_760_000_000}
    return {**new, "id": id_of(new)}


def test_power_that_fails_at_any_operation_while_a_calibration_is_stored_leaves_the_old_or_the_new() -> None:
    """What a cut has torn makes LittleFS write its folder anew the next time, which takes more operations."""
    with VirtualRig(StillBelt(), seed=5) as rig:
        rig.power_on()
        rig.run_for(SHORT_BOOT_US)
        client = RigClient(rig.open_port())
        found = board.fetch(client)
        for operations in itertools.count():
            old, new = found, another(found)
            rig.flash.cut_after(operations, 0.5)
            with suppress(LinkLostError):
                board.store(client, new)
            if rig.is_powered:
                break
            rig.power_on()
            rig.run_for(SHORT_BOOT_US)
            client = RigClient(rig.open_port())
            found = board.fetch(client)
            assert found in (old, new), f"neither after {operations} operations"
    assert operations > 2, "to write the folder anew takes that many"


def test_power_that_fails_at_any_operation_while_settings_are_stored_leaves_the_old_or_the_new_ones() -> None:
    units = itertools.cycle(
        [{"distance_unit": "yd", "speed_unit": "mph"}, {"distance_unit": "m", "speed_unit": "m/s"}]
    )
    with VirtualRig(StillBelt(), seed=5) as rig:
        rig.power_on()
        rig.run_for(SHORT_BOOT_US)
        client = RigClient(rig.open_port())
        found = fetch_settings(client)
        for operations in itertools.count():
            before, new = found, next(units)
            rig.flash.cut_after(operations, 0.5)
            with suppress(LinkLostError):
                change_settings(client, new)
            if rig.is_powered:
                break
            rig.power_on()
            rig.run_for(SHORT_BOOT_US)
            client = RigClient(rig.open_port())
            found = fetch_settings(client)
            assert found in (before, {**before, **new}), f"half a change after {operations} operations"
    assert operations > 2, "storing takes that many"


def test_settings_and_calibration_leave_memory_to_spare() -> None:
    """With a plan on board and 4 KB less heap than there is."""
    all_else = {name: possible[-1] for name, (_, possible) in SETTINGS.items() if isinstance(possible, tuple)}
    with VirtualRig(StillBelt(), RigSettings(heap_kb=RigSettings().heap_kb - 4), seed=5) as rig:
        rig.power_on()
        rig.run_for(SHORT_BOOT_US)
        client = RigClient(rig.open_port())
        push_plan(client, read_plan("light-sled"))
        for _ in range(2):
            assert change_settings(client, all_else) == all_else
            board.store(client, new := another(board.fetch(client)))
            assert board.fetch(client)["id"] == new["id"]
