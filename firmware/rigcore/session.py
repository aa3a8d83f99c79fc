"""From samples to sets: a free set starts with backward movement and ends at stillness.

    idle --30 mm backward--> running --3 s within 10 mm, or the button, or the host--> idle
"""

from .detect import StartDetector, StillDetector, last_movement
from .force import FAULT_BASE
from .history import History
from .motion import Directions, SpeedWindow
from .ticks import TURN_MS, LongClock

START_MM = 30
REST_COUNTS = 2  # an edge that dithers by a count or two is no movement
PATIENCE_N = 160  # 2 s at 80 conversions a second
STILL_MM = 10
STILL_US = 3_000_000
END_COUNTS = 5  # the set ends where the belt came this close to its final place for good
DIRECTION_MM = 2  # smaller movement to and fro is dither, neither backward nor forward
LEAD_N = 16  # samples kept from before the first movement
SPEED_N = 9  # samples of the displayed speed: eight intervals, 0.1 s at 80 a second

IDLE = "idle"
RUNNING = "running"


class Session:
    """Feed it every sample; it keeps what the display shows and drives the set writer.

    `make_header(start_us)` is called with the time of the first movement and returns the set's header
    as a dict.
    """

    def __init__(self, geometry, writer, make_header):
        self._writer = writer
        self._make_header = make_header
        self._start = StartDetector(geometry.counts(START_MM), REST_COUNTS, PATIENCE_N)
        self._still = StillDetector(geometry.counts(STILL_MM), STILL_US)
        self._window = SpeedWindow(SPEED_N)
        self.history = History()
        self.directions = Directions(geometry.counts(DIRECTION_MM))
        self.clock = LongClock()
        self.state = IDLE
        self.refused = False  # the store had no room for the last set
        self.code = FAULT_BASE
        self.lost_n = 0  # samples of the latest set that have no conversion
        self._start_number = 0
        self._started = (0, 0)
        self._elapsed_ms = 0
        self._moved = (0, None)

    def feed(self, ticks, count, code):
        """Take one sample: tick counter, net counts, load-cell code or fault."""
        self.clock.feed(ticks)
        number = self.history.push(ticks, count, code)
        self._window.feed(ticks, count)
        self.code = code
        if self.state == RUNNING:
            self._run(number, ticks, count, code)
        else:
            first = self._start.feed(number, count)
            if first >= 0:
                self._begin(first)

    def speed_counts_us(self):
        """Latest movement as (counts, microseconds)."""
        return self._window.counts_and_us()

    def elapsed_ms(self):
        """Milliseconds from the set's first movement to the newest sample, or to its end."""
        if self.state == RUNNING:
            self._elapsed_ms = self._since_start_ms(self.clock.ticks)
        return self._elapsed_ms

    def _since_start_ms(self, ticks):
        start_turns, start_ticks = self._started
        return (self.clock.turns_at(ticks) - start_turns) * TURN_MS + (ticks - start_ticks) // 1000

    def stop(self, reason):
        """End a running set now, at its last movement."""
        if self.state == RUNNING:
            self._end(reason)

    def _begin(self, first):
        history = self.history
        first = max(first, history.oldest())
        ticks = history.ticks(first)
        self._started = (self.clock.turns_at(ticks), ticks)
        self.refused = not self._writer.begin(self._make_header(self.clock.board_us(ticks)))
        if self.refused:
            self._start.reset(history.n, history.count(history.n - 1))
            return
        self.state = RUNNING
        self._start_number = first
        self.lost_n = 0
        self.directions.start(history.count(first))
        for number in range(max(first - LEAD_N, history.oldest()), first):
            self._log(number)
        self._still.reset(ticks, history.count(first))
        self._moved = (first, self.directions.snapshot())
        for number in range(first, history.n):
            self._run(number, history.ticks(number), history.count(number), history.code(number))

    def _run(self, number, ticks, count, code):
        self.directions.feed(count)
        if code >= FAULT_BASE:
            self.lost_n += 1
        self._log(number)
        if self._still.moved(ticks, count):
            self._moved = (number, self.directions.snapshot())
        elif self._still.is_still(ticks):
            self._end("still")

    def _log(self, number):
        history = self.history
        ticks = history.ticks(number)
        self._writer.add(self.clock.turns_at(ticks), ticks, history.count(number), history.code(number))

    def _end(self, reason):
        """Close the set at its last movement; what came after counts as stillness."""
        moved, snapshot = self._moved
        last = last_movement(self.history, max(moved, self.history.oldest()), END_COUNTS)
        self.directions.restore(snapshot)
        for number in range(moved + 1, last + 1):
            self.directions.feed(self.history.count(number))
        ticks = self.history.ticks(last)
        self._writer.end(
            {
                "reason": reason,
                "end_us": self.clock.board_us(ticks),
                "backward_counts": self.directions.backward,
                "forward_counts": self.directions.forward,
                "samples": last - self._start_number + 1,
                "lost": self.lost_n,
            }
        )
        self._elapsed_ms = self._since_start_ms(ticks)
        self.state = IDLE
        self._start.reset(self.history.n, self.history.count(self.history.n - 1))
