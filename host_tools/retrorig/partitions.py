"""Partition tables of the flash: those that `retrorig flash` writes and the virtual rig has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SECTOR = 4096
VFS_SIZE = 0x60000
"""The file system. The firmware takes some 180 KB of it, each file whole sectors; an update lies beside it at first."""

VFS, SETLOG = "vfs", "setlog"
DATA, SUBTYPE_FAT, SUBTYPE_SETLOG = 1, 0x81, 0x40


class PartitionEntry(NamedTuple):
    """One partition; address and size in bytes."""

    kind: int
    subtype: int
    address: int
    size: int
    label: str


STOCK = (
    PartitionEntry(DATA, 0x02, 0x9000, 0x6000, "nvs"),
    PartitionEntry(DATA, 0x01, 0xF000, 0x1000, "phy_init"),
    PartitionEntry(0, 0x00, 0x10000, 0x1F0000, "factory"),
)
"""MicroPython's own table on ESP32 and ESP32-S3: it makes a file system of all that is left when it starts."""


def with_setlog(stock: Iterable[PartitionEntry], flash_size: int) -> list[PartitionEntry]:
    """The stock table with a smaller file system and, in the rest of `flash_size` bytes, the sets' own partition."""
    kept = [entry for entry in stock if entry.label not in (VFS, SETLOG)]
    vfs_at = max(entry.address + entry.size for entry in kept)
    log_at = vfs_at + VFS_SIZE
    vfs = PartitionEntry(DATA, SUBTYPE_FAT, vfs_at, VFS_SIZE, VFS)
    return [*kept, vfs, PartitionEntry(DATA, SUBTYPE_SETLOG, log_at, flash_size - log_at, SETLOG)]


def without_setlog(stock: Iterable[PartitionEntry], flash_size: int) -> list[PartitionEntry]:
    """The stock table as a started MicroPython shows it: with the file system that it made."""
    kept = list(stock)
    vfs_at = max(entry.address + entry.size for entry in kept)
    return [*kept, PartitionEntry(DATA, SUBTYPE_FAT, vfs_at, flash_size - vfs_at, VFS)]
