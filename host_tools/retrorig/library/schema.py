"""The library's tables. `raw_sets` and what people noted are the truth; `sets` can be computed from them at any time.

Nothing is released yet, so there is one version and no way from another. From the first release on, a change that an
older program can't read raises VERSION and brings a step from the version before, tried on a copy of a real library.
"""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from retrorig.set_row import SetRow

VERSION = 1
"""Kept in SQLite's user_version; a library of another version is refused."""

APPLICATION_ID = 0x52455452
"""Marks the file as a retrorig library ("RETR")."""

NO_ERA = -1

_FIELDS = {of.name: of for of in fields(SetRow) if of.name != "name"}  # names are those of `athletes`

COLUMNS = tuple(_FIELDS)
"""The columns of `sets` that hold a row's fields, in order."""


def _nothing(of: Field[Any]) -> str | None:
    """What the column of a list or an object holds when there is nothing; None for other columns."""
    return {list: "[]", dict: "{}"}.get(of.default_factory)  # type: ignore[call-overload]


AS_JSON = {name: text for name, of in _FIELDS.items() if (text := _nothing(of))}
"""Columns that hold a list or an object, with what they hold when there is nothing."""


def _column(name: str) -> str:
    if name == "set_id":
        return "set_id PRIMARY KEY"
    return f"{name} NOT NULL DEFAULT '{AS_JSON[name]}'" if name in AS_JSON else name


# What a table of sets shows is in sets_in_order, too: of many sets, only a twentieth of the file is read then.
_IN_BRIEF = (
    "set_id", "label", "duration_s", "backward_m", "forward_m", "mean_speed_mps", "peak_speed_mps", "mean_force_n",
    "peak_force_n", "work_j", "mean_power_w", "quality", "end_reason", "removed", "load_kg", "side", "rpe", "pain",
)  # fmt: skip

# raw_sets.label: who the set was made by, under this library's labels; the bytes hold the label of the laptop that
# spoke to the rig. era: in which a rig's boots and sets were counted; NO_ERA where the rig has none.
# sets.tail: the set as JSON from the key after the athlete on, so that listing many sets need not build it.
# edits: what people noted beside a set; of a key the newest counts, and null takes a note back.
# forgotten: sets that were deleted for good and must not come back.
# retired_labels: SHA-256 of the labels of people who were forgotten; rigs may still send them.
# parquet: files with samples.
TABLES = f"""
CREATE TABLE sets ({", ".join(map(_column, COLUMNS))}, tail TEXT NOT NULL DEFAULT '');
CREATE INDEX sets_by_person ON sets (label);
CREATE INDEX sets_in_order ON sets (started_utc IS NULL, started_utc, {", ".join(_IN_BRIEF)});
CREATE TABLE raw_sets (
    set_id TEXT PRIMARY KEY, rig TEXT NOT NULL, era INTEGER NOT NULL DEFAULT {NO_ERA}, boot INTEGER NOT NULL,
    no INTEGER NOT NULL, label TEXT, bytes INTEGER NOT NULL, crc32 INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX raw_sets_by_no ON raw_sets (rig, no);
CREATE TABLE edits (set_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, when_utc TEXT NOT NULL);
CREATE INDEX edits_by_set ON edits (set_id, key);
CREATE TABLE athletes (label TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE retired_labels (digest TEXT PRIMARY KEY);
CREATE TABLE anchors (
    rig TEXT, era INTEGER, boot INTEGER, board_us INTEGER, utc_ms REAL NOT NULL, half_rtt_us REAL NOT NULL,
    PRIMARY KEY (rig, era, boot, board_us)
);
CREATE TABLE calibrations (
    id TEXT PRIMARY KEY, rig TEXT NOT NULL, kind TEXT NOT NULL, made_utc TEXT NOT NULL, person TEXT,
    record TEXT NOT NULL
);
CREATE TABLE forgotten (
    set_id TEXT PRIMARY KEY, rig TEXT, era INTEGER NOT NULL DEFAULT {NO_ERA}, no INTEGER, bytes INTEGER, crc32 INTEGER
);
CREATE TABLE parquet (set_id TEXT PRIMARY KEY, path TEXT NOT NULL, is_current INTEGER NOT NULL);
CREATE TABLE partials (
    rig TEXT, era INTEGER, no INTEGER, crc32 INTEGER, offset INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (rig, era, no, crc32, offset)
);
"""

RECORDS = ("raw_sets", "athletes", "calibrations", "forgotten", "partials")
"""Tables of what can't be computed or asked for again: a library with nothing in them is empty."""
