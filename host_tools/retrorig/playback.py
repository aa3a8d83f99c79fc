"""Plays a belt through the virtual rig and pulls the sets that its firmware makes of it."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrorig import board_files
from retrorig.errors import RetrorigError, RigRefusedError
from retrorig.library import Library
from retrorig.library.clocks import boot_of
from retrorig.link.client import RigClient
from retrorig.link.pull import pull
from retrorig.plans import choose_plan, push_plan
from retrorig.recording import Recording
from rigcore.vocabulary import IDLE, RATING

if TYPE_CHECKING:
    from retrorig.virtual.belts import Belt
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.settings import RigSettings
    from retrorig.virtual.walkers.catalogue import Combination

SETTLE_US = 1_000_000
"""The belt rests this long before it moves: the load-cell converter settles in 4 conversions, half a second at 10/s."""

SLICE_S = 0.25
"""Virtual time between two looks at the progress."""

LONGEST_S = 6 * 3600.0
"""A walker who follows a plan gives up after this time."""

STILL_LIMIT_US = 700_000_000
"""A plan may let a set wait up to ten minutes for its athlete; a set that takes longer to end is a fault."""

COMPARE_N = 40

Plan = dict[str, Any]
"""As the board keeps it (retrorig.plans.read_plan)."""

Watch = Callable[["VirtualRig", float], None]
"""Called between slices with the rig and the belt's time in seconds."""


def _ignore(rig: VirtualRig, t_s: float) -> None:
    pass


def _wait(words: str) -> None:
    pass


@dataclass
class ReplayResult:
    """New set ids, how many the library had already, the net counts of board and belt, what was left on the rig."""

    new: list[str] = field(default_factory=list)
    known_n: int = 0
    board_counts: int = 0
    belt_counts: int = 0
    notices: list[str] = field(default_factory=list)

    @property
    def counts_lost(self) -> int:
        """Counts by which the board differs from the belt."""
        return abs(self.belt_counts - self.board_counts)


def replay_recording(
    recording: Recording,
    library: Library,
    *,
    rig_file: Path | None = None,
    athlete: str | None = None,
    plan: Plan | None = None,
    seed: int = 0,
    watch: Watch = _ignore,
    began: datetime | None = None,
) -> ReplayResult:
    """Play a recording on a virtual rig built by `rig_file`; `began` is when the belt began to move.

    The same recording, person, rig file, seed, given date and firmware are the same rig with the same sets, so that a
    library takes them once.
    """
    from retrorig.virtual.belts import RecordingBelt
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.settings import RigSettings, load_rig_settings

    settings = load_rig_settings(rig_file) if rig_file else RigSettings()
    belt = RecordingBelt(recording)
    columns = (recording.time_s, recording.belt_m, recording.force_n)
    identity = _digest(*(column.tobytes() for column in columns), _who(settings, athlete, plan, began))
    with VirtualRig(belt, settings=settings, seed=seed, identity=identity) as rig:
        return play_and_pull(rig, belt, library, athlete, watch, plan, began=began)


def replay_walker(
    combination: Combination,
    library: Library,
    plan: Plan,
    *,
    rig_file: Path | None = None,
    athlete: str | None = None,
    seed: int = 0,
    watch: Watch = _ignore,
    began: datetime | None = None,
) -> ReplayResult:
    """Let a walker follow a plan on a virtual rig, as its display asks, until the plan is through."""
    from retrorig.virtual.rig import VirtualRig
    from retrorig.virtual.settings import RigSettings, load_rig_settings
    from retrorig.virtual.walkers.follower import Following

    settings = load_rig_settings(rig_file) if rig_file else RigSettings()
    follower = Following(combination)
    walker = repr((combination.name, combination.variation)).encode()
    identity = _digest(walker, _who(settings, athlete, plan, began))
    with VirtualRig(follower, settings=settings, seed=seed, identity=identity) as rig:

        def observe(rig: VirtualRig, t_s: float) -> None:
            follower.observe(rig)
            watch(rig, t_s)

        return play_and_pull(
            rig, follower, library, athlete, observe, plan, lambda _: not follower.is_done, began
        )


