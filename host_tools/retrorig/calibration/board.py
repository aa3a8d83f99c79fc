"""Reads and stores the rig's calibration over the link, and keeps its record in the library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from retrorig.errors import RigRefusedError
from retrorig.library import Library
from retrorig.library.calibration_record import Record, Values, second_later, values_of
from retrorig.link.client import RigClient
from retrorig.link.upload import put


def fetch(client: RigClient) -> Values:
    """The calibration that is in force, without "ok"."""
    return client.request("calibration")["calibration"]


def store(client: RigClient, record: Mapping[str, Any]) -> Values:
    """Put a record's values in force; RigRefusedError unless the rig then keeps exactly these."""
    values = values_of(record)
    stored = client.request("calibration-save", put(client, json.dumps(values, separators=(",", ":"))))
    if {name: stored["calibration"].get(name) for name in values} != values:
        raise RigRefusedError("The rig stored another calibration than it was given: try again.", "changed")
    return stored["calibration"]


def keep(client: RigClient, library: Library, record: Record) -> Record:
    """Put a new calibration in force and note it in the library; of two alike in one second the later is dated so."""
    while record["id"] in {kept["id"] for kept in library.calibrations.all()}:
        record = second_later(record)
    store(client, record)
    library.calibrations.add(record)
    return record
