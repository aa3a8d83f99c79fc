"""Settings that nothing forbids act at once: mirror, brightness and volume, on each panel."""

from __future__ import annotations

import pytest
from PIL import ImageOps
from tests.athlete.test_summary import started

from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import DISPLAYS, RigSettings
from rigcore.cues import TUNES
from rigcore.settings_schema import SETTINGS
from rigcore.vocabulary import ST7789

AT_ONCE_US = 500_000
HERTZ = TUNES["count"][0][0]


def change(rig: VirtualRig, client: RigClient, name: str, value: object) -> None:
    client.request("setting", name, value)
    rig.run_for(AT_ONCE_US)


@pytest.mark.parametrize("display", DISPLAYS)
def test_mirror_and_brightness(display: str) -> None:
    with VirtualRig(StillBelt(), RigSettings(display=display), seed=2) as rig:
        client = started(rig)
        rig.run_for(AT_ONCE_US)
        plain = rig.display_image()
        top = (0, 0, plain.width, plain.height // 2)  # below it stands the pull, which changes
        for on, wanted in (("on", ImageOps.mirror(plain)), ("off", plain)):
            change(rig, client, "mirror", on)
            assert rig.display_image().crop(top).tobytes() == wanted.crop(top).tobytes()
        lights = []
        least, most = SETTINGS["brightness"][1]
        for level in range(least, most + 1):
            change(rig, client, "brightness", level)
            lights.append(rig.board.large.light if display == ST7789 else rig.board.oled.contrast)
        assert lights == sorted(set(lights)) and 0 < lights[0] < lights[-1] / 10
        assert rig.display_image().getbbox()


def test_volume_is_heard_as_it_is_changed_and_silence_is_silent() -> None:
    with VirtualRig(StillBelt(), seed=2) as rig:
        client = started(rig)
        duties = []
        for level in (3, 2, 1, 4):
            rig.board.buzzer.tones.clear()
            change(rig, client, "volume", level)
            tones = [tone for tone in rig.board.buzzer.tones if tone.duty]
            assert [tone.freq_hz for tone in tones] == [HERTZ]
            duties.append(tones[0].duty)
        assert duties == sorted(duties[:3], reverse=True) + [max(duties)]
        assert len(set(duties)) == 4 and max(duties) == 1 << 15  # half of the time high is the loudest
        change(rig, client, "sound", "off")
        rig.board.buzzer.tones.clear()
        change(rig, client, "volume", 2)
        assert not any(tone.duty for tone in rig.board.buzzer.tones)
