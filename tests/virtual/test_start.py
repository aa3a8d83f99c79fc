"""The start of the whole firmware: when its page comes, what it refuses, that nothing outside of the rig moves it."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from retrorig.discovery.silence import explain
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from rigcore.flash_ring import HEADER, HEADER_SIZE, MAGIC, VERSION

PAGE_US = 500_000
WORDS = (0, 24, 128, 40)
START_US = 3_000_000
SECTOR = 4096


@pytest.fixture
def used() -> Iterator[VirtualRig]:
    """A rig that has been started in the factory and is off."""
    with VirtualRig(StillBelt(), seed=3) as rig:
        rig.power_on()
        rig.run_for(START_US)
        rig.power_cut()
        yield rig


def starting_page(rig: VirtualRig) -> Image.Image:
    """What the display shows half a second after power-on; the rig is off again."""
    rig.power_on()
    rig.run_for(PAGE_US)
    page = rig.display_image().crop(WORDS)
    rig.power_cut()
    return page


def test_a_page_says_after_half_a_second_that_the_rig_starts(used: VirtualRig) -> None:
    used.power_on()
    used.run_for(PAGE_US)
    soon = used.display_image().crop(WORDS)
    used.run_for(PAGE_US)
    assert soon.getbbox() and soon.tobytes() == used.display_image().crop(WORDS).tobytes()


def test_sets_of_a_newer_firmware_are_refused_and_left_alone(used: VirtualRig) -> None:
    at, data = used.board.partition("setlog").address, used.flash.image.data
    head = struct.pack(HEADER[:-1], MAGIC, 1, 0, VERSION + 1, 0, 0, 0, 0)
    data[at : at + HEADER_SIZE] = head + struct.pack("<I", zlib.crc32(head))
    before, shown = bytes(data[at : at + 3 * SECTOR]), [starting_page(used)]
    for _ in range(4):
        used.board.uart.host_read(1 << 20)
        used.power_on()
        used.run_for(START_US)
        said = used.board.uart.host_read(1 << 20).decode(errors="replace")
        assert said.count("rst:") == 1 and "Safe mode" not in said and said.rstrip().endswith(">>>")
        assert "newer firmware" in explain(said)
        shown.append(used.display_image().crop(WORDS))
        used.power_cut()
    assert data[at : at + 3 * SECTOR] == before
    assert all(page.getbbox() and page.tobytes() != shown[0].tobytes() for page in shown[1:]), (
        "nobody waits for it"
    )


def first_conversion_us() -> int:
    with VirtualRig(StillBelt(), seed=3) as rig:
        rig.power_on()
        assert rig.run_until(lambda: rig.board.interrupts.served > 0, START_US)
        return rig.now_us


def test_how_many_files_the_host_has_open_changes_nothing() -> None:
    """Their numbers go to the interpreter, in whose heap their digits lie."""
    few = first_conversion_us()
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(120)]
    try:
        assert first_conversion_us() == few
    finally:
        for other in others:
            os.close(other)
