"""A plan's cadence, ticked while the set runs: evenly, and at the cost of no conversion."""

from __future__ import annotations

import numpy as np
from tests.athlete.blind import Athlete

from drivers.buzzer import TICK
from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual.rig import VirtualRig

PLAN = {"id": "c", "name": "C", "blocks": [{"target": "time", "amount": 20_000, "cadence_spm": [95, 105]}]}
PERIOD_S = 0.6
LATE_S = 0.03
"""A pass of the main loop, which a look or a strip of the display may lengthen; steps are 0.6 s apart."""


def ticked_s(is_wanted: bool) -> tuple[list[float], dict[str, object]]:
    """When the buzzer ticked, and what the rig says after the set."""
    with VirtualRig(Athlete().stand(6).walk(22, speed_mps=0.9).stand(6), seed=2) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        if is_wanted:
            client.request("setting", "metronome", "on")
        choose_plan(client, push_plan(client, PLAN))
        rig.start_belt()
        rig.run_for(34_000_000)
        tones = rig.board.buzzer.tones
        return [tone.at_us / 1e6 for tone in tones if tone.freq_hz == TICK[0][0] and tone.duty], client.info()


def test_it_ticks_evenly_through_a_set_and_loses_no_conversion():
    ticks_s, info = ticked_s(is_wanted=True)
    assert 30 <= len(ticks_s) <= 34
    beats = np.arange(len(ticks_s)) * PERIOD_S
    late_s = np.array(ticks_s) - beats
    late_s -= np.median(late_s[:5])  # the first one may stand under the tune of the start
    missed = np.round(late_s / PERIOD_S) * PERIOD_S  # under a tune there is no tick
    assert np.all(np.abs(late_s - missed)[1:] <= LATE_S) and missed[-1] <= 2 * PERIOD_S
    assert info["sets"] == 1 and info["lost"] == 0 and info["dropped"] == 0


def test_who_did_not_wish_it_hears_none():
    assert ticked_s(is_wanted=False)[0] == []
