"""What a calibration holds and which values can't be used: board and host check by the same table.

Uncertainties are half the width of a 95 % interval; a quantity that nobody has determined is None or left out.
"""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


RANGES = {  # name: (least, most)
    "counts_per_rev": (4, 100_000),  # encoder counts per turn of the roller
    "circumference_um": (20_000, 5_000_000),  # of the roller
    "zero": (-0x800000, 0x7FFFFF),  # load-cell code without load, when it was calibrated
    "scale_nn": (-15_000_000, 15_000_000),  # nanonewton a code; 0: the force is not calibrated
    "direction": (-1, 1),  # -1: the encoder counts the other way round
    "circumference_pm_ppm": (0, 1_000_000),  # uncertainty of the circumference, parts in a million
    "span_pm_ppm": (0, 1_000_000),  # of the scale
    "linearity_mn": (0, 1_000_000_000),  # largest distance of a weight from the line, millinewton
    "made_s": (0, 1 << 40),  # wide; when, in Unix seconds
}
ID_MAX = 24  # every set's header repeats it
ID_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NEEDED = ("counts_per_rev", "circumference_um", "zero", "scale_nn")
COARSEST_UM = 11_000  # a count: steps of a few centimetres must show
PRODUCT_MAX = 1 << 33  # wide; counts a turn times micrometres; Geometry stays within 31 bits


def problem(values: "dict[str, Any]") -> str:
    """Why these values can't be used, as a sentence; "" when they can."""
    for name in RANGES:
        value = values.get(name)
        least, most = RANGES[name]
        if value is None and name not in NEEDED:
            continue
        if not isinstance(value, int) or not least <= value <= most:
            return "The calibration's %s must be a whole number from %d to %d." % (name, least, most)
    name = values.get("id", "none")
    if not isinstance(name, str) or not 1 <= len(name) <= ID_MAX or not all(c in ID_CHARS for c in name):
        return "The calibration's id must be 1 to %d letters, digits, - or _." % ID_MAX
    if values["counts_per_rev"] * values["circumference_um"] >= PRODUCT_MAX:  # wide
        return "The calibration's roller has too many counts for its size."
    if values["circumference_um"] > COARSEST_UM * values["counts_per_rev"]:
        return (
            "A count of this encoder is %d mm of belt; at most %d mm shows where a step begins: take a finer one."
            % (
                values["circumference_um"] // values["counts_per_rev"] // 1000,
                COARSEST_UM // 1000,
            )
        )
    return "The calibration's direction must be 1 or -1." if values.get("direction") == 0 else ""
