"""One movement as a set: counted from its first sample on, with its pauses, written once it is sure to last.

What follows and judges a movement is loaded with the first one: until then its 8 KiB are free for other things.
"""

from . import TYPE_CHECKING
from .detect import REST_COUNTS
from .force import FAULT_BASE
from .history import PACE_N
from .records import REMARK
from .ticks import moment_us, span_ms
from .verdict import WALK

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .history import History
    from .motion import Geometry
    from .movement import Movement
    from .setsamples import SetSamples
    from .setwriter import SetWriter
    from .ticks import LongClock

STILL_S = 3
DIRECTION_MM = 2  # smaller movement to and fro is dither, neither backward nor forward
PAUSES_MAX = 16  # written down one by one; later ones are added to the last


class SetRun:
    """`open` it, `feed` it every sample, then `end` it as a set or `drop` it.

    `is_open` while a movement is followed, whether anybody calls it a set or not. Sums and counts are pairs
    (backward, forward).
    """

    movement: "Movement"  # these two from the first movement on
    samples: "SetSamples"

    def __init__(
        self,
        writer: "SetWriter",
        history: "History",
        clock: "LongClock",
        before_load: "Callable[[], None]",
    ) -> None:
        self._writer = writer
        self._before_load = before_load
        self._history = history
        self._clock = clock
        self.has_moved = False
        self.zero: int | None = None  # code of a slack line, once it is known
        self.still_us = STILL_S * 1_000_000
        self.is_open = False
        self.doubt = ""  # what looks wrong with the sensors (plausibility.py)
        self._is_paused = False
        self.pauses: list[list[int]] = []  # [from, to, backward, forward], microseconds and counts
        self._pause_ms = 0
        self.stop_number = 0
        self._is_moving = False
        self.stop = (0, 0)  # when it ended, as (turns of the clock, ticks), unless it moves
        self.start_sums = self.stop_sums = (0, 0)
        self._paused = (0, 0)  # moved in pauses

    def use(self, geometry: "Geometry") -> None:
        """Take lengths from this geometry; before the first set or between two."""
        self._geometry = geometry
        if self.has_moved:
            self.movement.use(geometry)

    # -- what was moved

    @property
    def backward(self) -> int:
        """Counts backward in the running or the latest set, without its pauses."""
        return self.counted()[0]

    @property
    def forward(self) -> int:
        """Counts forward, likewise."""
        return self.counted()[1]

    def counted(self) -> "tuple[int, int]":
        """Counts in the running or the latest set, without its pauses."""
        if self._is_moving:
            total = self._history.total
            backward, forward = total.backward, total.forward
        else:
            backward, forward = self.stop_sums
        start, paused = self.start_sums, self._paused
        return backward - start[0] - paused[0], forward - start[1] - paused[1]

    def elapsed_ms(self, number: int) -> int:
        """Milliseconds from the first movement to sample `number` or to the end, without pauses."""
        movement = self.movement
        stop = movement.moment(number) if self._is_moving else self.stop
        return span_ms(movement.start, stop) - self._pause_ms

    def since_stop_ms(self) -> int:
        """Milliseconds from the end, or the pause's begin, to the newest sample."""
        return span_ms(self.stop, self.movement.moment(self._history.n - 1))

    # -- from movement to set

    def open(self, rest: int, since: int) -> None:
        """Follow the movement that has left the place `rest`, from its first sample on, which is not before `since`."""
        if not self.has_moved:
            self._load()
        first = self.movement.first(rest, since)
        self._pause_ms = 0
        self.pauses = []
        self._paused = (0, 0)
        self.start_sums = self._sums_before(first, since)
        self.samples.open(first)
        self.is_open = True
        self._is_paused = False
        self._is_moving = True
        self.movement.open(first, self.zero)

    def _load(self) -> None:
        self._before_load()
        from .movement import Movement
        from .setsamples import SetSamples

        self.has_moved = True
        self.movement = Movement(self._history, self._clock)
        self.movement.use(self._geometry)
        self.samples = SetSamples(self._writer, self._history, self._clock)

    def _sums_before(self, first: int, since: int) -> "tuple[int, int]":
        """Sums where the belt lay before the movement."""
        history = self._history
        before = max(first - PACE_N, history.oldest(), since)
        is_rest = -REST_COUNTS <= history.count(first) - history.count(before) <= REST_COUNTS
        return history.sums(before if is_rest else first)

    def feed(self, number: int) -> str:
        """Take one sample; STILL or FORWARD (movement.py) once the movement has ended, else ""."""
        movement = self.movement
        ended = movement.feed(number, self.still_us)
        if not movement.is_proven and movement.may_be_proven(number):
            movement.is_proven = self.verdict() == WALK
        if self.samples.is_written:
            self.samples.log(number, movement.stand)
        return ended

    def feed_pause(self, number: int) -> None:
        """Take one sample of a pause: it is logged."""
        if self._history.code(number) >= FAULT_BASE:
            self.movement.lost_n += 1
        self.samples.log_before(number + 1)

    def verdict(self) -> str:
        """WALK, or why this movement is none so far (verdict.py)."""
        return self.movement.verdict(self.counted())

    def pause(self) -> None:
        """The athlete stands: the set waits from its last movement on."""
        self._come_to_rest()
        self._is_paused = True

    def resume(self, rest: int, since: int) -> None:
        """Movement goes on, beyond the place `rest`."""
        first = self.movement.first(rest, since)
        stop, again = self.stop, self.movement.moment(first)
        sums = self._history.sums(first)
        backward, forward = sums[0] - self.stop_sums[0], sums[1] - self.stop_sums[1]
        self._pause_ms += span_ms(stop, again)
        if len(self.pauses) < PAUSES_MAX:
            self.pauses.append([moment_us(stop), moment_us(again), backward, forward])
        else:
            self.pauses[-1][2] += backward
            self.pauses[-1][3] += forward
        self._paused = (self._paused[0] + backward, self._paused[1] + forward)
        self._is_paused = False
        self._is_moving = True
        self.movement.resume(first)

    def end(self, reason: str, number: int, extra: "dict[str, Any]") -> None:
        """Close the set: at sample `number`, or for -1 at its last movement."""
        if not self._is_paused:
            if number < 0:
                self._come_to_rest()
                self.samples.log_pull()
            else:
                self.samples.log_before(number + 1)
                self._stop_at(number, self.movement.moment(number), self._history.sums(number))
        fields = self._end_fields(reason)
        fields["samples"] = self.stop_number - self.movement.start_number + 1
        fields["lost"] = self.movement.lost_n
        if self.pauses:
            fields["pauses"] = self.pauses
            fields["paused_ms"] = self._pause_ms
        fields.update(extra)
        self.samples.writer.end(fields)
        self.is_open = self._is_paused = False

    def drop(self, reason: str) -> None:
        """It was no walk: what is written of it counts as none."""
        self._stop_at(*self.movement.end())
        self.is_open = self._is_paused = False
        if self.samples.is_written:
            fields = self._end_fields(REMARK)
            fields["remark"] = reason
            self.samples.writer.drop(fields)
            self.samples.is_written = False

    def _end_fields(self, reason: str) -> "dict[str, Any]":
        backward, forward = self.counted()
        return {
            "reason": reason,
            "end_us": moment_us(self.stop),
            "backward_counts": backward,
            "forward_counts": forward,
        }

    def _come_to_rest(self) -> None:
        """The set stops at its last movement; some of the stand after it is logged."""
        self._before_load()  # what is kept of it shall not lie amid garbage
        self._stop_at(*self.movement.end())
        self.samples.log_rest(self.stop_number)

    def _stop_at(self, number: int, moment: "tuple[int, int]", sums: "tuple[int, int]") -> None:
        self._is_moving = False
        self.stop_number, self.stop, self.stop_sums = number, moment, sums
