"""The partition table against ESP-IDF's description of its bytes."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from retrorig.flash.table import TABLE_SIZE, decoded, encoded
from retrorig.partitions import SECTOR, STOCK, PartitionEntry, with_setlog

LABELS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=15)
ENTRIES = st.lists(
    st.builds(
        PartitionEntry,
        st.integers(0, 0xFF),
        st.integers(0, 0xFF),
        st.integers(0, 0xFFFFFFFF),
        st.integers(0, 0xFFFFFFFF),
        LABELS,
    ),
    max_size=20,
)


def test_an_entry_has_the_bytes_that_the_boot_loader_reads() -> None:
    nvs = bytes.fromhex("aa50 01 02 00900000 00600000") + b"nvs".ljust(16, b"\0") + bytes(4)
    raw = encoded(STOCK[:1])
    assert raw[:32] == nvs
    assert raw[32:64] == b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(nvs).digest()
    assert raw[64:] == b"\xff" * (TABLE_SIZE - 64)


@given(ENTRIES)
def test_what_is_written_is_read_back(entries: list[PartitionEntry]) -> None:
    assert decoded(encoded(entries)) == entries


@given(st.integers(0, 32 * len(STOCK) + 31), st.integers(1, 255))
def test_a_changed_byte_makes_it_no_table(at: int, change: int) -> None:
    raw = bytearray(encoded(STOCK))
    raw[at] ^= change
    assert decoded(raw) is None


def test_each_partition_has_the_kind_by_which_it_is_looked_for() -> None:
    """ESP-IDF's boot loader looks for an application and NVS, MicroPython for a file system, the firmware for sets."""
    table = {entry.label: (entry.kind, entry.subtype) for entry in with_setlog(STOCK, 4 << 20)}
    assert table == {
        "nvs": (1, 2),
        "phy_init": (1, 1),
        "factory": (0, 0),
        "vfs": (1, 0x81),
        "setlog": (1, 0x40),
    }
    assert [(entry.address, entry.size) for entry in STOCK] == [
        (0x9000, 0x6000), (0xF000, 0x1000), (0x10000, 0x1F0000),
    ]  # fmt: skip


def test_a_blank_flash_has_no_table() -> None:
    assert decoded(b"\xff" * TABLE_SIZE) is None


@given(st.sampled_from([4, 8, 16]))
def test_the_rigs_table_divides_the_flash_without_gap_or_overlap(flash_mb: int) -> None:
    table = with_setlog(STOCK, flash_mb << 20)
    assert tuple(table[:3]) == STOCK, "what the boot loader and NVS use stays where it is"
    for before, after in zip(table, table[1:]):
        assert before.address + before.size == after.address
        assert after.address % SECTOR == after.size % SECTOR == 0
    assert table[-1].address + table[-1].size == flash_mb << 20
    assert with_setlog(table, flash_mb << 20) == table, "made from its own result it is the same"
