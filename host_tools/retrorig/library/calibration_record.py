"""A calibration as library and files keep it: the board's values, who made it when, and what it rests on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from retrorig.errors import InputError
from retrorig.forms import is_plain
from rigcore.calibration import NEEDED, RANGES, problem

Record = dict[str, Any]
Values = dict[str, Any]

KINDS = ("belt", "force", "direction")


def values_of(record: Mapping[str, Any]) -> Values:
    """What the board keeps of a record, its id included."""
    return {"id": record["id"], **{name: record.get(name) for name in RANGES}}


def id_of(values: Mapping[str, Any]) -> str:
    """The id that follows from a calibration's values: 8 hex digits, other values have another."""
    known = sorted((name, values[name]) for name in RANGES if values.get(name) is not None)
    return f"{zlib.crc32(json.dumps(known).encode()):08x}"


def second_later(record: Record) -> Record:
    """The same record dated a second later, by which it has another id."""
    values = {**values_of(record), "made_s": record["made_s"] + 1}
    made = datetime.fromtimestamp(values["made_s"], UTC)
    return {**record, **values, "id": id_of(values), "made_utc": _utc(made)}


def new_record(
    kind: str,
    rig: str,
    old: Values,
    found: Values,
    evidence: dict[str, Any],
    person: str | None,
    made: datetime,
) -> Record:
    """The record that follows `old` once `found` is known. InputError when the values can't be used.

    Its id follows from values and second: one of the second in which `old` was made is dated a second later.
    """
    if int(made.timestamp()) == old.get("made_s"):
        made += timedelta(seconds=1)
    values = {**values_of(old), **found, "made_s": int(made.timestamp())}
    sentence = problem(values)
    if sentence:
        raise InputError(f"{sentence} Measure again, and check the units.")
    return {
        **values,
        "id": id_of(values),
        "rig": rig,
        "kind": kind,
        "made_utc": _utc(made),
        "person": person or None,
        "replaces": old["id"],
        "evidence": evidence,
    }


def checked_values(values: Any) -> Values:
    """A board's values as a file holds them, if nobody changed them; InputError otherwise."""
    if not isinstance(values, dict) or not {"id", *NEEDED} <= set(values):
        raise InputError("This is no calibration: take a file that `retrorig calibrate backup` has written.")
    sentence = problem(values)
    if sentence:
        raise InputError(f"{sentence} Take another backup.")
    if values.get("made_s") is not None and values["id"] != id_of(values):
        raise InputError(
            "This calibration was changed since it was made, as its id shows: take another backup."
        )
    return values_of(values)


def checked_record(record: Any) -> Record:
    """A record of another library or a file, if it is such as `new_record` makes; InputError otherwise."""
    checked_values(record)
    texts = ("rig", "kind", "made_utc", *(("person",) if record.get("person") is not None else ()))
    if not all(is_plain(record.get(key)) for key in texts) or record["kind"] not in KINDS:
        raise InputError("This calibration's record is damaged: take another backup.")
    if not isinstance(record.get("evidence", {}), dict):
        raise InputError("This calibration's record is damaged: take another backup.")
    return record


def _utc(made: datetime) -> str:
    return made.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
