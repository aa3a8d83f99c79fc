"""Each panel in the virtual rig, with the real firmware: same pages, mirrored, and nothing lost to it."""

from __future__ import annotations

import pytest
from PIL import Image, ImageOps
from tests.athlete.blind import Athlete

from retrorig import board_files
from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual.contact_sheet import LARGE, draw_pages
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import DISPLAYS, RigSettings

LOOK_US = 700_000
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
WORDS_TO_CHIP = (
    2  # the interpreter's words are 64 bits wide: a program needs up to twice the heap of the chip
)


@pytest.fixture(scope="module")
def seen():
    """By display: pictures at rest, in a set, at its end in a mirror; and the rig's own words."""
    return {display: look_at(display) for display in DISPLAYS}


def look_at(display: str) -> dict[str, object]:
    athlete = Athlete().stand(0.5).walk(2, speed_mps=0.8).stand(60)
    with VirtualRig(athlete, settings=RigSettings(display=display), seed=2) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        rig.run_for(LOOK_US)
        found: dict[str, object] = {"idle": rig.display_image(), "free": heap_free(rig, client)}
        rig.start_belt()
        rig.run_for(2_500_000)
        found["run"] = rig.display_image()
        rig.run_for(5_000_000)
        found["info"] = client.info()
        found["end"] = rig.display_image()
        client.request("setting", "mirror", "on")
        rig.power_cut()
        rig.power_on()
        client.hello()
        rig.run_for(LOOK_US)
        found["mirror"] = rig.display_image()
        found["longest"] = rig.board.large.longest
    return found


def heap_free(rig: VirtualRig, client: RigClient) -> int:
    """What a collection leaves: the most that is free at some moments, since garbage lies there at the others."""
    free = []
    for _ in range(14):
        rig.run_for(370_000)
        free.append(client.info()["heap_free"])
    return max(free)


def test_both_small_panels_show_the_same_picture(seen):
    for page, top in (
        ("idle", 64),
        ("end", 28),
        ("mirror", 64),
    ):  # below a set's pace stands a pull of its own
        pictures = [seen[display][page].crop((0, 0, 128, top)) for display in ("sh1106", "ssd1306")]
        assert pictures[0].tobytes() == pictures[1].tobytes() and pictures[0].getbbox()


def test_the_large_panel_shows_the_page_that_its_drawing_code_draws(seen):
    drawn = draw_pages(LARGE[0])["idle"]
    glass = seen["st7789"]["idle"]
    words = (0, 0, 320, 150)  # below stand speed and force, which differ
    assert glass.crop(words).tobytes() == drawn.crop(words).tobytes()


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_mirror_makes_the_mirrored_picture_right(display, seen):
    plain, mirrored = seen[display]["idle"], ImageOps.mirror(seen[display]["mirror"])
    assert isinstance(plain, Image.Image)
    top = (0, 0, plain.width, plain.height // 2)
    assert mirrored.crop(top).tobytes() == plain.crop(top).tobytes()


@pytest.mark.parametrize("display", DISPLAYS)
def test_no_panel_costs_a_sample(display, seen):
    info = seen[display]["info"]
    assert info["sets"] == 1 and info["lost"] == 0 and info["dropped"] == 0
    assert seen[display]["run"].getbbox()


def test_a_square_panel_is_a_matter_of_the_board_file():
    files = {path.as_posix(): (board_files.root() / path).read_bytes() for path in board_files.files()}
    files["board.py"] = files["board.py"].replace(b"TFT_WIDTH = 320", b"TFT_WIDTH = 240")
    size = LARGE[1]
    with VirtualRig(Athlete().stand(1), files=files, settings=RigSettings(display="st7789"), seed=2) as rig:
        for setting in ("off", "on"):
            rig.power_on()
            client = RigClient(rig.open_port())
            client.hello()
            rig.run_for(LOOK_US)
            words = (0, 0, size[0], 150)  # below stand speed and force, which differ
            glass = rig.display_image() if setting == "off" else ImageOps.mirror(rig.display_image())
            assert glass.size == size
            assert glass.crop(words).tobytes() == draw_pages(size)["idle"].crop(words).tobytes()
            client.request("setting", "mirror", "on")
            rig.power_cut()


def test_the_large_panel_takes_strips_and_little_memory(seen):
    assert 0 < seen["st7789"]["longest"] <= 2560  # 1 ms at 20 MHz
    assert seen["ssd1306"]["free"] - seen["st7789"]["free"] < 4096 * WORDS_TO_CHIP


@pytest.mark.parametrize("most_mmps", [600, 1500])
def test_a_limit_is_seen_even_with_the_sound_off(most_mmps):
    block = {"kind": "work", "target": "time", "amount": 60_000, "speed_max_mmps": most_mmps}
    with VirtualRig(Athlete().stand(5).walk(5, speed_mps=0.9, is_even=True).stand(1), seed=2) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        client.request("setting", "sound", "off")
        choose_plan(client, push_plan(client, {"id": "p", "name": "P", "blocks": [block]}))
        rig.start_belt()
        rig.run_for(8_000_000)
        assert client.info()["phase"] == "running"
        assert rig.board.oled.is_inverted == (most_mmps < 900)


def test_whoever_calibrates_sees_code_and_count_on_the_display_too():
    with VirtualRig(Athlete().stand(1), seed=2) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        rig.run_for(2_000_000)
        before = rig.display_image()
        client.request("raw")
        rig.run_for(LOOK_US)
        during = rig.display_image()
        rig.run_for(3_000_000)
        words = (0, 0, 128, 32)  # below stand speed and force
        assert during.crop(words).tobytes() != before.crop(words).tobytes()
        assert rig.display_image().crop(words).tobytes() == before.crop(words).tobytes()


def test_a_flashing_glass_shows_no_tint_turned_into_another():
    """In the last two metres the panel is inverted and back: green would become red for a moment."""
    block = {"kind": "work", "target": "distance", "amount": 5000, "speed_mmps": [700, 1100]}
    athlete = Athlete().stand(5).walk(6, speed_mps=0.9, is_even=True).stand(1)
    with VirtualRig(athlete, settings=RigSettings(display="st7789"), seed=2) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        choose_plan(client, push_plan(client, {"id": "p", "name": "P", "blocks": [block]}))
        rig.start_belt()
        rig.run_for(7_500_000)
        looks = [pixels(rig)]
        assert len(looks[0]) == 3, "black, white and green while the band is kept"
        while client.info()["phase"] == "running":
            rig.run_for(60_000)
            looks.append(pixels(rig))
        assert frozenset({BLACK, WHITE}) in looks
        assert all(look <= looks[0] for look in looks)


def pixels(rig: VirtualRig) -> frozenset[tuple[int, int, int]]:
    """The colours on a large panel's glass."""
    shown = rig.board.large.colours().getcolors()
    assert shown, "more than 256 colours"
    return frozenset(colour for _, colour in shown)  # type: ignore[misc]
