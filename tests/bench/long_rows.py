"""Half an hour in one set with display, live stream, the host's requests, pulls and the log all on."""

from __future__ import annotations

from tests.bench.rows import Row
from tests.faults_sensors.long_set import walk

MINUTES = 30


def rows() -> list[Row]:
    found = walk(MINUTES)
    traffic = f"{found.frames_n} live frames and {found.pulled_bytes} bytes pulled meanwhile"
    name = f"set of {MINUTES} min, {found.samples_n} samples, {traffic}"
    return [
        _none(f"{name}: conversions lost", found.lost_n),
        _none(f"{name}: callbacks dropped", found.dropped_n),
        _none(f"{name}: encoder counts lost", abs(found.off_counts)),
    ]


def _none(name: str, value: int) -> Row:
    """A row whose goal is that there is none."""
    return Row(name, value, "", "goal", 0, value, 0.0, value == 0)
