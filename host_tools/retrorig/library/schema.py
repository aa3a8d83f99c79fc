"""The library's tables. `frames` is the truth; `sets` can be computed from it again at any time."""

from __future__ import annotations

from retrorig.measure.keys import KEYS

VERSION = 1
"""Raised with each change that an older program can't read; kept in SQLite's user_version."""

APPLICATION_ID = 0x52455452
"""Marks the file as a retrorig library ("RETR")."""

AS_JSON = ("quality_reasons", "uncertainty", "gait", "null_reasons")
"""Keys that hold a list or an object."""

TABLES = f"""
CREATE TABLE sets ({", ".join(f"{key}{' PRIMARY KEY' if key == 'set_id' else ''}" for key in KEYS)});
CREATE INDEX sets_by_start ON sets (started_utc);
CREATE INDEX sets_by_athlete ON sets (athlete);
CREATE TABLE frames (
    set_id TEXT PRIMARY KEY, rig TEXT NOT NULL, no INTEGER NOT NULL, crc32 INTEGER NOT NULL,
    boot INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX frames_by_no ON frames (rig, no);
CREATE TABLE partials (
    rig TEXT, no INTEGER, crc32 INTEGER, offset INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (rig, no, crc32, offset)
);
CREATE TABLE athletes (label TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE anchors (
    rig TEXT, boot INTEGER, board_us INTEGER, utc_ms REAL NOT NULL, half_rtt_us REAL NOT NULL,
    PRIMARY KEY (rig, boot, board_us)
);
"""
