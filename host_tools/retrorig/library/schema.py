"""The library's tables. `frames` and what people noted are the truth; `sets` can be computed from them at any time."""

from __future__ import annotations

from retrorig.measure.keys import KEYS

VERSION = 3
"""Raised with each change that an older program can't read; kept in SQLite's user_version."""

APPLICATION_ID = 0x52455452
"""Marks the file as a retrorig library ("RETR")."""

NO_ERA = -1

AS_JSON = {
    "quality_reasons": "[]", "uncertainty": "{}", "gait": "{}", "session": "{}", "null_reasons": "{}",
    "tags": "[]", "edited": "[]",
}  # fmt: skip
"""Keys that hold a list or an object, with what they hold when there is nothing."""


def column(key: str) -> str:
    """The definition of a set's column."""
    if key == "set_id":
        return "set_id PRIMARY KEY"
    return f"{key} NOT NULL DEFAULT '{AS_JSON[key]}'" if key in AS_JSON else key


TABLES_1 = f"""
CREATE TABLE sets ({", ".join(map(column, KEYS))});
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

# sets_in_order holds what a table of sets shows, too: of many, only a twentieth of the file is read then.
IN_BRIEF = (
    "set_id", "athlete", "duration_s", "backward_m", "forward_m", "mean_speed_mps", "peak_speed_mps", "mean_force_n",
    "peak_force_n", "work_j", "mean_power_w", "quality", "end_reason",
)  # fmt: skip

# edits: what people noted beside a set; of a key the newest counts, and null takes a note back.
# frames.label: who the set was made by, under this library's labels; the bytes hold the label of the laptop
# that spoke to the rig. forgotten: sets that were deleted with their person and must not come back.
# retired_labels: labels of people who were forgotten; rigs may still send them. parquet: files with samples.
# sets.tail: the set as JSON from the key after the athlete on, so that listing many sets need not build it.
TABLES_2 = f"""
ALTER TABLE frames ADD COLUMN label TEXT;
UPDATE frames SET label = (SELECT athlete FROM sets WHERE sets.set_id = frames.set_id);
ALTER TABLE sets ADD COLUMN tail TEXT NOT NULL DEFAULT '';
DROP INDEX sets_by_start;
CREATE INDEX sets_in_order ON sets (started_utc IS NULL, started_utc, {", ".join(IN_BRIEF)});
CREATE TABLE edits (
    set_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, when_utc TEXT NOT NULL
);
CREATE INDEX edits_by_set ON edits (set_id, key);
CREATE TABLE calibrations (
    id TEXT PRIMARY KEY, rig TEXT NOT NULL, kind TEXT NOT NULL, made_utc TEXT NOT NULL, person TEXT,
    record TEXT NOT NULL
);
CREATE TABLE forgotten (set_id TEXT PRIMARY KEY, rig TEXT, no INTEGER, bytes INTEGER, crc32 INTEGER);
CREATE TABLE retired_labels (label TEXT PRIMARY KEY);
CREATE TABLE parquet (set_id TEXT PRIMARY KEY, path TEXT NOT NULL, is_current INTEGER NOT NULL);
"""

# era: in which a rig's boots and sets were counted; NO_ERA in what older firmware counted.
TABLES_3 = f"""
ALTER TABLE frames ADD COLUMN era INTEGER NOT NULL DEFAULT {NO_ERA};
ALTER TABLE anchors RENAME TO anchors_2;
CREATE TABLE anchors (
    rig TEXT, era INTEGER, boot INTEGER, board_us INTEGER, utc_ms REAL NOT NULL, half_rtt_us REAL NOT NULL,
    PRIMARY KEY (rig, era, boot, board_us)
);
INSERT INTO anchors SELECT rig, {NO_ERA}, boot, board_us, utc_ms, half_rtt_us FROM anchors_2;
DROP TABLE anchors_2;
ALTER TABLE forgotten ADD COLUMN era INTEGER NOT NULL DEFAULT {NO_ERA};
DROP TABLE partials;
CREATE TABLE partials (
    rig TEXT, era INTEGER, no INTEGER, crc32 INTEGER, offset INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (rig, era, no, crc32, offset)
);
"""

STEPS = {1: TABLES_1, 2: TABLES_2, 3: TABLES_3}
"""What makes each version from the one before; a new library takes all steps."""
