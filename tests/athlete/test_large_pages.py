"""Every page on the large panels: whole, independent of what was shown before, readable from where it is said."""

from __future__ import annotations

import re
from math import atan, degrees, radians, tan
from pathlib import Path

import pytest
from hardware.derive import source
from PIL import Image

from retrorig.virtual.contact_sheet import HEIGHT, LARGE, WIDTH, chosen_sheet, contact_sheet, draw_pages

SMALL = draw_pages()
PAGES = {size: draw_pages(size) for size in LARGE}
DISPLAY_MD = Path(__file__).parents[2] / "firmware" / "DISPLAY.md"
SURE_ARCMIN = 16  # ISO 9241-303: characters subtend at least 16 minutes of arc, 20 to 22 are preferred


def number_height(page: Image.Image) -> int:
    """Rows of the run page's number, which stands in the left three quarters."""
    box = page.crop((0, 0, page.width * 98 // 128, page.height)).getbbox()
    assert box
    return box[3] - box[1]


KINDS = {  # what an athlete reads beside the huge number: (page, box in units of 128 x 64)
    "tall": ("rest", (0, 0, 128, 40)),
    "small": ("run left", (100, 10, 128, 24)),
    "words": ("idle", (0, 0, 8, 15)),
    "smallest": ("settings", (0, 0, 6, 10)),
}


def rows_of(pages: dict[str, Image.Image], height: int, kind: str) -> int:
    """Rows that a digit or capital of this kind takes on a panel of this height."""
    name, (left, top, right, low) = KINDS[kind]
    page = pages[name]
    wide = WIDTH if height == HEIGHT else page.width
    box = page.crop(
        (left * wide // WIDTH, top * height // HEIGHT, right * wide // WIDTH, low * height // HEIGHT)
    ).getbbox()
    assert box
    return box[3] - box[1]


def arcmin(mm: float, metres: float) -> float:
    return 60 * degrees(atan(mm / 1000 / metres))


def test_the_table_of_all_numbers_and_words_is_what_the_pages_give():
    """Each row: panel, height of the glass, and for each kind the minutes of arc at 3 m and how far it is sure."""
    text = DISPLAY_MD.read_text(encoding="utf-8")
    glasses = re.findall(r"^\| (\S.*?) \| (\d+) x (\d+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert len(glasses) >= 6
    for panel, width, height, glass_mm in glasses:
        pages = SMALL if int(height) == HEIGHT else PAGES[int(width), int(height)]
        found = [panel]
        for kind in KINDS:
            mm = rows_of(pages, int(height), kind) * float(glass_mm) / int(height)
            found += [f"{arcmin(mm, 3):.0f}", f"{mm / 1000 / tan(radians(SURE_ARCMIN / 60)):.1f}"]
        assert f"| {' | '.join(found)} |" in text


@pytest.mark.parametrize("size", LARGE)
def test_a_page_looks_the_same_after_any_other(size):
    assert {name: page.tobytes() for name, page in draw_pages(size, backward=True).items()} == {
        name: page.tobytes() for name, page in PAGES[size].items()
    }


@pytest.mark.parametrize("size", LARGE)
@pytest.mark.parametrize("name", SMALL)
def test_what_the_small_panel_shows_the_large_one_shows_in_the_same_place(size, name):
    """The ink of both has its middle in the same place within an eighth of the panel."""
    middles = []
    for page in (SMALL[name].crop((0, 0, WIDTH, HEIGHT)), PAGES[size][name]):
        left, top, right, bottom = page.getbbox() or (0, 0, 0, 0)
        middles.append(((left + right) / 2 / page.width, (top + bottom) / 2 / page.height))
    assert all(abs(small - large) < 1 / 8 for small, large in zip(*middles, strict=True))


@pytest.mark.parametrize("size", LARGE)
def test_digits_have_no_seams(size):
    """Where a digit is cut into slabs, a row of it is no emptier than both rows beside it."""
    page = PAGES[size]["run steps"].crop((0, 0, size[0] * 98 // 128, size[1]))
    rows = [page.crop((0, y, page.width, y + 1)).tobytes() for y in range(page.height)]
    ink = [sum(byte.bit_count() for byte in row) for row in rows]
    assert all(ink[y] >= min(ink[y - 1], ink[y + 1]) - 2 for y in range(1, page.height - 1))


def test_the_pictures_of_pages_are_up_to_date(tmp_path):
    """DISPLAY.md says how they are drawn again."""
    for draw, name in ((contact_sheet, "display-pages.png"), (chosen_sheet, "display-chosen.png")):
        draw(tmp_path / name)
        with Image.open(tmp_path / name) as now, Image.open(DISPLAY_MD.with_name(name)) as kept:
            assert now.size == kept.size and now.tobytes() == kept.tobytes()


def test_the_readme_s_picture_is_shown_large_enough_to_be_read_and_leads_to_the_whole_sheet():
    readme = (DISPLAY_MD.parents[1] / "README.md").read_text("utf-8")
    shown = re.search(
        r'<a href="firmware/display-pages.png"><img src="firmware/display-chosen.png" width="(\d+)"', readme
    )
    assert shown
    with Image.open(DISPLAY_MD.with_name("display-chosen.png")) as kept:
        assert int(shown[1]) / kept.width >= 0.8


def test_the_table_of_reading_distances_is_what_the_pages_give():
    """Each row of the table: panel, pixels, height of the glass, digits in pixels and mm, angles, distance."""
    text = DISPLAY_MD.read_text(encoding="utf-8")
    number = r"\| ([\d.]+) "
    rows = re.findall(rf"^\| (\S.*?) \| (\d+) x (\d+) {number * 6}\|$", text, re.MULTILINE)
    assert len(rows) >= 5
    parts = [
        entry["glass"]
        for part in source.load().parts
        if part["id"] == "display"
        for entry in (part, *part["alternative"])
    ]
    listed = {(float(row[3]), int(row[1]), int(row[2]), int(row[4])) for row in rows}
    assert {(glass["height_mm"], *glass["pixels"], glass["number_rows"]) for glass in parts} <= listed
    for _, width, height, glass_mm, *told in rows:
        pages = SMALL if int(height) == HEIGHT else PAGES[int(width), int(height)]
        tall = number_height(pages["run left"])
        mm = tall * float(glass_mm) / int(height)
        found = [f"{tall}", f"{mm:.1f}", *(f"{60 * degrees(atan(mm / 1000 / m)):.0f}" for m in (3, 5))]
        assert [*found, f"{mm / 1000 / tan(SURE_ARCMIN / 60 / 57.29578):.1f}"] == told
