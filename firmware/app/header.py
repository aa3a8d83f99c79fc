"""What a set's header says of the rig, so that the log can be read by itself for ever."""

from rigcore import TYPE_CHECKING
from rigcore.records import SCHEMA

if TYPE_CHECKING:
    from typing import Any

    from .rig import Rig


def rig_fields(rig: "Rig", chain: "dict[str, Any]", start_us: int) -> "dict[str, Any]":
    """Header fields; a quantity that is not known is None. `chain`: those that board.py settles."""
    header = {
        "schema": SCHEMA,
        "no": rig.log.next_no(),
        "athlete": rig.athlete or None,
        "start_us": start_us,
        "start_unix_ms": rig.unix_ms(start_us),
        "zero": rig.zero,
        "cal": rig.calibration["id"],
    }
    header.update(chain)
    for key in ("rig", "era", "boot", "firmware"):
        header[key] = rig.identity[key]
    for key in ("counts_per_rev", "circumference_um", "circumference_pm_ppm", "span_pm_ppm", "linearity_mn"):
        header[key] = rig.calibration[key]
    header["scale_nn"] = rig.calibration["scale_nn"] or None
    return header
