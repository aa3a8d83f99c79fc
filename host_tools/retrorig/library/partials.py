"""Pieces of sets that broken pulls have fetched so far."""

from __future__ import annotations

from retrorig.library.clocks import Numbers
from retrorig.library.part import Part


class Partials(Part):
    """Bytes of sets that are not complete yet."""

    def get(self, numbers: Numbers, no: int, crc32: int) -> bytes:
        """The first bytes of a set that an earlier, broken pull has fetched."""
        sql = "SELECT offset, data FROM partials WHERE rig = ? AND era = ? AND no = ? AND crc32 = ? ORDER BY offset"
        whole = b""
        for offset, data in self.db.rows(sql, (*numbers, no, crc32)):
            if offset == len(whole):
                whole += data
        return whole

    def keep(self, numbers: Numbers, no: int, crc32: int, offset: int, data: bytes) -> None:
        """Keep a piece of a set for when the link breaks."""
        values = (*numbers, no, crc32, offset, data)
        self.db.rows("INSERT OR REPLACE INTO partials VALUES (?, ?, ?, ?, ?, ?)", values)

    def drop(self, numbers: Numbers, no: int) -> None:
        """Forget the pieces of a set, because together they were wrong or are not needed any more."""
        self.db.rows("DELETE FROM partials WHERE rig = ? AND era = ? AND no = ?", (*numbers, no))

    def all(self) -> list[tuple[str, int, int]]:
        """Rig, number and bytes so far of each set that has arrived in part."""
        return self.db.rows("SELECT rig, no, sum(length(data)) FROM partials GROUP BY rig, era, no, crc32")

    def clear(self) -> None:
        """Forget every piece: rigs still have these sets, and a header in a piece tells whose it is."""
        self.db.rows("DELETE FROM partials")
