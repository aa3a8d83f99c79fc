"""Bits flip in what a rig keeps besides sets: it goes on with what was kept before, and tells until somebody heard."""

from __future__ import annotations

import pytest

from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig

START_US, QUIET_US = 3_500_000, 12_000_000
HEAD_SIZE = 48


def started(rig: VirtualRig) -> RigClient:
    rig.power_on()
    rig.run_for(START_US)
    return RigClient(rig.open_port())


def flip(rig: VirtualRig, at: int, bits: tuple[int, ...]) -> None:
    for bit in bits:
        rig.board.flash.image.data[at + bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize("first", [0, -HEAD_SIZE + 18], ids=["in the value", "in its head"])
def test_settings_that_can_not_be_read_are_told_and_those_before_are_in_force(first: int) -> None:
    with VirtualRig(StillBelt(), seed=4) as rig:
        client = started(rig)
        client.request("setting", "brightness", "3")
        client.request("setting", "brightness", "2")
        client.close()
        rig.power_cut()
        data = rig.board.flash.image.data
        newest = bytes(data).rindex(b"{", 0, bytes(data).rindex(b'"brightness": 2'))
        flip(rig, newest + first, (1, 30))
        hurt = bytes(data[newest - HEAD_SIZE : newest + 40])
        client = started(rig)
        rig.run_for(QUIET_US)
        assert client.request("setting", "brightness") == {"ok": 1, "brightness": 3}
        assert client.info()["damaged"] == 1
        rig.run_for(QUIET_US)
        assert bytes(data[newest - HEAD_SIZE : newest + 40]) == hurt, "not heard yet: it stays"
        assert client.request("evidence")["kept"] == [["settings", "unreadable"]]
        client.request("setting", "brightness", "4")
        rig.run_for(QUIET_US)  # what was told is erased
        assert client.request("evidence")["kept"] == []
        client.close()
        rig.power_cut()
        client = started(rig)
        assert client.request("setting", "brightness")["brightness"] == 4


def test_a_flipped_bit_of_what_is_kept_is_put_right_at_standstill() -> None:
    with VirtualRig(StillBelt(), seed=4) as rig:
        client = started(rig)
        client.request("setting", "brightness", "2")
        client.close()
        rig.power_cut()
        data = rig.board.flash.image.data
        flip(rig, bytes(data).rindex(b'"brightness": 2'), (3,))
        assert b'"brightness": 2' not in bytes(data)
        client = started(rig)
        rig.run_for(QUIET_US)
        assert b'"brightness": 2' in bytes(data)
        assert client.info()["damaged"] == 0 and client.request("setting", "brightness")["brightness"] == 2
