"""Telemetry: the rig's state, sent a few times a second as long as the host keeps sending requests.

commands.py loads this when `live` is asked; it is forgotten when nobody listens any more.
"""

import struct

from rigcore import TYPE_CHECKING, protocol
from rigcore.framing import PAYLOAD_AT, TYPE_TELEMETRY, sealed

from .commands import Reply, itself

if TYPE_CHECKING:
    from .commands import Verbs
    from .rig import Rig

_WORDS_AT = PAYLOAD_AT + protocol.TELEMETRY_BYTES
_WORDS_MAX = 180


class Live:
    """Sends a frame right after a sample was taken; a frame for which the line is not free is skipped and counted."""

    def __init__(self, rig: "Rig", period_ms: int) -> None:
        self._rig = rig
        self._session = rig.session
        self._view = rig.view
        self._period_ms = period_ms
        self._due_ms = self._session.now_ms
        self._skipped_n = 0
        self.renew()

    def verbs(self) -> "Verbs":
        """The verbs of this module, so that a repeated `live` need not load it again."""
        return VERBS

    def renew(self) -> None:
        """Extend the lease: the host has sent a request."""
        self._until_ms = self._session.now_ms + protocol.LEASE_MS

    def is_over(self) -> bool:
        return not self._period_ms or self._session.now_ms > self._until_ms

    def due_frame(self, n: int, out: bytearray) -> "memoryview | None":
        """The next frame of request `n`, built in `out`; None until it is due."""
        late_ms = self._session.now_ms - self._due_ms
        if late_ms < 0:
            return None
        late_n = late_ms // self._period_ms
        self._skipped_n += late_n
        self._due_ms += (late_n + 1) * self._period_ms
        self._put_numbers(out)
        words = self._words()
        end = _WORDS_AT + len(words)
        out[_WORDS_AT:end] = words
        return sealed(TYPE_TELEMETRY, n, out, end - PAYLOAD_AT)

    def _put_numbers(self, out: bytearray) -> None:
        rig, session, view = self._rig, self._session, self._view
        plan_runner = session.plan_runner
        progress = plan_runner.progress
        target, amount = plan_runner.target, plan_runner.amount
        if not session.is_recording:
            target, amount = progress.get("target"), progress.get("amount")
        is_counting = session.state == "countdown"
        wait_ms = plan_runner.due_ms - session.now_ms if is_counting else plan_runner.rest_left_ms()
        rig.see()
        struct.pack_into(
            protocol.TELEMETRY,
            out,
            PAYLOAD_AT,
            protocol.TELEMETRY_VERSION,
            rig.board_us(),
            plan_runner.set_no,
            max(0, plan_runner.index if session.is_recording else progress.done_n),
            progress.sets_n,
            ord(target[0]),
            amount,
            view.speed_mmps,
            protocol.NOT_MEASURED if view.force_mn is None else view.force_mn,
            view.distance_mm,
            view.elapsed_ms,
            max(0, wait_ms),
            session.steps.steps_n,
            session.lost_n,
            rig.sampler.dropped_n,
            self._skipped_n,
        )

    def _words(self) -> bytes:
        rig, view = self._rig, self._view
        cadence = "" if view.cadence_spm is None else "%d" % view.cadence_spm
        words = (self._session.state, rig.athlete, view.trouble, rig.plausibility.doubt, cadence)
        return "\t".join(words).encode()[:_WORDS_MAX]


def live(rig: "Rig", period_ms: str) -> Reply:
    """Start telemetry, or change its period; 0 ends it."""
    if not period_ms.isdigit() or len(period_ms) > 5:
        raise protocol.RequestError(
            protocol.ERR_ARGUMENT, "live needs milliseconds from frame to frame, or 0."
        )
    wanted_ms = int(period_ms)
    if wanted_ms:
        wanted_ms = max(protocol.LIVE_MIN_MS, wanted_ms)
    return Reply({"period_ms": wanted_ms, "lease_ms": protocol.LEASE_MS}, telemetry=Live(rig, wanted_ms))


VERBS: "Verbs" = {"live": (live, itself, 1, 1)}
