"""Samples as CSV: UTF-8, decimal points, CRLF as RFC 4180 has it, empty where nothing was measured."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from retrorig.measure.samples import Samples

COLUMNS = ("time_s", "distance_m", "speed_mps", "force_n", "power_w")
DIGITS = 6
"""Microseconds and micrometres: finer than any sensor here, so that nothing is lost by writing."""


def write_csv(samples: Samples, path: Path) -> None:
    """Write one set's samples; existing files are replaced."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(
            map(_cell, row) for row in zip(*(getattr(samples, name).tolist() for name in COLUMNS), strict=True)
        )


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{round(value, DIGITS) + 0.0:.{DIGITS}f}"
