"""Every page of the display in awkward states, as the real drawing code makes them under MicroPython."""

from __future__ import annotations

import subprocess
from pathlib import Path

from PIL import Image, ImageDraw

from retrorig import board_files
from retrorig.errors import RetrorigError
from retrorig.virtual.cpu import interpreter

WIDTH, HEIGHT = 128, 64
ROOM = (192, 96)
"""The pages are drawn with room beside and below the panel, so that what would be cut off is seen."""

SCALE = 2
COLUMNS = 4
LABEL = 14
GAP = 6
_DRAW = Path(__file__).parent / "mpy" / "draw_pages.py"


def draw_pages() -> dict[str, Image.Image]:
    """Pictures by name, mode "1", of the panel and the room right of and below it."""
    command = [interpreter(), "-X", "heapsize=1m", str(_DRAW), str(board_files.root())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise RetrorigError(f"The pages can't be drawn: {done.stdout.strip()[-200:]}")
    lines = (line.partition("|") for line in done.stdout.splitlines())
    return {name: _image(bytes.fromhex(frame)) for name, _, frame in lines}


def contact_sheet(path: Path) -> None:
    """One picture of all pages, each with its name."""
    pages = draw_pages()
    cell_w, cell_h = WIDTH * SCALE + GAP, HEIGHT * SCALE + LABEL + GAP
    rows = -(-len(pages) // COLUMNS)
    sheet = Image.new("L", (COLUMNS * cell_w + GAP, rows * cell_h + GAP), 90)
    pen = ImageDraw.Draw(sheet)
    for number, (name, page) in enumerate(pages.items()):
        x, y = GAP + number % COLUMNS * cell_w, GAP + number // COLUMNS * cell_h
        pen.text((x, y), name, fill=255)
        page = page.crop((0, 0, WIDTH, HEIGHT))
        sheet.paste(page.resize((WIDTH * SCALE, HEIGHT * SCALE)).convert("L"), (x, y + LABEL))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def _image(frame: bytes) -> Image.Image:
    """A frame buffer of columns of eight, lowest bit at the top."""
    width, height = ROOM
    image = Image.new("1", ROOM)
    image.putdata([frame[y // 8 * width + x] >> y % 8 & 1 for y in range(height) for x in range(width)])
    return image
