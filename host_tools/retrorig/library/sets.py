"""The sets: their bytes, and what was computed from them."""

from __future__ import annotations

import binascii
from typing import Any

from retrorig.errors import InputError, NameTakenError
from retrorig.library.anchors import REDATE_S, Anchors, Boot, Numbers, boot_of, numbers_of, seconds_apart
from retrorig.library.athletes import Athletes
from retrorig.library.columns import SetRow, as_columns, as_dict
from retrorig.library.edits import Edits, Notes
from retrorig.library.partials import Partials
from retrorig.library.reading import header_of, read_set
from retrorig.library.rows import row_of, understood
from retrorig.measure.keys import KEYS
from rigcore.decode import RawSet

_COLUMNS = ", ".join(KEYS)
_MARKS = ", ".join("?" * (len(KEYS) + 1))


class Sets(Athletes, Anchors, Notes, Partials):
    """Every set once, by its id."""

    def add_set(self, blob: bytes) -> tuple[str, bool]:
        """Store a set's bytes and its quantities, once: (its id, whether it was new).

        A set that has grown since it was stored, by what the athlete answered later, takes its own place. A set that
        was deleted with its person is not taken again. ValueError if the bytes are no set; NameTakenError if another
        set of the same name is stored.
        """
        from retrorig.measure.metrics import set_id as id_of

        raw = read_set(blob)
        header, set_id = raw.header, id_of(raw.header)
        stored = self._stored(set_id, blob)
        is_forgotten = bool(self.db.row("SELECT 1 FROM forgotten WHERE set_id = ?", (set_id,)))
        row = None
        if stored != blob and not is_forgotten:
            row = self._row(raw, self._label_of_set(set_id, header.get("athlete")), self.edits(set_id))
        with self.db.transaction():
            stored = self._stored(set_id, blob)  # asked again: another program may have been quicker
            if row is not None and stored != blob:
                self._put_frame(header, blob, row)
                self.put_row(row)
            self.drop_partial(numbers_of(header), header["no"])
        return set_id, stored is None and not is_forgotten

    def holds(self, numbers: Numbers, no: int, size_bytes: int, crc32: int) -> bool:
        """Whether exactly this set of this rig is stored, or was and has been deleted with its person."""
        values = (*numbers, no, size_bytes, crc32)
        where = "WHERE rig = ? AND era = ? AND no = ? AND bytes = ? AND crc32 = ?"
        sql = f"SELECT 1 FROM frames {where} UNION ALL SELECT 1 FROM forgotten {where}"
        return bool(self.db.row(sql, values * 2))

    def set(self, set_id: str) -> SetRow:
        """One set; InputError if there is none of that name."""
        found = self.find_set(set_id)
        if found is None:
            raise no_set(set_id)
        return found

    def find_set(self, set_id: str) -> SetRow | None:
        """One set, or None if the catalogue has none of that name."""
        row = self.db.row(f"SELECT {_COLUMNS} FROM sets WHERE set_id = ?", (set_id.lower(),))
        return None if row is None else as_dict(row, self.names())

    def raw(self, set_id: str) -> RawSet:
        """One set as it is understood now: the raw values, under the calibration and within the trim that were noted.

        The header's `athlete` is this library's label. `read_set(library.blob(set_id))` is the set as the rig
        recorded it. InputError if there is none of that name.
        """
        raw = understood(read_set(self.blob(set_id)), self.edits(set_id.lower()))
        (label,) = self.db.row("SELECT athlete FROM sets WHERE set_id = ?", (set_id.lower(),)) or (None,)
        raw.header = {**raw.header, "athlete": label or ""}
        return raw

    def blob(self, set_id: str) -> bytes:
        """One set's bytes as the board logged them; InputError if there is none of that name."""
        row = self.db.row("SELECT data FROM frames WHERE set_id = ?", (set_id.lower(),))
        if row is None:
            raise no_set(set_id)
        return row[0]

    def computed(self, set_id: str, edits: Edits | None = None) -> SetRow:
        """One set's row, computed anew from its bytes, with its own notes or with others; stores nothing."""
        edits = self.edits(set_id) if edits is None else edits
        (label,) = self.db.row("SELECT label FROM frames WHERE set_id = ?", (set_id,)) or (None,)
        row = self._row(read_set(self.blob(set_id)), label, edits)
        row["set_id"] = set_id  # the name that it was stored under, should this program make another
        stored = self.db.row("SELECT started_utc FROM sets WHERE set_id = ?", (set_id,))
        if stored and seconds_apart(stored[0], row["started_utc"]) < REDATE_S:
            row["started_utc"] = stored[0]
        return row

    def put_row(self, row: SetRow, new_samples: bool = True) -> None:
        """Store a set's row in place of the one before; `athlete` is the label.

        `new_samples`: something of it stands in the samples' file, too, which has become old.
        """
        with self.db.transaction():
            self.db.rows(f"INSERT OR REPLACE INTO sets ({_COLUMNS}, tail) VALUES ({_MARKS})", as_columns(row))
            if new_samples:
                self.db.rows("UPDATE parquet SET is_current = 0 WHERE set_id = ?", (row["set_id"],))

    def redate(self, boot: Boot) -> None:
        """Date the sets of a boot again; a date that would move by less than REDATE_S is exact already and stays."""
        sql = "SELECT set_id, data FROM frames WHERE rig = ? AND era = ? AND boot = ?"
        for set_id, blob in self.db.rows(sql, boot):
            row = self.find_set(set_id)
            if row is None:
                continue
            dated = (
                self.computed(set_id)["started_utc"] if row["trim_start_s"] else self.dated(header_of(blob))
            )
            if seconds_apart(row["started_utc"], dated) >= REDATE_S:
                (label,) = self.db.row("SELECT athlete FROM sets WHERE set_id = ?", (set_id,)) or (None,)
                self.put_row({**row, "athlete": label, "started_utc": dated})

    def _row(self, raw: RawSet, label: str | None, edits: Edits) -> SetRow:
        raw = understood(raw, edits)
        return row_of(raw, label, edits, self.dated(raw.header))

    def _stored(self, set_id: str, blob: bytes) -> bytes | None:
        """The bytes that are stored under this name; NameTakenError when they are another set's."""
        stored = self.db.row("SELECT data FROM frames WHERE set_id = ?", (set_id,))
        if stored and not blob.startswith(stored[0]):
            raise NameTakenError(
                f"Another set named {set_id} is in this library already: use a new --library folder."
            )
        return stored[0] if stored else None

    def _label_of_set(self, set_id: str, sent: str | None) -> str | None:
        """Who made a set: as known here, else by the label that the rig sent, unless that person was forgotten."""
        known = self.db.row("SELECT label FROM frames WHERE set_id = ?", (set_id,))
        if known:
            return known[0]
        retired = self.db.row("SELECT 1 FROM retired_labels WHERE label = ?", (sent,))
        return None if retired or not sent else sent

    def _put_frame(self, header: dict[str, Any], blob: bytes, row: SetRow) -> None:
        rig, era, boot = boot_of(header)
        values = (rig, header["no"], binascii.crc32(blob), era, boot, len(blob), blob)
        sql = """
            INSERT INTO frames (set_id, rig, no, crc32, era, boot, bytes, data, label)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (set_id) DO UPDATE SET crc32 = excluded.crc32, bytes = excluded.bytes, data = excluded.data
        """
        sent = self._label_of_set(row["set_id"], header.get("athlete"))
        self.db.rows(sql, (row["set_id"], *values, sent))


def no_set(set_id: str) -> InputError:
    """The sentence for a set that is not there."""
    return InputError(f"There is no set {set_id} in this library: `retrorig sets` lists them.")
