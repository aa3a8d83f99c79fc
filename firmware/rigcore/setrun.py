"""One movement from its first sample on: counted at once, written when it is sure to last, judged when it ends."""

from .detect import (
    END_COUNTS,
    LEAN_MM,
    REST_COUNTS,
    Ground,
    StandWatch,
    band_counts,
    first_movement,
    last_movement,
    sways,
)
from .force import CODE_MAX, CODE_MIN, FAULT_BASE
from .history import BLOCK_N, HISTORY_N, PACE_N
from .records import REMARK
from .ticks import TICKS_PERIOD, TURN_MS, ticks_diff
from .verdict import PROVEN_MS, PUSH_MM, WALK, Evidence

STILL_S = 3
DIRECTION_MM = 2  # smaller movement to and fro is dither, neither backward nor forward
FORWARD_MM = 1000  # so far forward from its furthest place, a belt has left the set behind
LEAD_N = 16  # samples kept from before the first movement of a belt that stood
LEAN_LEAD_N = 64  # and of one that crept or swayed
SETTLE_N = 40  # samples, half a second, in which the belt creeps to its resting place after the last movement
STAND_US = 750_000  # of a stand, logged at once: the line settles, then shows the zero of force
HELD_MAX = HISTORY_N - 64
PLACE_N = 400  # samples of a stand after which its end is placed, however slow or fast they come
SWAY_MM = 25  # who sways after the last step makes so much new ground at most
REST_US = 400_000
PLACE_US = 3_000_000  # of a stand: then the history still has its beginning, and the end is placed
CATCH_UP_N = 8  # samples written for each that comes, once a movement is written that began some time ago
PULLED_CODES = 20_000  # from the least to the most pull on a line in use; about 9 N on a 2 kN cell
PAUSES_MAX = 16  # written down one by one; later ones are added to the last
STILL, FORWARD = "still", "forward"
STILL_MM = 10


