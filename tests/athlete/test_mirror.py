"""The display in a terminal: the same picture, and keys that press."""

from __future__ import annotations

import io
import os

import pytest
from PIL import Image

from retrorig.virtual.belts import StillBelt
from retrorig.virtual.mirror import Mirror, as_text
from retrorig.virtual.rig import VirtualRig


def test_every_dot_is_where_the_pixel_is():
    image = Image.new("1", (128, 64))
    lit = [(0, 0), (127, 63), (64, 33), (1, 7)]
    for place in lit:
        image.putpixel(place, 1)
    rows = as_text(image).splitlines()
    assert len(rows) == 16 and {len(row) for row in rows} == {64}
    offsets = {0x01: (0, 0), 0x02: (0, 1), 0x04: (0, 2), 0x40: (0, 3)}
    offsets |= {0x08: (1, 0), 0x10: (1, 1), 0x20: (1, 2), 0x80: (1, 3)}
    found = [
        (2 * x + offsets[bit][0], 4 * y + offsets[bit][1])
        for y, row in enumerate(rows)
        for x, char in enumerate(row)
        for bit in offsets
        if ord(char) - 0x2800 & bit
    ]
    assert sorted(found) == sorted(lit)


def test_keys_are_buttons():
    reader, writer = os.pipe()
    with VirtualRig(StillBelt()) as rig:
        rig.power_on()
        out = io.StringIO()
        mirror = Mirror(out, reader)
        os.write(writer, b"xS")
        mirror(rig)
        rig.run_for(100_000)
        assert rig.board.buttons["start"].level() == 0
        rig.run_for(2_000_000)
        assert rig.board.buttons["start"].level() is None
        os.close(writer)
        mirror(rig)  # whoever typed has gone
    os.close(reader)
    assert "start/stop/next" in out.getvalue()


@pytest.mark.parametrize("key", " sSrRpP")
def test_every_key_names_a_button_of_the_rig(key):
    from retrorig.virtual.mirror import KEYS

    with VirtualRig(StillBelt()) as rig:
        assert KEYS[key][0] in rig.board.buttons
