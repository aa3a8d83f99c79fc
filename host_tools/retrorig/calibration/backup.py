"""Calibrations as files, and from one board to another."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retrorig.calibration import board
from retrorig.calibration.calibrating import await_idle
from retrorig.errors import InputError
from retrorig.library import Library
from retrorig.library.calibration_record import (
    Record,
    Values,
    checked_record,
    checked_values,
    new_record,
    values_of,
)
from retrorig.link.client import RigClient
from retrorig.texts import read_json
from retrorig.writing import replacing

Backup = dict[str, Any]
"""rig (id), calibration (the board's values), record (what the library knows of them, or None)."""


def taken(client: RigClient, library: Library) -> Backup:
    """The calibration in force on a rig, with its record if this library has it."""
    rig, values = client.hello()["rig"], board.fetch(client)
    known = [record for record in library.calibrations.all(rig) if record["id"] == values["id"]]
    return {"rig": rig, "calibration": values, "record": known[0] if known else None}


def backup_of(record: Record) -> Backup:
    """A calibration that the library keeps, as `Rig.restore_calibration` takes it."""
    return {"rig": record["rig"], "calibration": values_of(record), "record": record}


def write_backup(path: Path, backup: Backup) -> None:
    """Save it as a file; InputError when it can't be written."""
    text = json.dumps(backup, indent=2, ensure_ascii=False) + "\n"
    with replacing(path) as file:
        file.write(text.encode("utf-8", errors="replace"))


def read_backup(path: Path) -> Backup:
    """Read such a file; InputError when it is none, or was changed."""
    found = read_json(path, "backup of a calibration")
    if not isinstance(found, dict):
        found = {}
    values = checked_values(found.get("calibration"))
    record = found.get("record")
    if record is not None and values_of(checked_record(record)) != values:
        raise InputError("The record in this backup is of another calibration: take another backup.")
    return {"rig": str(found.get("rig", "")), "calibration": values, "record": record}


def put_back(client: RigClient, library: Library, backup: Backup) -> Values:
    """Put a backup in force: on its own rig as it was, on another one as a calibration of that rig's own."""
    rig = client.hello()["rig"]
    await_idle(client)
    if rig != backup["rig"]:
        return board.keep(client, library, _moved(backup, rig, board.fetch(client)))
    stored = board.store(client, backup["calibration"])
    if backup["record"]:
        library.calibrations.add(backup["record"])
    return stored


def _moved(backup: Backup, rig: str, old: Values) -> Record:
    values, record = backup["calibration"], backup["record"] or {}
    kind = record.get("kind") or ("force" if values["scale_nn"] else "belt")
    evidence = {**record.get("evidence", {}), "copied_from": backup["rig"], "copied_id": values["id"]}
    found = {name: value for name, value in values.items() if name not in ("id", "made_s")}
    return new_record(kind, rig, old, found, evidence, record.get("person"), datetime.now(UTC))
