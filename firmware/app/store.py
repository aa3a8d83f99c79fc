"""The board's small files, such as settings and calibration, and the numbers that name each boot."""

import json
import os

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from esp32 import NVS


CALIBRATION_FILE = "/calibration.json"
CALIBRATION = (  # what the file holds, in this order: a list stays within the 128 bytes for which nothing is erased
    "id",
    "counts_per_rev",
    "circumference_um",
    "zero",
    "scale_nn",
    "direction",
    "circumference_pm_ppm",
    "span_pm_ppm",
    "linearity_mn",
    "made_s",
)


def load(path: str) -> "dict[str, Any]":
    """The object in a JSON file; an empty one if the file is missing or damaged."""
    found = _read(path)
    return found if isinstance(found, dict) else {}


def save(path: str, values: "dict[str, Any] | list[Any]", wait: "Callable[[], None]") -> None:
    """Write a JSON file anew; OSError when it can't be written or read back. `wait()`: for the moment to do each.

    LittleFS keeps the old content until the file is closed, whatever happens to the power. A draft that takes the old
    file's name would cost 30 to 120 ms in one piece.
    """
    wait()
    with open(path, "w") as file:
        json.dump(values, file)
    wait()
    if _read(path) != values:
        raise OSError(5)


def _read(path: str) -> "Any":
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def load_calibration(defaults: "dict[str, Any]") -> "dict[str, Any]":
    """The stored calibration as a dict; `defaults` (without a force scale) where there is none that can be used."""
    stored = _read(CALIBRATION_FILE)
    if isinstance(stored, list):
        stored = {name: stored[i] for i, name in enumerate(CALIBRATION) if i < len(stored)}
    if not isinstance(stored, dict):
        return defaults
    found = {key: stored.get(key, value) for key, value in defaults.items()}
    return defaults if transient_import("rigcore.calibration").problem(found) else found


def save_calibration(values: "dict[str, Any]", wait: "Callable[[], None]") -> None:
    """Keep it; see `save`."""
    save(CALIBRATION_FILE, [values[name] for name in CALIBRATION], wait)


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
