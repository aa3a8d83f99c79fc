"""Opens the display, and says on it at once that the rig starts or why it does not; needed at the start alone."""

import time

import framebuf
import machine
from machine import Pin

from drivers.oled import HEIGHT, WIDTH
from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

STARTING = "Starting..."
CHARACTER_W = 8


def opened(board: "Any", words: str = STARTING) -> "tuple[Any, Any]":
    """Show `words`: (what the rig refreshes, the frame that pages draw into; None where the panel needs none)."""
    kind = _kind()
    if kind == "st7789":
        large = transient_import("app.largecanvas").LargeCanvas(_large_panel(board))
        large.line(words, 0, 24)
        while large.show_tile():
            pass
        return large, None
    i2c = machine.I2C(
        board.OLED_I2C_ID, scl=Pin(board.PIN_OLED_SCL), sda=Pin(board.PIN_OLED_SDA), freq=board.OLED_FREQ_HZ
    )
    panel = transient_import("drivers.oled").Panel(i2c, board.OLED_ADDR, kind == "sh1106")
    frame = framebuf.FrameBuffer(panel.buffer, WIDTH, HEIGHT, framebuf.MONO_VLSB)
    frame.text(words, (WIDTH - CHARACTER_W * len(words)) // 2, 28)
    panel.start()
    return panel, frame


def _kind() -> "str | None":
    """The display that the settings name; the module that knows all about them would take too long to load."""
    from . import keeping  # it stays until wiring.py has taken the rest

    return keeping.loaded(keeping.opened(), "settings").get("display")


def _large_panel(board: "Any") -> "Any":
    """On the wires of the small one and two more."""
    spi = machine.SPI(
        board.TFT_SPI_ID,
        baudrate=board.TFT_BAUD,
        polarity=0,
        phase=0,
        sck=Pin(board.PIN_OLED_SCL),
        mosi=Pin(board.PIN_OLED_SDA),
        miso=Pin(board.PIN_TFT_DC),  # an input must be named; the next lines make an output of it
    )
    select = Pin(board.PIN_TFT_DC, Pin.OUT)
    light = machine.PWM(Pin(board.PIN_TFT_BL), freq=1000, duty_u16=0)
    size = (board.TFT_WIDTH, board.TFT_HEIGHT)
    st7789 = transient_import("drivers.st7789")
    return st7789.Panel(spi, select, light, size, board.TFT_IS_INVERTED, time.sleep_ms)
