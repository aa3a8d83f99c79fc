"""Sets, partial downloads, athletes and clock anchors in one library."""

from __future__ import annotations

import binascii
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from retrorig.errors import InputError
from retrorig.library.database import Database, default_folder
from retrorig.library.schema import AS_JSON
from retrorig.measure.keys import KEYS
from rigcore.decode import RawSet, decode_set

SetRow = dict[str, Any]

_COLUMNS = ", ".join(KEYS)


class Library:
    """The library in `folder` (default: the platform's place). With `create` it is made when missing."""

    def __init__(self, folder: Path | None = None, create: bool = False) -> None:
        self._db = Database(folder or default_folder(), create)

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._db.close()

    # Sets

    def add_set(self, blob: bytes) -> tuple[str, bool]:
        """Store a set's bytes and its quantities, once: (its id, whether it was new).

        A set that has grown since it was stored, by what the athlete answered later, takes its own place.
        ValueError if the bytes are no set; InputError if another set of the same name is stored.
        """
        from retrorig.measure.metrics import measure  # mathematics is loaded only where sets are measured

        raw = decode_set(blob)
        row = measure(raw)
        header, crc = raw.header, binascii.crc32(blob)
        set_id = row["set_id"]
        with self._db.transaction():
            stored = self._db.row("SELECT data FROM frames WHERE set_id = ?", (set_id,))
            if stored and not blob.startswith(stored[0]):
                raise InputError(
                    f"Another set named {set_id} is in this library already: use a new --library folder."
                )
            if stored and stored[0] != blob:
                self._db.rows("DELETE FROM sets WHERE set_id = ?", (set_id,))
                self._db.rows("DELETE FROM frames WHERE set_id = ?", (set_id,))
            if not stored or stored[0] != blob:
                row["started_utc"] = self._started_utc(header)
                self._insert_row(row)
                frame = (set_id, header["rig"], header["no"], crc, header["boot"], len(blob), blob)
                self._db.rows("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?)", frame)
            self._db.rows("DELETE FROM partials WHERE rig = ? AND no = ?", (header["rig"], header["no"]))
        return set_id, not stored

    def holds(self, rig: str, no: int, size_bytes: int, crc32: int) -> bool:
        """Whether exactly this set of this rig is stored."""
        values = (rig, no, size_bytes, crc32)
        return bool(
            self._db.row("SELECT 1 FROM frames WHERE rig = ? AND no = ? AND bytes = ? AND crc32 = ?", values)
        )

    def sets(self, athlete: str | None = None, since: datetime | None = None) -> list[SetRow]:
        """The sets, oldest first, optionally of one athlete (name or label) and from a moment on."""
        wanted, values = ["1"], []
        if athlete is not None:
            wanted.append("athlete = ?")
            values.append(self._label_of(athlete))
        if since is not None:
            wanted.append("started_utc >= ?")
            values.append(format_utc(since))
        order = "ORDER BY started_utc IS NULL, started_utc, set_id"
        found = self._db.rows(
            f"SELECT {_COLUMNS} FROM sets WHERE {' AND '.join(wanted)} {order}", tuple(values)
        )
        names = dict(self._db.rows("SELECT label, name FROM athletes"))
        return [_as_dict(row, names) for row in found]

    def set(self, set_id: str) -> SetRow:
        """One set; InputError if there is none of that name."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM sets WHERE set_id = ?", (set_id.lower(),))
        if row is None:
            raise InputError(f"There is no set {set_id} in this library: `retrorig sets` lists them.")
        return _as_dict(row, dict(self._db.rows("SELECT label, name FROM athletes")))

    def raw(self, set_id: str) -> RawSet:
        """One set as it was measured; InputError if there is none of that name."""
        return decode_set(self.blob(set_id))

    def blob(self, set_id: str) -> bytes:
        """One set's bytes as the board logged them; InputError if there is none of that name."""
        row = self._db.row("SELECT data FROM frames WHERE set_id = ?", (set_id.lower(),))
        if row is None:
            raise InputError(f"There is no set {set_id} in this library: `retrorig sets` lists them.")
        return row[0]

    # Partial downloads

    def partial(self, rig: str, no: int, crc32: int) -> bytes:
        """The first bytes of a set that an earlier, broken pull has fetched."""
        sql = "SELECT offset, data FROM partials WHERE rig = ? AND no = ? AND crc32 = ? ORDER BY offset"
        whole = b""
        for offset, data in self._db.rows(sql, (rig, no, crc32)):
            if offset == len(whole):
                whole += data
        return whole

    def keep_partial(self, rig: str, no: int, crc32: int, offset: int, data: bytes) -> None:
        """Keep a piece of a set for when the link breaks."""
        self._db.rows(
            "INSERT OR REPLACE INTO partials VALUES (?, ?, ?, ?, ?)", (rig, no, crc32, offset, data)
        )

    def drop_partial(self, rig: str, no: int) -> None:
        """Forget the pieces of a set, because together they were wrong."""
        self._db.rows("DELETE FROM partials WHERE rig = ? AND no = ?", (rig, no))

    # Athletes: a rig learns only the label

    def label_for(self, name: str) -> str:
        """The short label that stands for a person on rigs; a new person gets the next one."""
        with self._db.transaction():
            found = self._db.row("SELECT label FROM athletes WHERE name = ?", (name,))
            if found:
                return found[0]
            (last,) = self._db.row("SELECT max(cast(substr(label, 2) AS INTEGER)) FROM athletes") or (None,)
            label = f"a{(last or 0) + 1}"
            self._db.rows("INSERT INTO athletes VALUES (?, ?)", (label, name))
            return label

    def _label_of(self, athlete: str) -> str:
        found = self._db.row("SELECT label FROM athletes WHERE name = ?", (athlete,))
        return found[0] if found else athlete

    # Clock anchors: a rig's microseconds since boot, and the time of day

    def add_anchor(self, rig: str, boot: int, board_us: int, utc_ms: float, half_rtt_us: float) -> None:
        """Note that in this boot the rig's clock showed `board_us` at `utc_ms` (Unix), give or take the half trip."""
        self._db.rows(
            "INSERT OR REPLACE INTO anchors VALUES (?, ?, ?, ?, ?)",
            (rig, boot, board_us, utc_ms, half_rtt_us),
        )

    def _started_utc(self, header: dict[str, Any]) -> str | None:
        """Time of day of a set's start: by the nearest anchor of its boot, else by the rig's clock, else unknown."""
        sql = "SELECT utc_ms, board_us FROM anchors WHERE rig = ? AND boot = ? ORDER BY abs(board_us - ?) LIMIT 1"
        anchor = self._db.row(sql, (header["rig"], header["boot"], header["start_us"]))
        if anchor is None:
            anchor = (header.get("start_unix_ms"), header["start_us"])
        if anchor[0] is None:
            return None
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return format_utc(
            epoch + timedelta(milliseconds=anchor[0], microseconds=header["start_us"] - anchor[1])
        )

    def _insert_row(self, row: SetRow) -> None:
        values = tuple(json.dumps(row[key]) if key in AS_JSON else row[key] for key in KEYS)
        self._db.rows(f"INSERT INTO sets ({_COLUMNS}) VALUES ({', '.join('?' * len(KEYS))})", values)


def format_utc(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, so that text order is time order; naive moments are local time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _as_dict(row: tuple[Any, ...], names: dict[str, str]) -> SetRow:
    found = dict(zip(KEYS, row, strict=True))
    for key in AS_JSON:
        text = found[key]
        found[key] = [] if text == "[]" else {} if text == "{}" else json.loads(text)  # mostly empty, and many
    found["athlete"] = names.get(found["athlete"], found["athlete"])
    return found
