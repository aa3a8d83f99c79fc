"""Samples as CSV: UTF-8, decimal points, CRLF as RFC 4180 has it, empty where nothing was measured."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrorig.measure.keys import KEYS
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
            map(_cell, row)
            for row in zip(*(getattr(samples, name).tolist() for name in COLUMNS), strict=True)
        )


def write_sets(sets: Sequence[dict[str, Any]], path: Path) -> None:
    """Write one row a set under the contract's keys; lists and objects as JSON."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, KEYS)
        writer.writeheader()
        for row in sets:
            writer.writerow(
                {key: json.dumps(v) if isinstance(v, list | dict) else v for key, v in row.items()}
            )


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{round(value, DIGITS) + 0.0:.{DIGITS}f}"
