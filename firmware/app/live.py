"""Telemetry: how the rig is doing, told a few times a second for as long as the host keeps asking anything.

commands.py loads this when `live` is asked; the desk forgets it when nobody listens any more.
"""

import binascii
import struct

from rigcore import protocol
from rigcore.framing import HEAD, TYPE_TELEMETRY

_NUMBERS_AT = 5  # in the frame, after delimiter, first code, type and number
_WORDS_AT = _NUMBERS_AT + protocol.TELEMETRY_BYTES
_WORDS_MAX = 180  # so that the frame needs no second code for its length


class Live:
    """Paced by the samples, so that a frame tells of one just taken; what finds no gap on the line is left out."""

    VERBS = {}  # those of this module, so that a repeated `live` need not load it again

    def __init__(self, rig, n, period_ms):
        self._rig = rig
        self._n = n
        self._period_ms = period_ms
        self._due_ms = rig.session.now_ms
        self._skipped_n = 0
        self.renew()

    def renew(self):
        """The host has asked something: it is still there."""
        self._until_ms = self._rig.session.now_ms + protocol.LEASE_MS

    def is_over(self):
        return self._rig.session.now_ms > self._until_ms

    def due_frame(self, out):
        """The next frame, built in `out`; None until it is due."""
        late_ms = self._rig.session.now_ms - self._due_ms
        if late_ms < 0:
            return None
        late_n = late_ms // self._period_ms
        self._skipped_n += late_n
        self._due_ms += (late_n + 1) * self._period_ms
        self._put_numbers(out)
        words = self._words()
        out[_WORDS_AT : _WORDS_AT + len(words)] = words
        struct.pack_into(HEAD, out, 2, TYPE_TELEMETRY, self._n)
        return short_frame(out, _WORDS_AT - 2 + len(words))

    def _put_numbers(self, out):
        rig = self._rig
        session, view = rig.session, rig.view
        plan_runner = session.plan_runner
        progress = plan_runner.progress
        target, amount = plan_runner.target, plan_runner.amount
        if not session.is_recording:
            target, amount = progress.get("target"), progress.get("amount")
        rig.see()
        struct.pack_into(
            protocol.TELEMETRY,
            out,
            _NUMBERS_AT,
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
            max(
                0,
                plan_runner.due_ms - session.now_ms
                if session.state == "countdown"
                else plan_runner.rest_left_ms(),
            ),
            session.steps.steps_n,
            session.lost_n,
            rig.sampler.dropped_n,
            self._skipped_n,
        )

    def _words(self):
        rig = self._rig
        return "\t".join((rig.session.state, rig.athlete, rig.view.trouble, rig.plausibility.doubt)).encode()[
            :_WORDS_MAX
        ]


def short_frame(out, size):
    """The frame of the `size` bytes from out[2] on, at most 249, made where they are: as frame() in rigcore.framing
    makes it, which cuts what has many zeros into pieces and so leaves 7 KB of garbage."""
    whole = memoryview(out)
    end = 2 + size
    struct.pack_into("<I", out, end, binascii.crc32(whole[2:end]))
    end += 4
    code = 1  # where the running block's length goes
    for at in range(2, end):
        if not out[at]:
            out[code] = at - code
            code = at
    out[code] = end - code
    out[0] = out[end] = 0
    return whole[: end + 1]


def live(rig, period_ms):
    """Begin to tell, or tell at another pace; 0 ends it."""
    if not period_ms.isdigit() or len(period_ms) > 5:
        raise protocol.RequestError(
            protocol.ERR_ARGUMENT, "live needs milliseconds from frame to frame, or 0."
        )
    period_ms = int(period_ms)
    if period_ms:
        period_ms = max(protocol.LIVE_MIN_MS, period_ms)
    rig.handler.live = Live(rig, rig.handler.request_n, period_ms) if period_ms else None
    return {"period_ms": period_ms, "lease_ms": protocol.LEASE_MS}


VERBS = Live.VERBS = {"live": (live, 1, 1)}
