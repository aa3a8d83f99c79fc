"""The board's small files, such as settings and calibration, and the numbers that name each boot."""

import json
import os

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from esp32 import NVS


CALIBRATION_FILE = "/calibration.json"


def load(path: str) -> "dict[str, Any]":
    """The object in a JSON file; an empty one if the file is missing or damaged."""
    try:
        with open(path) as file:
            found = json.load(file)
    except (OSError, ValueError):
        found = {}
    return found if isinstance(found, dict) else {}


def save(path: str, values: "dict[str, Any]") -> None:
    """Put a JSON file in place of an older one in one step; OSError when it can't be written or read back."""
    draft = path + ".new"
    with open(draft, "w") as file:
        json.dump(values, file)
    if load(draft) != values:
        raise OSError(5)
    os.rename(draft, path)


def load_calibration(defaults: "dict[str, Any]") -> "dict[str, Any]":
    """The stored calibration as a dict; `defaults` (without a force scale) where there is none that can be used."""
    stored = load(CALIBRATION_FILE)
    found = {key: stored.get(key, value) for key, value in defaults.items()}
    return defaults if transient_import("rigcore.calibration").problem(found) else found


def begin_boot(nvs: "NVS", is_store_new: bool) -> "dict[str, int]":
    """{"era", "boot"} of this boot, counted in `nvs` (an esp32.NVS name space).

    Numbers of sets and boots begin anew when flash is erased, so each beginning is an era of its own, drawn at random:
    with it the numbers name a set for ever.
    """
    era, boot = _stored(nvs, "era"), (_stored(nvs, "boot") or 0) + 1
    if era is None or is_store_new:
        era = int.from_bytes(os.urandom(3), "little")
        nvs.set_i32("era", era)
    nvs.set_i32("boot", boot)
    nvs.commit()
    return {"era": era, "boot": boot}


def _stored(nvs: "NVS", name: str) -> "int | None":
    try:
        return nvs.get_i32(name)
    except OSError:
        return None
