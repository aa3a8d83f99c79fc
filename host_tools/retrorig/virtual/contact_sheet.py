"""Every page of the display in awkward states, as the real drawing code makes them under MicroPython."""

from __future__ import annotations

import subprocess
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from retrorig import board_files
from retrorig.errors import RetrorigError
from retrorig.virtual.cpu import interpreter

WIDTH, HEIGHT = 128, 64
ROOM = (192, 96)
"""The pages are drawn with room beside and below the panel, so that what would be cut off is seen."""

LARGE = ((320, 240), (240, 240))
Size = tuple[int, int]
SCALE = 2
SHEET_WIDTH = 1970
LABEL = 14
GAP = 6
CHOSEN = {  # page: what it is for
    "idle plan": "choose a plan",
    "armed": "the next set",
    "countdown": "3, 2, 1",
    "run left": "what is left of a set",
    "band in": "inside the target band",
    "band far": "far too much",
    "pace ahead": "metres ahead of one's last time",
    "trace": "force: last step, peak, scale",
    "summary": "what the set was",
    "rest red": "rest, and the coach's rule",
    "rating 10": "effort and pain, tapped in",
    "fault cell": "what is wrong, and the mend",
}
CHOSEN_WIDTH = 985
_LIT = [0, *[255] * 255]
"""By brightness: whatever is not black is lit."""

_DRAW = Path(__file__).parent / "mpy" / "draw_pages.py"


def draw_pages(size: Size | None = None, backward: bool = False) -> dict[str, Image.Image]:
    """Pictures by name, mode "1": of the small panel with ROOM right of and below it, or of a large one of this size.

    A large one shows a page after the other; `backward` begins with the last.
    """
    if size:
        coloured = draw_coloured(size, backward)
        return {name: page.convert("L").point(_LIT).convert("1") for name, page in coloured.items()}
    return {name: _image(frame) for name, frame in _frames(None, backward)}


def draw_coloured(size: Size, backward: bool = False) -> dict[str, Image.Image]:
    """The same of a large panel, mode "RGB"."""
    return {name: _picture(frame, size) for name, frame in _frames(size, backward)}


def _frames(size: Size | None, backward: bool) -> Iterator[tuple[str, bytes]]:
    for line in _run(size, ["reversed"] if backward else []):
        name, _, frame = line.partition("|")
        yield name, bytes.fromhex(frame)


def strips(size: Size) -> dict[str, tuple[list[int], list[int]]]:
    """By page of a large panel: bytes of each strip that draws it on black glass, and of each that blackens it."""
    parts = (line.split("|") for line in _run(size, ["costs"]))
    return {name: tuple([int(n) for n in sizes.split(",")] for sizes in both) for name, *both in parts}  # type: ignore[misc]


def _run(size: Size | None, more: list[str]) -> list[str]:
    command = [
        interpreter(),
        "-X",
        "heapsize=16m",
        str(_DRAW),
        str(board_files.root()),
        *map(str, size or ()),
    ]
    done = subprocess.run([*command, *more], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise RetrorigError(f"The pages can't be drawn: {done.stdout.strip()[-200:]}")
    return done.stdout.splitlines()


def chosen_sheet(path: Path) -> None:
    """One picture of the pages that matter most, on the panel that is read from farthest, each with what it is for."""
    pages = draw_coloured(LARGE[0])
    sheet = _sheet({caption: pages[name] for name, caption in CHOSEN.items()}, CHOSEN_WIDTH)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, optimize=True)


def contact_sheet(path: Path) -> None:
    """One picture of all pages on the small panel and on the large ones, each with its name."""
    small = {name: _enlarged(page.crop((0, 0, WIDTH, HEIGHT))) for name, page in draw_pages().items()}
    sheets = [_sheet(pages) for pages in (small, *map(draw_coloured, LARGE))]
    whole = Image.new("RGB", (max(s.width for s in sheets), sum(s.height for s in sheets)), "white")
    y = 0
    for sheet in sheets:
        whole.paste(sheet, (0, y))
        y += sheet.height
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.save(path, optimize=True)


def _enlarged(page: Image.Image) -> Image.Image:
    return page.resize((page.width * SCALE, page.height * SCALE), Image.Resampling.NEAREST)


def _sheet(pages: dict[str, Image.Image], sheet_width: int = SHEET_WIDTH) -> Image.Image:
    width, height = next(iter(pages.values())).size
    cell_w, cell_h = width + GAP, height + LABEL + GAP
    columns = sheet_width // cell_w
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", (columns * cell_w + GAP, rows * cell_h + GAP), "white")
    pen = ImageDraw.Draw(sheet)
    pen.fontmode = "1"
    for number, (name, page) in enumerate(pages.items()):
        x, y = GAP + number % columns * cell_w, GAP + number // columns * cell_h
        pen.text((x, y), name, fill="black")
        sheet.paste(page, (x, y + LABEL))
    return sheet


def _picture(frame: bytes, size: Size) -> Image.Image:
    """Of pixels of 5, 6 and 5 bits, the higher byte first."""
    pixels = array("H", frame)
    pixels.byteswap()
    return Image.frombytes("RGB", size, pixels.tobytes(), "raw", "BGR;16")


def _image(frame: bytes) -> Image.Image:
    """A frame buffer of columns of eight, lowest bit at the top."""
    width, height = ROOM
    image = Image.new("1", ROOM)
    image.putdata([frame[y // 8 * width + x] >> y % 8 & 1 for y in range(height) for x in range(width)])
    return image


if __name__ == "__main__":
    contact_sheet(Path(sys.argv[1]))
    chosen_sheet(Path(sys.argv[2]))
