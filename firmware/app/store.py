"""The calibration as it is kept, and the numbers that name each boot; needed at the start and for a new calibration."""

import json
import os

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from esp32 import NVS


CALIBRATION = "calibration"


def usable_calibration(stored: "dict[str, Any]", defaults: "dict[str, Any]") -> "dict[str, Any]":
    """The calibration that was kept; `defaults` (without a force scale) where there is none that can be used."""
    found = {key: stored.get(key, value) for key, value in defaults.items()}
    is_usable = stored and not transient_import("rigcore.calibration").problem(found)
    return found if is_usable else defaults


def keep_calibration(values: "dict[str, Any]", keep: "Callable[[str, bytes], None]") -> None:
    """`keep`: PlanStore.keep, which raises OSError where flash takes nothing."""
    keep(CALIBRATION, json.dumps(values).encode())


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
