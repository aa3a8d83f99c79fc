"""A rig whose flash was erased, whole or in part: its numbers begin anew, its sets have names of their own."""

from __future__ import annotations

from pathlib import Path

from tests.walker_belt import WalkerBelt

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.partitions import STOCK, PartitionEntry, with_setlog
from retrorig.virtual.rig import VirtualRig

FLASH = 4 << 20
AFTER_US = 5_000_000
NVS, SETLOG = STOCK[0], with_setlog(STOCK, FLASH)[-1]
WHOLE = PartitionEntry(0, 0, 0, FLASH, "flash")


def set_of_a_visit(flash: Path, library: Library, chance: int, utc_s: float) -> str:
    """One short set, pulled: its id."""
    belt = WalkerBelt(sets=1, distance_m=1.5, wait_s=0.3)
    with VirtualRig(belt, seed=6, flash=flash, identity=b"board", chance=bytes([chance])) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        rig.start_belt()
        rig.run_for(round(belt.end_s * 1e6) + AFTER_US)
        client = RigClient(rig.open_port())
        hello = greet(client, library, lambda: utc_s)
        (name,) = pull(client, library, hello).new
    return name


def erase(flash: Path, part: PartitionEntry) -> None:
    data = bytearray(flash.read_bytes())
    data[part.address : part.address + part.size] = b"\xff" * part.size
    flash.write_bytes(data)


def test_whatever_was_erased_every_set_has_a_name_and_a_date_of_its_own(tried, tmp_path: Path) -> None:
    flash, names = tmp_path / "flash.bin", []
    erased = (None, None, WHOLE, NVS, SETLOG, WHOLE)
    with Library(tmp_path / "library", create=True) as library:
        for day, part in enumerate(erased):
            if part:
                erase(flash, part)
            names.append(set_of_a_visit(flash, library, chance=day, utc_s=1_790_000_000 + 86_400 * day))
        rows = library.sets()
        assert len({row.set_id for row in rows}) == len(erased)
        assert len({row.rig_id for row in rows}) == 1
        days = [library.set(name).started_utc[:10] for name in names]
    assert days == ["2026-09-21", "2026-09-22", "2026-09-23", "2026-09-24", "2026-09-25", "2026-09-26"]
    assert names[0][:-1] == names[1][:-1] and names[1].endswith("-00002"), "nothing was erased"
    tried("flash erased, whole or in part, between two pulls", len(erased) - 2)
