"""Settings on the rig itself, with its three buttons: they act at once, are kept, and wait for the belt to stand."""

from __future__ import annotations

from tests.athlete.blind import SHORT_MS, Athlete
from tests.athlete.test_summary import Reader, started

from app.menu import MENU, next_setting, next_value
from retrorig.virtual.rig import VirtualRig
from rigcore.settings_schema import SETTINGS, checked_settings

PRESS_US = 700_000
SPEEDS_AFTER_TWO = next_value("speed_unit", next_value("speed_unit", "m/s"))


def test_every_setting_comes_round_and_each_of_its_values_is_allowed():
    name, seen = MENU[0], []
    for _ in MENU:
        seen.append(name)
        value, values = SETTINGS[name][0], []
        while value not in values:
            assert checked_settings({name: value}) == {name: value}
            values.append(value)
            value = next_value(name, value)
        possible = SETTINGS[name][1]
        assert len(values) == (
            len(possible) if isinstance(possible, tuple) else possible[1] - possible[0] + 1
        )
        name = next_setting(name)
    assert name == MENU[0] and sorted(seen) == sorted(MENU)


def test_an_athlete_without_a_laptop_changes_units_on_the_rig():
    with VirtualRig(Athlete().stand(60), seed=2) as rig:
        client, reader = started(rig), Reader(rig)
        rig.run_for(1_500_000)

        def press(*buttons: str) -> None:
            for button in buttons:
                rig.buttons[button].press(SHORT_MS)
                rig.run_for(PRESS_US)

        press("rpe", "rpe")
        assert (reader.small(0), reader.words(12), reader.words(28)) == ("Settings", "huge number", "left")
        press("pain", "start")
        assert (reader.words(12), reader.words(28)) == ("distances", "yd")
        press("pain", "start", "start")
        assert reader.words(12) == "speeds"
        kept = client.request("settings")["settings"]
        assert (
            kept["distance_unit"] == "yd"
            and kept["speed_unit"] == SPEEDS_AFTER_TWO
            and kept["number"] == "left"
        )
        press("rpe")
        assert reader.words(0) == "Free set"
        rig.power_cut()
        rig.power_on()
        client.hello()
        assert client.request("settings")["settings"] == kept
