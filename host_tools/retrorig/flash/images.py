"""Checks MicroPython images and takes them apart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from retrorig.errors import InputError
from retrorig.flash import app_image
from retrorig.flash.chips import IMAGE_IDS, Chip
from retrorig.flash.table import TABLE_AT, TABLE_SIZE, decoded
from retrorig.partitions import PartitionEntry
from retrorig.texts import read_file

OLDEST = (1, 26)
"""The first MicroPython with `esp32.PCNT`."""

BYTES_MAX = 1 << 24
"""16 MB, the largest flash of a board."""

_MAGIC = 0xE9
_BANNER = re.compile(rb"MicroPython v(\d+)\.(\d+)\.(\d+)")
_SIZES_MB = (1, 2, 4, 8, 16, 32, 64, 128)  # upper four bits of the fourth byte of an image


@dataclass(frozen=True)
class Image:
    """An image, taken apart, so that what lies between (settings in NVS, the partition table) can be kept."""

    version: tuple[int, ...]
    sha256: str
    loader: bytes
    table: tuple[PartitionEntry, ...]
    app: bytes

    @property
    def app_at(self) -> int:
        """Address of the application."""
        return _app_partition(self.table).address


def read_image(path: Path) -> bytes:
    """The bytes of an image file."""
    return read_file(path, "image", BYTES_MAX)


def take_apart(content: bytes, chip: Chip, name: str) -> Image:
    """The parts of an image for `chip`; InputError tells what is wrong with it."""
    _check_chip(content, chip, name)
    table = decoded(content[TABLE_AT - chip.image_at :][:TABLE_SIZE])
    if table is None:
        raise InputError(f"{name} holds no partition table: take the .bin file, not the .app-bin file.")
    app = content[_app_partition(table).address - chip.image_at :]
    banner = _BANNER.search(app)
    if banner is None or app[0] != _MAGIC:
        raise InputError(f"{name} holds no MicroPython: take {chip.board} from micropython.org.")
    version = tuple(map(int, banner.groups()))
    check_version(version)
    if not app_image.is_intact(app):
        raise InputError(
            f"{name} is damaged or incomplete: its application's own sums are wrong. Fetch it again."
        )
    loader = content[: TABLE_AT - chip.image_at].rstrip(b"\xff")
    return Image(version, hashlib.sha256(content).hexdigest(), loader, tuple(table), app)


def check_version(version: tuple[int, ...]) -> None:
    """InputError when this MicroPython is too old."""
    if version < OLDEST:
        raise InputError(
            f"MicroPython {'.'.join(map(str, version))} is too old: the pulse counter needs 1.26 or newer."
        )


def flash_size(loader: bytes) -> int | None:
    """Bytes of flash that a boot loader believes in, from its header; None when it is none.

    It refuses a partition that ends beyond, so that is the limit even on a bigger chip.
    """
    if len(loader) < 4 or loader[0] != _MAGIC or loader[3] >> 4 >= len(_SIZES_MB):
        return None
    return _SIZES_MB[loader[3] >> 4] << 20


def _check_chip(content: bytes, chip: Chip, name: str) -> None:
    if len(content) < TABLE_AT or content[0] != _MAGIC:
        raise InputError(f"{name} is no image of an ESP32: take {chip.board} from micropython.org.")
    made_for = int.from_bytes(content[12:14], "little")
    if made_for != chip.image_id:
        raise InputError(
            f"{name} is for an {IMAGE_IDS.get(made_for, 'unknown chip')} and this is an {chip.name}: take {chip.board}."
        )


def _app_partition(table: tuple[PartitionEntry, ...] | list[PartitionEntry]) -> PartitionEntry:
    apps = [entry for entry in table if entry.kind == 0]
    if not apps:
        raise InputError("The image's partition table has no place for an application: take another image.")
    return apps[0]
