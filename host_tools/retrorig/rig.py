"""A rig for Python programs: one object for what the commands do with a rig that is plugged in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from retrorig.calibration.taring import Tare, tared
from retrorig.config import change_settings, fetch_settings
from retrorig.library import Library
from retrorig.library.sample_files import follow_up
from retrorig.link.answers import Answer
from retrorig.link.client import RigClient
from retrorig.link.describe import described
from retrorig.link.pull import PullResult
from retrorig.link.pull import greet as greet
from retrorig.link.pull import pull as pull_sets
from retrorig.link.rig_port import open_rig
from retrorig.live.stream import CLOSE, PERIOD_MS, RENEW_S
from retrorig.live.telemetry import Telemetry, parse
from retrorig.plans import choose_plan, fetch_plans, push_plan, read_plan

if TYPE_CHECKING:
    from retrorig.calibration import Calibrating, Guide
    from retrorig.calibration.backup import Backup
    from retrorig.library.calibration_record import Values

Progress = Callable[[int, int], None]


class Rig:
    """A rig that answers. Use it as a context manager, or call `close`.

    Every method may raise LinkLostError when the rig stops answering, and RigRefusedError when it will not.
    """

    def __init__(self, client: RigClient) -> None:
        self.client = client

    def __enter__(self) -> Rig:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the port; a running set goes on."""
        self.client.close()

    def hello(self) -> Answer:
        """Who the rig is: `rig` (id), `firmware`, `protocol`, `boot`, `board_us` and its limits."""
        return self.client.hello()

    def info(self) -> Answer:
        """What the rig does and has lost since it started; forces in mN, speeds in mm/s."""
        return self.client.info()

    def described(self) -> dict[str, str]:
        """Name and words of what `hello` and `info` say."""
        return described(Answer({**self.hello(), **self.info()}))

    def live(self, period_ms: int = PERIOD_MS) -> Iterator[Telemetry]:
        """Moments of the rig for as long as they are asked for, one each `period_ms`; LinkLostError ends it."""
        told: list[Telemetry] = []

        def take(payload: bytes) -> None:
            if moment := parse(payload):
                told.append(moment)

        before, self.client.on_telemetry = self.client.on_telemetry, take
        try:
            renew_s = 0.0
            while True:
                if time.monotonic() >= renew_s:
                    self.client.request("live", period_ms)
                    renew_s = time.monotonic() + RENEW_S
                self.client.listen(CLOSE.listen_s)
                yield from told
                told.clear()
        finally:
            self.client.on_telemetry = before
            self.client.request("live", 0)

    def pull(
        self,
        library: Library,
        progress: Progress = lambda done, total: None,
        result: PullResult | None = None,
    ) -> PullResult:
        """Every finished set that the library lacks, once, and its Parquet file; `progress` gets bytes.

        `result` is filled as sets come: it holds what came before a broken link, too.
        """
        result = pull_sets(self.client, library, greet(self.client, library), progress, result)
        result.notices += follow_up(library, result.new)
        return result

    def athlete(self, label: str) -> None:
        """Whose sets come next: a label of `library.people`, never a name; "" for nobody."""
        self.client.athlete(label)

    def plans(self) -> dict[str, Any]:
        """The plans on the rig, which is chosen, and how many of its sets are done."""
        return fetch_plans(self.client)

    def push_plan(
        self,
        plan: str | Path | Mapping[str, Any],
        choose: bool = False,
        on_wait: Callable[[], None] = lambda: None,
    ) -> str:
        """Store a plan (a file, a ready-made one's id, or what read_plan gave) and return its id.

        A rig writes only while its belt stands: that is waited for, and `on_wait` called once.
        """
        found = dict(plan) if isinstance(plan, Mapping) else read_plan(plan)
        plan_id = push_plan(self.client, found, on_wait)
        if choose:
            self.choose_plan(plan_id, on_wait)
        return plan_id

    def choose_plan(self, plan_id: str, on_wait: Callable[[], None] = lambda: None) -> None:
        """Follow a stored plan from its beginning, once no set runs; "" for free sets."""
        choose_plan(self.client, plan_id, on_wait)

    def tare(self) -> Tare:
        """Take the present pull as zero force; RigRefusedError while the belt moves or the cell is not steady."""
        return tared(self.client)

    def calibrating(
        self, library: Library, guide: Guide, person: str | None = None, is_following: bool = False
    ) -> Calibrating:
        """The procedures that calibrate belt, load cell and direction, with `guide` as whoever carries them out.

        is_following: watch for what happens instead of asking. `person`: who calibrates, kept in the library alone.
        """
        from retrorig.calibration.calibrating import Calibrating

        return Calibrating.begun(self.client, library, guide, person, is_following)

    def calibration(self, library: Library) -> Backup:
        """The calibration in force, for `retrorig.calibration.write_backup`, with its record if the library has it."""
        from retrorig.calibration.backup import taken

        return taken(self.client, library)

    def restore_calibration(self, library: Library, backup: Backup) -> Values:
        """Put a calibration in force again, also that of another board; what the rig has stored."""
        from retrorig.calibration.backup import put_back

        return put_back(self.client, library, backup)

    def settings(self) -> dict[str, Any]:
        """Every setting by name."""
        return fetch_settings(self.client)

    def change_settings(
        self, on_wait: Callable[[], None] = lambda: None, /, **changes: Any
    ) -> dict[str, Any]:
        """Store all of these settings or none; InputError for a value that can't be.

        A rig writes only while its belt stands: that is waited for, and `on_wait` called once.
        """
        return change_settings(self.client, changes, on_wait)


def connect(port: str | None = None) -> Rig:
    """The rig at a port (anything pyserial opens), or the only one that is plugged in.

    NoRigError when there is none or several, or something else answers there.
    """
    client = RigClient(open_rig(port))
    try:
        client.hello()
    except BaseException:
        client.close()
        raise
    return Rig(client)
