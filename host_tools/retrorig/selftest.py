"""Self-test on the user's machine: firmware in the real interpreter, link, library, measuring, files.

A recording of a real person is played on a virtual rig; what comes out is compared with the recording itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrorig.errors import MissingPackageError, RetrorigError
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import pull
from retrorig.live.telemetry import parse
from retrorig.playback import ReplayResult, play_and_pull
from retrorig.recording import Recording, read_recording

if TYPE_CHECKING:
    from retrorig.virtual.rig import VirtualRig

RECORDING = Path(__file__).parent / "recordings" / "wheel-push-steady.csv"

DISTANCE_SHARE = 0.005
SPEED_SHARE = 0.01
FORCE_SHARE = 0.02
"""What is claimed to users: distance 0.5 %, mean speed 1 %, force 2 %."""

STARTED_UTC_S = 1_790_000_000.0
"""When the virtual rig's time begins, for its clock: 2026-09-21."""

MOMENTS_N = 10

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class Check:
    """`passed` is None where a package that not everyone needs is missing."""

    name: str
    passed: bool | None
    evidence: str


def run_selftest(progress: Progress, recording: Path = RECORDING) -> Iterator[Check]:
    """Each check as it is done; `progress` is told of the playing, in seconds of the recording.

    InputError where the virtual rig has no interpreter.
    """
    from retrorig.virtual.belts import RecordingBelt
    from retrorig.virtual.rig import VirtualRig

    truth = read_recording(recording)
    belt = RecordingBelt(truth)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library", create=True) as library:
        with VirtualRig(belt, identity=b"selftest") as rig:
            result = play_and_pull(rig, belt, library, watch=lambda _, t_s: progress(t_s, truth.end_s))
            yield from _sets(result, library, truth)
            yield from _rig(rig, library)
        yield from _files(library, result.new, Path(folder))


def _sets(result: ReplayResult, library: Library, truth: Recording) -> Iterator[Check]:
    """The sets against the recording."""
    found = [library.set(set_id) for set_id in result.new]
    yield Check("a set was found and pulled", len(found) == 1, f"{len(found)} sets")
    yield Check(
        "no count was lost", result.counts_lost == 0, f"{result.board_counts} of {result.belt_counts}"
    )
    for row in found[:1]:
        yield near("distance", row.backward_m, truth.backward_m, DISTANCE_SHARE * truth.backward_m, "m")
        mean_mps = truth.backward_m / row.duration_s
        yield near("mean speed", row.mean_speed_mps, mean_mps, SPEED_SHARE * mean_mps, "m/s")
        pull_ns = _pull_ns(truth)
        yield near("pull", row.impulse_ns, pull_ns, FORCE_SHARE * pull_ns, "Ns")
        evidence = f"quality {row.quality}, {row.samples_lost} of {row.samples} samples without force"
        is_sound = row.quality != "C" and not row.samples_lost  # a pull this weak is known too badly for an A
        yield Check("the set is sound", is_sound, evidence)


def near(name: str, value: float | None, truth: float, width: float, unit: str) -> Check:
    """The check that a value is no further than `width` from the truth."""
    if value is None:
        return Check(name, False, "not measured")
    evidence = f"{value:.3f} {unit}, the recording says {truth:.3f} +-{width:.3f}"
    return Check(name, abs(value - truth) <= width, evidence)


def _pull_ns(truth: Recording) -> float:
    """Integral of the recording's force, by the trapezoidal rule."""
    rows = list(zip(truth.time_s, truth.force_n, strict=True))
    return sum((t1 - t0) * (f0 + f1) / 2 for (t0, f0), (t1, f1) in zip(rows, rows[1:], strict=False))


def _rig(rig: VirtualRig, library: Library) -> Iterator[Check]:
    """Checks of the link: the rig's facts, the doctor, and a second pull that brings nothing."""
    from retrorig.doctor import gather, judged

    client, told = RigClient(rig.open_port()), []
    client.on_telemetry = told.append
    client.request("live", 100)
    client.listen(1.2)
    client.request("live", 0)
    moments = [moment for moment in map(parse, told) if moment]
    yield Check("it tells of itself live", len(moments) >= MOMENTS_N, f"{len(moments)} moments in 1.2 s")
    verdicts = judged(gather(client, utc_now=lambda: STARTED_UTC_S + client.monotonic()))
    failed = [f"{verdict.part}: {verdict.evidence}" for verdict in verdicts if verdict.level == "fail"]
    yield Check("the doctor finds no fault", not failed, "; ".join(failed) or f"{len(verdicts)} parts judged")
    again = pull(client, library, client.hello())
    yield Check("a second pull brings nothing", not again.new, f"{len(again.new)} new sets")


def _files(library: Library, set_ids: list[str], folder: Path) -> Iterator[Check]:
    """Every kind of file that this installation can write."""
    from retrorig.export import FORMATS

    for kind in FORMATS:
        path = folder / f"sets.{kind}"
        with _left_out(f"export as {kind}") as missing:
            library.export(set_ids[:1], kind, path)
        size = path.stat().st_size if path.exists() else 0
        yield missing[0] if missing else Check(f"export as {kind}", size > 0, f"{size} bytes")


@contextmanager
def _left_out(name: str) -> Iterator[list[Check]]:
    """Gathers the check that says that a package is missing, or why it failed."""
    found: list[Check] = []
    try:
        yield found
    except RetrorigError as error:
        found.append(Check(name, None if isinstance(error, MissingPackageError) else False, str(error)))
