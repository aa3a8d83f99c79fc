"""Bus time of each page in its worst case: when nothing on the panel can stay."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.contact_sheet import HEIGHT, LARGE, WIDTH, Size, draw_pages, strips
from retrorig.virtual.parts.i2c import I2cBus

TILE = (64, 8)
TILE_MESSAGES = (8, 65)  # the window, then control byte and columns
ADDRESS, BAUD = 0x3C, 20_000_000
BEFORE_PIXELS = (1, 4, 1, 4, 1)  # columns, rows, "write"


@dataclass(frozen=True)
class Cost:
    """`slices` transfers, between which samples are taken, of so many bytes; all of them, and the longest."""

    page: str
    slices: int
    bytes: int
    total_ms: float
    longest_ms: float


def small() -> list[Cost]:
    """Of a page after the one that differs from it in the most tiles."""
    pages = {name: page.crop((0, 0, WIDTH, HEIGHT)) for name, page in draw_pages().items()}
    slice_ms = _i2c_ms()
    found = []
    for name, page in pages.items():
        n = max(_tiles_apart(page, before) for before in pages.values())
        found.append(Cost(name, n, n * (sum(TILE_MESSAGES) + 2), n * slice_ms, slice_ms))
    return found


def large(size: Size = LARGE[0]) -> list[Cost]:
    """Of a page after the one that takes the longest to blacken: more than any change really takes."""
    pages = strips(size)
    blackest = max((black for _, black in pages.values()), key=lambda sizes: sum(map(_spi_ms, sizes)))
    found = []
    for name, (painting, _) in pages.items():
        sent = [*blackest, *painting]
        taken_ms = [_spi_ms(n) for n in sent]
        each = sum(BEFORE_PIXELS)
        found.append(Cost(name, len(sent), sum(sent) + each * len(sent), sum(taken_ms), max(taken_ms)))
    return found


def _tiles_apart(page: Image.Image, before: Image.Image) -> int:
    boxes = [
        (x, y, x + TILE[0], y + TILE[1]) for y in range(0, HEIGHT, TILE[1]) for x in range(0, WIDTH, TILE[0])
    ]
    return sum(page.crop(box).tobytes() != before.crop(box).tobytes() for box in boxes)


def _i2c_ms() -> float:
    clock = Clock()
    bus = I2cBus(clock)
    bus.devices[ADDRESS] = lambda data: True
    for n in TILE_MESSAGES:
        bus.write(ADDRESS, bytes(n))
    return clock.now_ns / costs.MS


def _spi_ms(pixel_bytes: int) -> float:
    """As virtual.parts.spi.Spi counts a write."""
    writes = (*BEFORE_PIXELS, pixel_bytes)
    setup_ns = sum(costs.SPI_SETUP + (costs.SPI_DMA if n > 4 else 0) for n in writes)
    return (setup_ns + sum(writes) * 8 * costs.S // BAUD) / costs.MS
