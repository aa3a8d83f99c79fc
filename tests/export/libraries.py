"""Libraries to write files and pages from: sets of invented walks and of real recordings, as a board would log them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.host.sets import MadeSet, blob_of
from tests.measure.walks import Gait, Walk

from retrorig.library import Library
from retrorig.recording import read_recording
from rigcore.decode import iter_records

NOON = datetime(2026, 11, 22, 12, 0, 0, 345_000, tzinfo=UTC)
RECORDINGS = Path(__file__).parents[2] / "host_tools" / "retrorig" / "recordings"


def walk_blob(no: int, start_s: float | None, gait: Gait = Gait(), **header: object) -> bytes:
    """A set of an invented walk that started so many seconds after noon; None: the rig's clock was not set."""
    walk = Walk(gait)
    return _blob(no, start_s, walk.position_m, walk.force_n, walk.end_s, header)


def header_blob(no: int, start_s: float, **header: object) -> bytes:
    """A set of which only the header reached the flash."""
    return next(iter_records(walk_blob(no, start_s, Gait(steps=4), **header)))[3]


def recorded_blob(no: int, start_s: float, name: str = "wheel-push-steady.csv", **header: object) -> bytes:
    """A set with the movement and the pull of a real recording."""
    recording = read_recording(RECORDINGS / name)
    return _blob(no, start_s, recording.position_m, recording.force_n_at, recording.end_s, header)


def _blob(no: int, start_s: float | None, position_m, force_n, duration_s: float, header: dict) -> bytes:
    unix_ms = None if start_s is None else round((NOON.timestamp() + start_s) * 1000)
    own = {"no": no, "start_unix_ms": unix_ms, "cal": "c0ffee00", **header}
    return blob_of(MadeSet(position_m, force_n, duration_s, seed=no, header=own))


def fill(folder: Path, blobs: list[bytes], names: tuple[str, ...] = ()) -> list[str]:
    """A library with these sets, and names for the labels a1, a2 ...; returns the sets' ids."""
    with Library(folder, create=True) as library:
        for name in names:
            library.people.label_for(name)
        return [library.add_set(blob)[0] for blob in blobs]


def usual_blobs() -> list[bytes]:
    """Two walks, a recorded push with force, a recorded belt without, and a walk without a date; all of one athlete."""
    return [
        walk_blob(1, 0.0, Gait(steps=16, seed=1), athlete="a1", kind="warmup"),
        walk_blob(2, 60.7, Gait(steps=20, seed=2, speed_mps=0.8), athlete="a1", machine="sled"),
        recorded_blob(3, 120.25, athlete="a1"),
        recorded_blob(4, 200.0, "treadmill-belt.csv", athlete="a1", scale_nn=0, kind="cooldown"),
        walk_blob(5, None, Gait(steps=12, seed=5), athlete="a1"),
    ]
