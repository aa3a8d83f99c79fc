"""The large display's stand-in against the command table of the ST7789's datasheet."""

from __future__ import annotations

import pytest

from retrorig.virtual.parts.st7789 import COLUMNS, ROWS, St7789

RED, GREEN, BLUE, GREY, WHITE = 0xF800, 0x07E0, 0x001F, 0x8410, 0xFFFF
BLACK = (0, 0, 0)


def panel(direction: int = 0, width: int = COLUMNS, height: int = ROWS) -> St7789:
    made = St7789(width, height)
    made.light = 40_000
    for command, arguments in (
        (0x11, b""),
        (0x3A, b"\x55"),
        (0x36, bytes([direction])),
        (0x21, b""),
        (0x29, b""),
    ):
        tell(made, command, arguments)
    return made


def tell(display: St7789, command: int, arguments: bytes = b"") -> None:
    display.write(bytes([command]), False)
    display.write(arguments, True)


def fill(display: St7789, x: tuple[int, int], y: tuple[int, int], pixels: list[int]) -> None:
    for command, (first, last) in ((0x2A, x), (0x2B, y)):
        tell(display, command, first.to_bytes(2, "big") + last.to_bytes(2, "big"))
    tell(display, 0x2C, b"".join(pixel.to_bytes(2, "big") for pixel in pixels))


@pytest.mark.parametrize(
    ("direction", "places"),
    [
        (0x00, [(10, 300), (11, 300), (10, 301), (11, 301)]),
        (0x40, [(229, 300), (228, 300), (229, 301), (228, 301)]),
        (0x80, [(10, 19), (11, 19), (10, 18), (11, 18)]),
        (0xC0, [(229, 19), (228, 19), (229, 18), (228, 18)]),
    ],
)
def test_pixels_fill_a_window_row_by_row_in_the_direction_that_was_set(
    direction: int, places: list[tuple[int, int]]
) -> None:
    display = panel(direction)
    fill(display, (10, 11), (300, 301), [WHITE, GREEN, BLUE, GREY, RED])
    seen = display.colours()
    assert [seen.getpixel(place) for place in places] == [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (131, 129, 131),
    ]
    assert sum(n for n, colour in seen.getcolors() if colour != BLACK) == 4
    assert display.image().getbbox() == seen.getbbox() and display.longest == 10


def test_rows_and_columns_change_places_and_a_panel_on_its_side_is_looked_at_from_there() -> None:
    display = panel(0x20)
    fill(display, (300, 301), (10, 11), [RED, GREEN, BLUE])
    seen = display.colours()
    assert [seen.getpixel(place) for place in ((10, 300), (10, 301), (11, 300))] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255),
    ]  # fmt: skip
    lying = panel(0x60, ROWS, COLUMNS)
    fill(lying, (0, 1), (0, 0), [RED, GREEN])
    assert [lying.colours().getpixel((x, 0)) for x in (0, 1, 2)] == [(255, 0, 0), (0, 255, 0), BLACK]


@pytest.mark.parametrize(("command", "back"), [(0x10, 0x11), (0x28, 0x29)])
def test_asleep_off_or_in_the_dark_nothing_is_seen_and_what_was_written_is_kept(
    command: int, back: int
) -> None:
    display = panel()
    fill(display, (0, 0), (0, 0), [RED])
    tell(display, command)
    assert display.image().getbbox() is None
    tell(display, back)
    assert display.image().getbbox() == (0, 0, 1, 1)
    display.light = 0
    assert display.colours().getbbox() is None


def test_its_glass_turns_black_and_white_round_unless_told_not_to_and_a_reset_forgets_all_settings() -> None:
    display = panel()
    tell(display, 0x20)
    assert display.colours().getcolors() == [(COLUMNS * ROWS, (255, 255, 255))]
    tell(display, 0x01)
    assert (display.is_on, display.is_awake, display.is_inverted) == (False, False, False)
    for command, arguments in ((0x11, b""), (0x29, b""), (0x21, b""), (0x3A, b"\x55")):
        tell(display, command, arguments)
    tell(display, 0x2C, GREEN.to_bytes(2, "big") * COLUMNS * ROWS + RED.to_bytes(2, "big"))
    seen = display.colours()
    assert (seen.getpixel((0, 0)), seen.getpixel((COLUMNS - 1, ROWS - 1))) == ((255, 0, 0), (0, 255, 0))
    assert len(seen.getcolors()) == 2, "the window is the whole memory again"
