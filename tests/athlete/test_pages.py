"""Every page, drawn by the board's code under MicroPython: nothing is cut off, and what counts is tall."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from app import controls
from app.layout import wrap
from retrorig import board_files
from retrorig.virtual.contact_sheet import HEIGHT, ROOM, WIDTH, contact_sheet, draw_pages
from rigcore import plausibility

PAGES = draw_pages()
FULL_HEIGHT = (
    "run free",
    "run left",
    "run near",
    "run 100",
    "run 9999",
    "run time",
    "run steps",
    "countdown",
)


def box(page: Image.Image) -> tuple[int, int, int, int]:
    found = page.getbbox()
    assert found, "the page is empty"
    return found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(name):
    assert PAGES[name].size == ROOM
    _, _, right, bottom = box(PAGES[name])
    assert right <= WIDTH and bottom <= HEIGHT


@pytest.mark.parametrize("name", FULL_HEIGHT)
def test_the_number_fills_the_panel(name):
    number = PAGES[name].crop((0, 0, 99, HEIGHT))
    _, top, _, bottom = box(number)
    assert top <= 1 and bottom >= HEIGHT - 1


def test_the_band_tells_low_from_in_from_high_by_place_alone():
    marks = [PAGES[name].crop((121, 0, 127, HEIGHT)) for name in ("band low", "band in", "band high")]
    filled = [[y for y in range(HEIGHT) if all(mark.getpixel((x, y)) for x in range(6))] for mark in marks]
    low, inside, high = ([y for y in rows if y not in (22, 41)] for rows in filled)
    assert min(low) > 41 and 22 < min(inside) < max(inside) < 41 and max(high) < 23


REFUSED = re.findall(
    r'RequestError\(\w+, "(.+)"\)', (board_files.root() / "app" / "taring.py").read_text("utf-8")
)


@pytest.mark.parametrize("words", [controls.FULL, controls.NO_CELL])
def test_a_fault_is_said_whole(words):
    assert len(wrap(words, WIDTH // 8, 99)) <= 3


@pytest.mark.parametrize("words", [*REFUSED, *plausibility.DOUBTS])
def test_a_message_is_said_whole(words):
    assert len(REFUSED) >= 2
    assert len(wrap(words, WIDTH // 8, 99)) <= 4


def test_the_contact_sheet_shows_every_page(tmp_path):
    contact_sheet(tmp_path / "pages" / "sheet.png")
    with Image.open(tmp_path / "pages" / "sheet.png") as sheet:
        assert sheet.width > 4 * WIDTH and sheet.height > len(PAGES) / 4 * HEIGHT
