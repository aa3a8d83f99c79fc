"""What a federation costs on paper, from bytes a sample that were measured in the same run."""

from __future__ import annotations

from dataclasses import dataclass

RIGS_N = 1000
HOURS_A_DAY = 4.0
SET_S = 30.0
RATE_HZ = 83.0
DAYS_A_YEAR = 365
MONTHS_A_YEAR = 12
BYTES_A_SECOND = 11_520
"""Of the serial line at 115200 baud, ten bits a byte."""


@dataclass(frozen=True)
class Cost:
    """One line: what, a day, a year, in `unit`."""

    what: str
    a_day: float
    a_year: float
    unit: str


def costs(log_bytes: float, parquet_bytes: float, file_bytes: float, row_bytes: float) -> list[Cost]:
    """log_bytes, parquet_bytes: a sample, of a long set. file_bytes: what each file costs besides its
    samples. row_bytes: a set in the catalogue, besides its log.

    The belts move all the HOURS_A_DAY: an upper bound, as people rest between sets.
    """
    samples = RIGS_N * HOURS_A_DAY * 3600 * RATE_HZ
    sets = RIGS_N * HOURS_A_DAY * 3600 / SET_S
    one_rig = samples / RIGS_N
    return [
        _cost("sets, each a small file", sets / 1e3, "thousand"),
        _cost("samples", samples / 1e9, "thousand million"),
        _cost("raw logs, the truth", samples * log_bytes / 1e9, "GB"),
        _cost("catalogue, SQLite", sets * row_bytes / 1e9, "GB"),
        _cost("Parquet, a file a set", (samples * parquet_bytes + sets * file_bytes) / 1e9, "GB"),
        _cost("Parquet, a file a rig and month", samples * parquet_bytes / 1e9, "GB"),
        _cost("files left by monthly compaction", RIGS_N * MONTHS_A_YEAR / DAYS_A_YEAR, "files"),
        _cost("one rig's samples in Parquet", one_rig * parquet_bytes / 1e6, "MB"),
        _cost("one rig's log over 115200 baud", one_rig * log_bytes / BYTES_A_SECOND / 60, "minutes"),
    ]


def _cost(what: str, a_day: float, unit: str) -> Cost:
    return Cost(what, a_day, a_day * DAYS_A_YEAR, unit)