class SetRun:
    """Reads the history it is given; `open` it, `feed` it, then `end` it as a set or `drop` it.

    `is_open` while a movement is followed, whether anybody calls it a set or not; `is_written` once the log has its
    header; `is_proven` once it is a walk whatever comes.
    """

    def __init__(self, writer, history, clock, make_header):
        self._writer = writer
        self._history = history
        self._clock = clock
        self._make_header = make_header
        self.still_us = STILL_S * 1_000_000
        self.is_open = self.is_written = self.is_proven = self.is_paused = False
        self.lost_n = 0  # samples of the latest set that have no conversion
        self.pauses = []
        self._pause_ms = 0
        self._start_number = self.stop_number = 0
        self._start = (0, 0)  # as (turns of the clock, ticks), because a set may outlast a turn
        self._stop = (0, 0)  # None while the belt moves
        self.start_sums = self.stop_sums = (0, 0)
        self._paused = (0, 0)  # moved in pauses
        self._next = 0  # the first sample that is not logged
        self._stand = StandWatch()
        self._evidence = Evidence()

    def use(self, geometry):
        """Take lengths from this geometry; before the first set or between two."""
        self.geometry = geometry
        self.ground = Ground(geometry)
        self._lean_counts = band_counts(geometry, LEAN_MM)
        self._sway_counts = band_counts(geometry, SWAY_MM)
        self._forward_counts = max(3, geometry.counts(FORWARD_MM))

    # -- what was moved

    @property
    def backward(self):
        """Counts backward in the running or the latest set, without its pauses."""
        return self.counted()[0]

    @property
    def forward(self):
        return self.counted()[1]

    def counted(self):
        """(backward, forward) counts of the running or the latest set, without its pauses."""
        if self._stop is None:
            total = self._history.total
            backward, forward = total.backward, total.forward
        else:
            backward, forward = self.stop_sums
        start, paused = self.start_sums, self._paused
        return backward - start[0] - paused[0], forward - start[1] - paused[1]

    def all_counted(self):
        """The same with what was moved in pauses; of nothing when no set is open."""
        if not self.is_open:
            return 0, 0
        total, start = self._history.total, self.start_sums
        return total.backward - start[0], total.forward - start[1]

    # -- from movement to set

    def open(self, rest, since):
        """Follow the movement that has left the place `rest`, from its first sample on."""
        first = self._begin_at(first_movement(self._history, rest, self._lean_counts, since))
        self.lost_n = self._pause_ms = 0
        self.pauses = []
        self._paused = (0, 0)
        self._start_number = first
        self._start = self._moment(first)
        before = max(first - PACE_N, self._history.oldest(), since)
        is_rest = -REST_COUNTS <= self._history.count(first) - self._history.count(before) <= REST_COUNTS
        self.start_sums = self._history.sums(before if is_rest else first)
        self.is_open = True
        self.is_written = self.is_proven = self.is_paused = False
        self._evidence.reset(band_counts(self.geometry, PUSH_MM))
        self._next = max(first - self._lead_n(first), self._history.oldest())
        self._wanted = self._next
        self._is_flushed = False
        self._catch_up(first)

    def _begin_at(self, first):
        history = self._history
        ticks, count = history.ticks(first), history.count(first)
        self.ground.reset(first, ticks, count)
        self._stand.reset(first, ticks, count)
        self._origin = count
        self.begun = first
        self._stop = None
        self._is_placed = self._is_final = False
        return first

    def _catch_up(self, first):
        for number in range(first + 1, self._history.n):
            self._look(number)

    def _lead_n(self, first):
        before = max(self._history.oldest(), first - LEAN_LEAD_N)
        low, high = self._history.span(before, max(before, first - BLOCK_N))
        return LEAD_N if high - low <= 2 * END_COUNTS else LEAN_LEAD_N

    def _look(self, number):
        history = self._history
        ticks, count, code = history.ticks(number), history.count(number), history.code(number)
        is_new = self.ground.feed(number, ticks, count)
        if is_new:
            self._is_final = False
            if self._is_placed and self.ground.furthest - self._placed_count > self._sway_counts:
                self._is_placed = False
        self._stand.feed(number, ticks, count)
        if not self.is_proven:
            self._evidence.feed(history.moved(number), self.ground.furthest, is_new, code)
        if code >= FAULT_BASE:
            self.lost_n += 1

    def feed(self, number):
        """Take one sample; STILL or FORWARD once the movement has ended, else ""."""
        self._look(number)
        ticks = self._history.ticks(number)
        if not self.is_proven:
            self._try_to_prove(number)
        if self.is_written:
            self._log(number)
        if self.ground.furthest - self._history.count(number) >= self._forward_counts:
            self._place(self.ground.number)
            return FORWARD
        if self.ground.stands(ticks, min(self.still_us, PLACE_US)) or number - self.ground.number >= PLACE_N:
            self._place_once()
        elif not self._is_placed and self._is_at_rest(number, ticks):
            self._place()
        return STILL if self._is_final and self.ground.stands(ticks, self.still_us) else ""

    def _is_at_rest(self, number, ticks):
        """Whether the belt has stood at its furthest place for a moment: if it sways from here on, it ended here."""
        is_there = self.ground.furthest - self._history.count(number) <= END_COUNTS
        return is_there and self._stand.is_beyond(number, ticks, PACE_N, REST_US)

    def _place_once(self):
        """The stand is long enough: its end is where it was placed before, unless new ground was made that lasted."""
        if self._is_final:
            return
        if not self._is_placed or not sways(self._history, self.ground):
            self._place()
        self._is_final = True

    def _try_to_prove(self, number):
        evidence = self._evidence
        if evidence.pushes_n >= 2 or evidence.is_near_best(self._history.moved(number)):
            if evidence.pushes_n >= 2 or self._span_ms(number) >= PROVEN_MS:
                self.is_proven = self.verdict() == WALK

    def _span_ms(self, number):
        return _span_ms(self._start, self._moment(number))

    def verdict(self):
        """WALK, or why this movement is none so far."""
        if self.is_proven:
            return WALK
        ground = self.ground
        span_ms = ticks_diff(self._history.ticks(ground.number), self._start[1]) // 1000
        backward, forward = self.counted()
        return_pct = forward * 100 // max(1, backward)
        return self._evidence.verdict(self.ground_mm, span_ms, return_pct)

    @property
    def ground_mm(self):
        """New ground of the movement, or of its latest piece after a pause."""
        return self.geometry.mm(self.ground.furthest - self._origin)

    def outlives_history(self):
        """Whether the history is about to lose the beginning of what is not written."""
        return not self.is_written and self._history.n - self._next >= HELD_MAX

    def is_under_way(self, ms):
        """Whether it has gone on for so long and still makes new ground."""
        newest = self._history.n - 1
        return self.ground.number >= newest - 2 * PACE_N and self._span_ms(newest) >= ms

    def is_by_hand(self):
        """Whether it looks so far as if a hand moved the belt: pushes from rest without a pull, or one that is over."""
        evidence = self._evidence
        if self.is_proven or evidence.is_pulled() is not False or not evidence.is_halting():
            return False
        return evidence.pushes_n > 1 or self.ground.number < self._history.n - 1 - 2 * PACE_N

    def write(self):
        """Begin the set in the log, with what lay before it; False when the store has no room."""
        header = self._make_header(_board_us(self._start))
        self._is_behind = True
        self.is_written = self._writer.begin(header)
        return self.is_written

    def _log(self, number):
        """Write this sample, or some that wait since the movement began; of a stand only its first moments."""
        is_held = self._stand.is_beyond(number, self._history.ticks(number), SETTLE_N, STAND_US)
        if is_held:
            self._wanted = max(self._wanted, number - HELD_MAX)
        else:
            self._wanted = number + 1
            self._is_flushed = False
        stop = self._wanted
        if self._is_behind:
            stop = min(stop, self._next + CATCH_UP_N)
            self._is_behind = stop < self._wanted
        self._log_before(stop)
        if is_held and not self._is_flushed and self._next >= self._wanted:
            self._is_flushed = True  # what came before must not wait with the stand
            self._writer.flush()

    def feed_pause(self, number):
        """Take one sample of a pause: it is logged."""
        if self._history.code(number) >= FAULT_BASE:
            self.lost_n += 1
        self._log_before(number + 1)

    @property
    def is_full(self):
        """Whether the store refused the set's last block."""
        return self.is_written and self._writer.full

    def pause(self):
        """The athlete stands: the set waits from its last movement on."""
        self._come_to_rest()
        self.is_paused = True

    def resume(self, rest, since):
        """Movement goes on, beyond the place `rest`."""
        history = self._history
        first = first_movement(history, rest, self._lean_counts, since)
        again, sums = self._moment(first), history.sums(first)
        backward, forward = sums[0] - self.stop_sums[0], sums[1] - self.stop_sums[1]
        self._pause_ms += _span_ms(self._stop, again)
        if len(self.pauses) < PAUSES_MAX:
            self.pauses.append([_board_us(self._stop), _board_us(again), backward, forward])
        else:
            self.pauses[-1][2] += backward
            self.pauses[-1][3] += forward
        self._paused = (self._paused[0] + backward, self._paused[1] + forward)
        self.is_paused = False
        self._begin_at(first)
        for number in range(first + 1, history.n):
            self.ground.feed(number, history.ticks(number), history.count(number))
            self._stand.feed(number, history.ticks(number), history.count(number))

    def end(self, reason, number, extra):
        """Close the set: at sample `number`, or for -1 at its last movement."""
        if not self.is_paused:
            if number < 0:
                self._come_to_rest()
                if self._is_pulled():
                    self._log_before(self._history.n)
            else:
                self._log_before(number + 1)
                self._stop_at(number)
        counted = self.counted()
        fields = {
            "reason": reason,
            "end_us": _board_us(self._stop),
            "backward_counts": counted[0],
            "forward_counts": counted[1],
            "samples": self.stop_number - self._start_number + 1,
            "lost": self.lost_n,
        }
        if self.pauses:
            fields["pauses"] = self.pauses
            fields["paused_ms"] = self._pause_ms
        fields.update(extra)
        self._writer.end(fields)
        self.is_open = self.is_paused = False

    def drop(self, reason):
        """It was no walk: what is written of it counts as none."""
        if not self._is_placed:
            self._place()
        self._stop_at_place()
        self.is_open = self.is_paused = False
        if self.is_written:
            counted = self.counted()
            fields = {"reason": REMARK, "remark": reason, "end_us": _board_us(self._stop)}
            fields["backward_counts"], fields["forward_counts"] = counted
            self._writer.drop(fields)
            self.is_written = False

    def elapsed_ms(self, number):
        """Milliseconds from the first movement to sample `number` or to the end, without pauses."""
        stop = self._moment(number) if self._stop is None else self._stop
        return _span_ms(self._start, stop) - self._pause_ms

    def since_stop_ms(self):
        """Milliseconds from the end, or the pause's begin, to the newest sample."""
        return _span_ms(self._stop, self._moment(self._history.n - 1))

    def rest_ms(self, ended):
        """Milliseconds from that moment, an end as `stop` tells it, to this set's first movement."""
        return _span_ms(ended, self._start)

    @property
    def stop(self):
        """When the set ended, as (turns of the clock, ticks)."""
        return self._stop

    def _place(self, number=-1):
        """Find the end while the history still has it; new ground makes it void. What the belt creeps to its resting
        place is in the set's metres."""
        history = self._history
        earliest = max(self.begun, history.oldest())
        settled = number = (
            max(number, earliest) if number >= 0 else last_movement(history, self.ground, earliest)
        )
        later = min(number + SETTLE_N, history.n - 1)
        if -END_COUNTS <= history.count(later) - history.count(number) <= END_COUNTS:
            settled = later
        self._placed_count = self.ground.furthest
        self._placed = number, self._moment(number), history.sums(settled)
        self._is_placed = True

    def _come_to_rest(self):
        """The set stops at its last movement; some of the stand after it is logged."""
        if not self._is_placed:
            self._place()
        self._stop_at_place()
        stop = max(self.stop_number + SETTLE_N, self._wanted) + 1
        self._log_before(min(stop, self._history.n))

    def _stop_at_place(self):
        self.stop_number, self._stop, self.stop_sums = self._placed

    def _stop_at(self, number):
        self.stop_number = number
        self._stop = self._moment(number)
        self.stop_sums = self._history.sums(number)

    def _is_pulled(self):
        """Whether somebody went on pulling in the samples that were held back."""
        low, high = CODE_MAX, CODE_MIN
        for number in range(self._next, self._history.n):
            code = self._history.code(number)
            if code < FAULT_BASE:
                low, high = min(low, code), max(high, code)
        return high - low > PULLED_CODES

    def _log_before(self, stop):
        history = self._history
        for number in range(self._next, stop):
            ticks = history.ticks(number)
            self._writer.add(self._clock.turns_at(ticks), ticks, history.count(number), history.code(number))
        self._next = max(self._next, stop)

    def _moment(self, number):
        ticks = self._history.ticks(number)
        return self._clock.turns_at(ticks), ticks


def _board_us(moment):
    return moment[0] * TICKS_PERIOD + moment[1]  # wide


def _span_ms(start, stop):
    return (stop[0] - start[0]) * TURN_MS + (stop[1] - start[1]) // 1000
