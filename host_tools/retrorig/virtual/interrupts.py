"""The chip's soft interrupts: one queue for all sources, eight deep, that drops when full."""

from __future__ import annotations

from collections import deque
from random import Random

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock

DEPTH = 8
KEYBOARD = -1


class Interrupts:
    """Sources `post()` the id of a callback; the CPU fetches one at a time with `next_signal()`.

    While interrupts are held off (a flash operation, disable_irq) each source is latched once, however
    often it fires. A callback is never handed out while another one runs.
    """

    def __init__(self, clock: Clock, rng: Random) -> None:
        self._clock = clock
        self._rng = rng
        self.dropped = 0
        self.served = self._counted = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at a reset of the chip; the totals stay."""
        self._queue: deque[int] = deque()
        self._latched: list[int] = []
        self._holds = 0
        self._masked = False
        self._keyboard = False
        self.in_callback = False  # one was handed out and has not returned
        self.has_started = False  # and the CPU has begun it

    @property
    def is_waiting(self) -> bool:
        """Whether the CPU has something to do at its next branch, so that it must not be kept asleep."""
        if self._keyboard:
            return True
        return not self.has_started if self.in_callback else bool(self._queue)

    def post(self, number: int) -> None:
        """An interrupt of this source fired now."""
        if self._holds:
            if number not in self._latched:
                self._latched.append(number)
        else:
            self.schedule(number)

    def schedule(self, number: int) -> bool:
        """Queue a callback; False, and one more dropped, when the queue is full."""
        if len(self._queue) >= DEPTH:
            self.dropped += 1
            return False
        self._queue.append(number)
        return True

    def keyboard(self) -> None:
        """Ctrl-C was received."""
        self._keyboard = True

    def take_keyboard(self) -> bool:
        """Whether Ctrl-C is pending; it no longer is."""
        pending, self._keyboard = self._keyboard, False
        return pending

    def hold(self) -> None:
        self._holds += 1

    def release(self) -> None:
        self._holds = max(0, self._holds - 1)
        if not self._holds:
            latched, self._latched = self._latched, []
            for number in latched:
                self.schedule(number)

    def mask(self) -> bool:
        """disable_irq: True if interrupts were on."""
        was_on, self._masked = not self._masked, True
        if was_on:
            self.hold()
        return was_on

    def unmask(self) -> None:
        if self._masked:
            self._masked = False
            self.release()

    def take_conversions(self) -> int:
        """Number of callbacks since the last call, each of which gave the main loop a sample."""
        n, self._counted = self.served - self._counted, self.served
        return n

    def next_signal(self) -> int:
        """What the CPU does at its next branch: KEYBOARD, a callback id (its latency has passed then), or 0."""
        return KEYBOARD if self.take_keyboard() else self.next_callback()

    def next_callback(self) -> int:
        """As `next_signal` where Ctrl-C has to wait: on the way out of a callback the chip is in C, not in Python."""
        if self.in_callback or not self._queue:
            return 0
        self.in_callback = True
        self.served += 1
        self._clock.advance(costs.LATENCY_MIN + int(costs.LATENCY_SPREAD * self._rng.random() ** 3))
        return self._queue.popleft()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to be handed out, also after a callback that runs now."""
        return not (self._queue or self.is_waiting)

    def returned(self) -> None:
        """The callback returned or raised, and its time has passed."""
        self.in_callback = False

    def done(self) -> None:
        """The callback returned or raised."""
        self.returned()
        self._clock.advance(costs.CALLBACK)
