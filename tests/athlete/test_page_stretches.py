"""Pages leave the conversions time: pace, cadence, force, summary, table and settings, while the belt moves and after.

What lasts longer than 8 ms, in which no callback runs, begins right after a reading: a collection.
"""

from __future__ import annotations

import pytest
from tests.athlete.blind import RAMP_S, SHORT_MS, Athlete
from tests.athlete.test_summary import started
from tests.stretches import Stretches

from retrorig.virtual.machine import Machine
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore.vocabulary import SSD1306, ST7789

WALK_S, STAND_S = 8.8, 14.2
ASKED = {"target": "time", "amount": 8000, "rest_ms": 9000}
PLAN = {
    "id": "p",
    "name": "P",
    "blocks": [
        {**ASKED, "pace_mmps": 900},
        {**ASKED, "pace_mmps": 900, "speed_mmps": [800, 1000]},
        {**ASKED, "cadence_spm": [95, 105]},
    ],
}
PRESS_US = 1_500_000


@pytest.mark.parametrize("display", [SSD1306, ST7789])
def test_no_page_keeps_a_conversion_waiting(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stretches, belt = Stretches(), Athlete().stand(STAND_S)
    monkeypatch.setattr(Machine, "serve", stretches.patched())
    for _ in PLAN["blocks"]:
        belt.walk(0.9 * (WALK_S - RAMP_S), speed_mps=0.9).stand(STAND_S)
    with VirtualRig(belt, RigSettings(display=display), seed=2) as rig:
        client = started(rig, PLAN)
        client.request("setting", "metronome", "on")
        rig.run_for(round(STAND_S * 1e6))
        stretches.found.clear()
        phases = []
        for _ in PLAN["blocks"]:
            _press(rig, "rpe", "rpe")  # the force page, and back
            phases.append(client.info()["phase"])
            rig.run_for(round(WALK_S * 1e6) - 2 * PRESS_US + 1_000_000)  # the summary
            phases.append(client.info()["phase"])
            _press(rig, "rpe", "rpe", "pain", "rpe")  # table, settings, the next of them, and back
            rig.run_for(round(STAND_S * 1e6) - 4 * PRESS_US - 1_000_000)
        info = client.info()
    assert phases == ["running", "resting"] * (len(phases) // 2 - 1) + ["running", "done"]
    assert info["sets"] == len(PLAN["blocks"]) and info["lost"] == info["dropped"] == 0
    assert stretches.found and all(late_ms < 1.0 for _, late_ms in stretches.found), stretches.found


@pytest.mark.parametrize("display", [SSD1306, ST7789])
def test_a_set_that_ends_on_the_force_page_costs_no_reading(display: str) -> None:
    """A large panel paints its trace without a pause, so that the loop never sleeps."""
    belt = Athlete().stand(STAND_S)
    for _ in range(2):
        belt.walk(0.9 * (WALK_S - RAMP_S), speed_mps=0.9).stand(STAND_S)
    with VirtualRig(belt, RigSettings(display=display), seed=2) as rig:
        client = started(rig, {**PLAN, "blocks": [ASKED] * 2})
        rig.run_for(round(STAND_S * 1e6))
        _press(rig, "rpe")
        rig.run_for(round((2 * WALK_S + STAND_S) * 1e6))
        info = client.info()
    assert info["sets"] == 2 and info["lost"] == info["dropped"] == 0


def _press(rig: VirtualRig, *buttons: str) -> None:
    for button in buttons:
        rig.buttons[button].press(SHORT_MS)
        rig.run_for(PRESS_US)