def _who(settings: RigSettings, athlete: str | None, plan: Plan | None, began: datetime | None) -> bytes:
    """Identity of the replay's rig: all that makes it another one besides the movement."""
    return repr((settings, athlete, plan, *([began.isoformat()] if began else []))).encode()


def _digest(*parts: bytes) -> bytes:
    """Digest of the parts and of the firmware."""
    digest = hashlib.sha256()
    for part in (*parts, *((board_files.root() / path).read_bytes() for path in board_files.files())):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


def play_and_pull(
    rig: VirtualRig,
    belt: Belt,
    library: Library,
    athlete: str | None = None,
    watch: Watch = _ignore,
    plan: Plan | None = None,
    goes_on: Callable[[float], bool] | None = None,
    began: datetime | None = None,
) -> ReplayResult:
    """Boot `rig`, play its belt to the end, wait for stillness, pull. `began`: None if the belt's end counts as now.

    `watch` is called every quarter of a virtual second while the belt plays. A belt without an end of its own plays
    as long as `goes_on(belt's time in s)` holds.
    """
    rig.power_on()
    client = RigClient(rig.open_port())
    client.on_starting = _wait  # in virtual time: nobody has to be told
    hello, hello_us = client.hello(), rig.now_us
    client.athlete(library.people.label_for(athlete) if athlete else "")
    if plan is not None:
        choose_plan(client, push_plan(client, plan))
    rig.run_for(SETTLE_US)
    end_s = math.inf if goes_on else belt.end_s
    start_us = rig.now_us
    _play(rig, watch, goes_on or (lambda t_s: t_s < end_s), end_s)
    # The board itself is not told the time: it would log it, and the same replay would be other bytes tomorrow.
    start_ms = began.timestamp() * 1000 if began else time.time() * 1000 - (rig.now_us - start_us) / 1000
    utc_ms = start_ms - (start_us - hello_us) / 1000
    library.add_anchor(boot_of(hello), hello["board_us"], utc_ms, half_rtt_us=0)
    _await_idle(rig, client)
    board_counts, belt_counts = _compare_counts(rig, client)
    pulled = pull(client, library, hello)
    return ReplayResult(pulled.new, pulled.known_n, board_counts, belt_counts, pulled.notices)


def _play(rig: VirtualRig, watch: Watch, goes_on: Callable[[float], bool], end_s: float) -> None:
    rig.start_belt()
    start_us, t_s = rig.now_us, 0.0
    while goes_on(t_s):
        if math.isinf(end_s) and t_s > LONGEST_S:
            raise RetrorigError("The walker is not through the plan after six hours: choose a shorter one.")
        rig.run_for(max(1, round(1e6 * min(SLICE_S, end_s - t_s))))
        t_s = (rig.now_us - start_us) * 1e-6
        watch(rig, t_s)


def _await_idle(rig: VirtualRig, client: RigClient) -> None:
    """Let time pass until no set runs any more."""
    limit_us = rig.now_us + STILL_LIMIT_US
    while client.info()["state"] != IDLE or client.info()["phase"] == RATING:
        if rig.now_us > limit_us:
            raise RigRefusedError("The virtual rig's set did not end although the belt stands still.", "busy")
        rig.run_for(round(SLICE_S * 1e6))


def _compare_counts(rig: VirtualRig, client: RigClient) -> tuple[int, int]:
    """Net counts of board and belt. An edge that trembles at rest may change between the two readings, so pairs are
    read until one agrees; a lost count would be missing in all of them."""
    pairs = []
    for _ in range(COMPARE_N):
        pairs.append((client.info()["counts"], rig.belt_counts))
        if pairs[-1][0] == pairs[-1][1]:
            break
    return min(pairs, key=lambda pair: abs(pair[0] - pair[1]))
