"""Small sets and libraries for these tests. Sets are short and at 40 conversions a second, to be quick."""

from __future__ import annotations

from pathlib import Path

from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.library import Library

NEWTONS = 120.0
SPEED_MPS = 1.0
RAMP_S = 0.5
RATE_HZ = 40.0


def walk(no: int = 7, duration_s: float = 3.0, end: bool = True, **header: object) -> bytes:
    """A set at SPEED_MPS under a steady pull of NEWTONS, with header fields of its own."""
    plan = MadeSet(
        ramped(SPEED_MPS, duration_s, RAMP_S),
        lambda t: NEWTONS,
        duration_s,
        rate_hz=RATE_HZ,
        seed=no,
        header={"no": no, "rate_mhz": 40_000, **header},
        has_end=end,
    )
    return blob_of(plan)


def name_of(no: int, rig: str = "rr-test", boot: int = 3) -> str:
    """The id of a set of that number."""
    return f"{rig}-{boot:04d}-{no:05d}"


def fill(folder: Path, *blobs: bytes, people: tuple[str, ...] = ()) -> list[str]:
    """Put people (labels a1, a2 ...) and sets into a library; the sets' ids."""
    with Library(folder, create=True) as library:
        for person in people:
            library.people.label_for(person)
        return [library.add_set(blob)[0] for blob in blobs]
