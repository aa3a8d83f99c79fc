"""The band's cue: an even walker inside it hears nothing, one who leaves it hears it once."""

from __future__ import annotations

import pytest
from tests.athlete.blind import Athlete
from tests.walker_belt import WalkerBelt

from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual.belts import Belt
from retrorig.virtual.rig import VirtualRig
from rigcore.cues import TUNES

BEEP_HZ = TUNES["band"][0][0]
BAND_MMPS, BAND_MN = [800, 1200], [150_000, 210_000]


def left_n(belt: Belt, seconds: float, **band: list[int]) -> int:
    """How often the rig says that the band was left."""
    block = {"target": "distance", "amount": 11_000, **band}
    with VirtualRig(belt, seed=3) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        choose_plan(client, push_plan(client, {"id": "b", "name": "B", "blocks": [block]}))
        rig.start_belt()
        rig.run_for(round(seconds * 1e6))
        assert client.info()["sets"] == 1
        return sum(tone.freq_hz == BEEP_HZ and tone.duty > 0 for tone in rig.board.buzzer.tones)


@pytest.mark.parametrize("band", [{"speed_mmps": BAND_MMPS}, {"force_mn": BAND_MN}])
def test_an_even_walker_in_the_middle_of_a_band_never_leaves_it(band):
    belt = WalkerBelt(sets=1, distance_m=11.5, speed_mps=0.9, wait_s=6)
    assert left_n(belt, 27, **band) == 0


def test_nor_does_one_whose_belt_stands_in_each_step():
    assert left_n(Athlete().stand(6).walk(11.5, speed_mps=0.95).stand(8), 27, speed_mmps=BAND_MMPS) == 0


def test_who_slows_down_leaves_it_once():
    athlete = Athlete().stand(6).walk(6, speed_mps=1.0).walk(5.5, speed_mps=0.5).stand(8)
    assert left_n(athlete, 32, speed_mmps=BAND_MMPS) == 1
