"""A display that is unplugged, at the start or for a while, costs nothing but the picture."""

import pytest
from tests.athlete.blind import Athlete, play

from retrorig.link.client import RigClient
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Fault, RigSettings


@pytest.mark.parametrize("fault", [Fault("oled", "unplugged"), Fault("oled", "unplugged", 5.0, 9.0)])
def test_without_its_display_the_rig_measures_on(fault):
    athlete = Athlete().stand(3).walk(5).stand(6)
    with VirtualRig(athlete, settings=RigSettings(faults=(fault,))) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        play(rig, athlete)
        assert client.info()["sets"] == 1 and client.info()["lost"] == 0
        picture = rig.display_image()
        if fault.to_s < 100:
            assert picture.getbbox() is not None
