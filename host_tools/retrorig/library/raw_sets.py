"""The bytes of every set as its rig logged them, each once, and the sets that must not come back."""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrorig.errors import InputError, NameTakenError
from retrorig.forms import plain
from retrorig.library.clocks import Boot, Header, Numbers, boot_of
from retrorig.library.part import Part

_KINDS = [[str, str, int, int, int, label, int, int, bytes] for label in (str, type(None))]
_COLUMNS = "set_id, rig, era, boot, no, label, bytes, crc32, data"


@dataclass(frozen=True)
class StoredSet:
    """A set's bytes with where its number comes from; `label` is that of who made it, as the library knows it."""

    set_id: str
    rig: str
    era: int
    boot: int
    no: int
    label: str | None
    size_bytes: int
    crc32: int
    data: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the bytes are those that were stored."""
        return len(self.data) == self.size_bytes and binascii.crc32(self.data) == self.crc32


class RawSets(Part):
    """Bytes by set id."""

    def get(self, set_id: str) -> StoredSet:
        """One set's bytes; InputError if there is none of that name."""
        found = self.find(set_id)
        if found is None:
            raise no_set(set_id)
        return found

    def find(self, set_id: str) -> StoredSet | None:
        """One set's bytes, or None."""
        row = self.db.row(f"SELECT {_COLUMNS} FROM raw_sets WHERE set_id = ?", (set_id.lower(),))
        if row is not None and list(map(type, row)) not in _KINDS:
            raise InputError(
                f"What is stored of set {plain(set_id)} is damaged: restore a backup, or pull it again."
            )
        return None if row is None else StoredSet(*row)

    def label(self, set_id: str) -> str | None:
        """Who made a set, before any note; None also for a set that is not here."""
        (label,) = self.db.row("SELECT label FROM raw_sets WHERE set_id = ?", (set_id,)) or (None,)
        return label

    def ids(self) -> list[str]:
        """Every set of which there are bytes."""
        return [name for (name,) in self.db.rows("SELECT set_id FROM raw_sets ORDER BY set_id")]

    def of_boot(self, boot: Boot) -> Iterator[tuple[str, bytes]]:
        """The sets of one boot of a rig with their bytes."""
        yield from self.db.rows(
            "SELECT set_id, data FROM raw_sets WHERE rig = ? AND era = ? AND boot = ?", boot
        )

    def holds(self, numbers: Numbers, no: int, size_bytes: int, crc32: int) -> bool:
        """Whether exactly this set of this rig is stored, or was and has been deleted for good."""
        values = (*numbers, no, size_bytes, crc32)
        where = "WHERE rig = ? AND era = ? AND no = ? AND bytes = ? AND crc32 = ?"
        sql = f"SELECT 1 FROM raw_sets {where} UNION ALL SELECT 1 FROM forgotten {where}"
        return bool(self.db.row(sql, values * 2))

    def highest(self, numbers: Numbers, below: int) -> int:
        """The highest number below this one of a set that is or was here; 0 without one."""
        where = "WHERE rig = ? AND era = ? AND no < ?"
        sql = f"SELECT max(no) FROM (SELECT no FROM raw_sets {where} UNION ALL SELECT no FROM forgotten {where})"
        (found,) = self.db.row(sql, (*numbers, below) * 2) or (None,)
        return found or 0

    def is_forgotten(self, set_id: str) -> bool:
        """Whether the set was deleted for good."""
        return bool(self.db.row("SELECT 1 FROM forgotten WHERE set_id = ?", (set_id,)))

    def beginning(self, set_id: str, blob: bytes) -> bytes | None:
        """What is stored of this set; NameTakenError when it is another set's."""
        stored = self.find(set_id)
        if stored and not blob.startswith(stored.data):
            raise NameTakenError(
                f"Another set named {set_id} is in this library already: use a new --library folder."
            )
        return stored.data if stored else None

    def put(self, set_id: str, header: Header, blob: bytes, label: str | None) -> None:
        """Store a set's bytes, or the longer form of bytes that are stored; `label` is for a new set."""
        rig, era, boot = boot_of(header)
        self.enter(
            StoredSet(set_id, rig, era, boot, header["no"], label, len(blob), binascii.crc32(blob), blob)
        )

    def enter(self, one: StoredSet) -> None:
        """Store what another library has, or the longer form of what is stored, whose person stays."""
        sql = f"""
            INSERT INTO raw_sets ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (set_id) DO UPDATE SET crc32 = excluded.crc32, bytes = excluded.bytes, data = excluded.data
        """
        values = (
            one.set_id,
            one.rig,
            one.era,
            one.boot,
            one.no,
            one.label,
            one.size_bytes,
            one.crc32,
            one.data,
        )
        self.db.rows(sql, values)

    def forget(self, set_ids: Sequence[str]) -> None:
        """Delete sets for good; their numbers and sums are kept, so that no pull brings them back."""
        for set_id in set_ids:
            sql = """
                INSERT OR IGNORE INTO forgotten (set_id, rig, era, no, bytes, crc32)
                SELECT set_id, rig, era, no, bytes, crc32 FROM raw_sets WHERE set_id = ?
            """
            self.db.rows(sql, (set_id,))
            self.db.rows("DELETE FROM raw_sets WHERE set_id = ?", (set_id,))

    def forgotten(self) -> set[str]:
        """Sets that were deleted for good."""
        return {name for (name,) in self.db.rows("SELECT set_id FROM forgotten")}

    def leave_to_nobody(self, set_ids: Sequence[str], label: str) -> None:
        """Take a person off these sets and off all that have the label."""
        for set_id in set_ids:
            self.db.rows("UPDATE raw_sets SET label = NULL WHERE set_id = ?", (set_id,))
        self.db.rows("UPDATE raw_sets SET label = NULL WHERE label = ?", (label,))

    def rigs_of(self, label: str) -> list[str]:
        """Rigs that made sets of this person."""
        sql = "SELECT DISTINCT rig FROM raw_sets WHERE label = ? ORDER BY rig"
        return [rig for (rig,) in self.db.rows(sql, (label,))]


def no_set(set_id: str) -> InputError:
    """The sentence for a set that is not there."""
    return InputError(f"There is no set {plain(set_id)} in this library: `retrorig sets` lists them.")
