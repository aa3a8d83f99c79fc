"""Virtual time: a counter of nanoseconds and the events that lie ahead, in one heap."""

from __future__ import annotations

import heapq
from collections.abc import Callable


class Event:
    """Something that will happen; `cancel()` takes it back."""

    __slots__ = ("action", "at_ns")

    def __init__(self, at_ns: int, action: Callable[[], None]) -> None:
        self.at_ns = at_ns
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        self.action = None


class Clock:
    """Nanoseconds since construction; never goes back. Events at the same time happen in the order they were set."""

    def __init__(self) -> None:
        self.now_ns = 0
        self._heap: list[tuple[int, int, Event]] = []
        self._number = 0

    def at(self, at_ns: int, action: Callable[[], None]) -> Event:
        """Let `action` happen at `at_ns`, or at once in the next advance when that has passed."""
        event = Event(at_ns, action)
        self._number += 1
        heapq.heappush(self._heap, (at_ns, self._number, event))
        return event

    def after(self, delay_ns: int, action: Callable[[], None]) -> Event:
        return self.at(self.now_ns + delay_ns, action)

    def next_ns(self) -> int | None:
        """When the next event is due, or None."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def advance(self, by_ns: int) -> None:
        self.advance_to(self.now_ns + by_ns)

    def advance_to(self, to_ns: int) -> None:
        """Let time pass until `to_ns`, with everything that happens on the way."""
        heap = self._heap
        while heap and heap[0][0] <= to_ns:
            self.step()
        if to_ns > self.now_ns:
            self.now_ns = to_ns

    def step(self) -> None:
        """Go to the next event and let it happen."""
        at_ns, _, event = heapq.heappop(self._heap)
        action = event.action
        if action is None:
            return
        if at_ns > self.now_ns:
            self.now_ns = at_ns
        event.action = None
        action()
