"""Draws firmware/app/fonts/faces.bin from DejaVu Sans. Run by hand when a face changes; the output is committed.

    .venv/bin/python host_tools/generators/make_fonts.py

Committed rather than made by `make firmware`, because the pictures must not depend on which FreeType a
builder's computer has. File, a face after the other: first character u8, characters u8, height u8, each
character's width u8, then the characters' rows from the top, leftmost pixel in the top bit, rows padded to bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

OUT = Path(__file__).resolve().parents[2] / "firmware" / "app" / "fonts" / "faces.bin"
DIGITS = "-./0123456789:"  # neighbours in ASCII; the slash is never drawn
PRINTABLE = "".join(map(chr, range(32, 127)))
MASTER_PX = 400

# In the order of app/canvas.py. (file, pixels, cell width, cell height)
TEXT_FACES = (("DejaVuSansMono.ttf", 10, 6, 10), ("DejaVuSansMono-Bold.ttf", 13, 8, 15))
# (width, height) of a digit. 64 rows fill the panel, 40 leave two lines of words.
DIGIT_FACES = ((7, 13), (44, 64), (30, 64), (28, 40), (22, 64), (17, 40))


def main() -> int:
    """Write every face."""
    folder = _font_folder()
    faces = [
        _packed(PRINTABLE, [_letter(folder / file, c, pixels, width, height) for c in PRINTABLE])
        for file, pixels, width, height in TEXT_FACES
    ]
    faces += [
        _packed(DIGITS, [_digit(folder, c, width, height) for c in DIGITS]) for width, height in DIGIT_FACES
    ]
    OUT.write_bytes(b"".join(faces))
    return 0


def _font_folder() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _digit(folder: Path, char: str, width: int, height: int) -> Image.Image:
    """A digit squeezed into its cell, with a gap at its right; point, colon and minus are drawn to match."""
    gap = max(1, width // 14)
    bar = max(2, width // 5)
    if char in ".:-/":
        return _mark(char, bar, gap, width, height)
    font = ImageFont.truetype(str(folder / "DejaVuSans-Bold.ttf"), MASTER_PX)
    left, _, right, _ = font.getbbox(char)
    _, digit_top, _, digit_bottom = font.getbbox("0")
    master = Image.new("L", (int(right - left), int(digit_bottom - digit_top)))
    ImageDraw.Draw(master).text((-left, -digit_top), char, font=font, fill=255)
    cell = Image.new("1", (width, height))
    ink = (width - gap) if char != "1" else (width - gap) * 4 // 5
    small = master.resize((ink, height), Image.Resampling.LANCZOS)
    cell.paste(
        small.point([255 * (level > 110) for level in range(256)]).convert("1"), ((width - gap - ink) // 2, 0)
    )
    return cell


def _mark(char: str, bar: int, gap: int, width: int, height: int) -> Image.Image:
    cell_width = {".": bar + gap, ":": bar + gap, "-": width * 3 // 5, "/": 1}[char]
    cell = Image.new("1", (cell_width, height))
    draw = ImageDraw.Draw(cell)
    dot = bar - 1
    tall = max(dot, height // 9) - 1
    if char == ".":
        draw.rectangle((0, height - 1 - tall, dot, height - 1), fill=1)
    elif char == ":":
        for y in (height // 3, height * 3 // 4):
            draw.rectangle((0, y - tall // 2, dot, y - tall // 2 + tall), fill=1)
    elif char == "-":
        draw.rectangle((0, (height - tall) // 2, cell_width - gap - 1, (height - tall) // 2 + tall), fill=1)
    return cell


def _letter(path: Path, char: str, pixels: int, width: int, height: int) -> Image.Image:
    font = ImageFont.truetype(str(path), pixels)
    cell = Image.new("1", (width, height))
    draw = ImageDraw.Draw(cell)
    draw.fontmode = "1"
    draw.text((0, height * 4 // 5), char, font=font, fill=1, anchor="ls")
    return cell


def _packed(chars: str, cells: list[Image.Image]) -> bytes:
    head = bytes((ord(chars[0]), len(chars), cells[0].height, *(cell.width for cell in cells)))
    return head + b"".join(cell.tobytes() for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
