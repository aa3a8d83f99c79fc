"""One running set: counts its movement, writes its samples, finds its end and its pauses."""

from .detect import StandWatch, StillDetector, band_counts, has_settled, last_movement, resting_count
from .force import CODE_MAX, CODE_MIN, FAULT_BASE
from .history import HISTORY_N
from .motion import Directions
from .ticks import TICKS_PERIOD, TURN_MS

STILL_MM = 10
STILL_US = 3_000_000
DIRECTION_MM = 2  # smaller movement to and fro is dither, neither backward nor forward
LEAD_N = 16  # samples kept from before the first movement
SETTLE_N = 40  # samples, half a second, in which the belt creeps to its resting place after the last movement
STAND_US = 750_000  # of a stand, logged at once: the line settles, then shows the zero of force
HELD_MAX = HISTORY_N - 64
PULLED_CODES = 20_000  # from the least to the most pull on a line in use; about 9 N on a 2 kN cell
PAUSES_MAX = 16  # written down one by one; later ones are added to the last


class SetRun:
    """Reads the history it is given. `feed` tells True when the belt has come to rest.

    The end is known by three seconds of stillness, of which the log needs the first moments only. The rest is held
    back: it is left in the history, and logged when it turns out to belong to the set, or to tell of an encoder that
    stood still alone.
    """

    def __init__(self, writer, history, clock):
        self._writer = writer
        self._history = history
        self._clock = clock
        self.lost_n = 0  # samples of the latest set that have no conversion
        self.pauses = []
        self.is_paused = False
        self._pause_ms = 0
        self._start_number = 0
        self._stop_number = 0
        self._start = (0, 0)  # as (turns of the clock, ticks), because a set may outlast a turn
        self._stop = (0, 0)  # None while the belt moves
        self._moved = 0  # the latest sample that moved; the directions have their mark there
        self._stand = StandWatch()
        self._next = 0  # the first sample that is not logged

    def use(self, geometry):
        """Take lengths from this geometry; before the first set or between two."""
        self.sway_counts = band_counts(geometry, STILL_MM)
        self._still = StillDetector(self.sway_counts, STILL_US)
        dither_counts = band_counts(geometry, DIRECTION_MM)
        self.directions = Directions(dither_counts)
        self.rest = Directions(dither_counts)  # movement that belongs to no set

    def begin(self, header, first):
        """Open the set at sample `first`; False when the store has no room."""
        history = self._history
        if not self._writer.begin(header):
            return False
        self._start_number = first
        self._start = self._moment(first)
        self.lost_n = self._pause_ms = 0
        self.pauses = []
        self.is_paused = False
        low = history.count(first)
        self._next = max(first - LEAD_N, history.oldest())
        for number in range(self._next, first):
            low = min(low, history.count(number))
        self._log_before(first)
        self._go_on(first, resting_count(low, history.count(first)))
        return True

    def feed(self, number):
        """Take one sample of the moving set; True once the belt has stood still."""
        history = self._history
        ticks, count = history.ticks(number), history.count(number)
        self.directions.feed(count)
        has_moved = self._still.moved(ticks, count)
        if has_moved:
            self._mark(number)
            self._stand.reset(number, ticks, count)
        self._stand.feed(number, ticks, count)
        self._count_lost(number)
        if self._stand.is_beyond(number, ticks, SETTLE_N, STAND_US):
            self._hold(number)
        else:
            self._log_before(number + 1)
        return not has_moved and self._still.is_still(ticks)

    def feed_pause(self, number):
        """Take one sample of a pause: it is logged, its movement counted apart."""
        self.rest.feed(self._history.count(number))
        self._count_lost(number)
        self._log_before(number + 1)

    @property
    def is_full(self):
        """Whether the store refused the set's last block."""
        return self._writer.full

    def pause(self):
        """The athlete stands: the set waits from its last movement on."""
        self._come_to_rest()
        self.is_paused = True

    def resume(self, first):
        """Movement goes on from sample `first`."""
        paused = self.rest_before(first)
        again = self._moment(first)
        self._pause_ms += _span_ms(self._stop, again)
        if len(self.pauses) < PAUSES_MAX:
            self.pauses.append([_board_us(self._stop), _board_us(again)] + list(paused))
        else:
            for i in (0, 1):
                self.pauses[-1][2 + i] += paused[i]
        self.is_paused = False
        sums = self.directions.backward, self.directions.forward
        self._go_on(first, self._history.count(first))
        self.directions.backward, self.directions.forward = sums
        for number in range(first + 1, self._history.n):  # the log has these already
            self.directions.feed(self._history.count(number))
        self._mark(self._history.n - 1)

    def rest_before(self, first):
        """(backward, forward) counts of the rest, without what was moved from sample `first` on."""
        history, rest = self._history, self.rest
        since = Directions(rest.band_counts, history.count(first))
        for number in range(first + 1, history.n):
            since.feed(history.count(number))
        return max(0, rest.backward - since.backward), max(0, rest.forward - since.forward)

    def end(self, reason, number, extra):
        """Close the set: at sample `number`, or for -1 at its last movement."""
        if not self.is_paused:
            if number < 0:
                self._come_to_rest()
                if self._is_pulled():
                    self._log_before(self._history.n)
            else:
                self._log_before(number + 1)
                self._stop_at(number, number)
        fields = {
            "reason": reason,
            "end_us": _board_us(self._stop),
            "backward_counts": self.directions.backward,
            "forward_counts": self.directions.forward,
            "samples": self._stop_number - self._start_number + 1,
            "lost": self.lost_n,
        }
        if self.pauses:
            fields["pauses"] = self.pauses
            fields["paused_ms"] = self._pause_ms
        fields.update(extra)
        self._writer.end(fields)
        self.is_paused = False

    def elapsed_ms(self, number):
        """Milliseconds from the first movement to sample `number` or to the end, without pauses."""
        stop = self._moment(number) if self._stop is None else self._stop
        return _span_ms(self._start, stop) - self._pause_ms

    def since_stop_ms(self):
        """Milliseconds from the end, or the pause's begin, to the newest sample."""
        return _span_ms(self._stop, self._moment(self._history.n - 1))

    def _go_on(self, first, origin):
        ticks, count = self._history.ticks(first), self._history.count(first)
        self.directions.start(origin)
        self._still.reset(ticks, count)
        self._stand.reset(first, ticks, count)
        self._mark(first)
        self._stop = None

    def _mark(self, moved):
        self._moved = moved
        self.directions.mark()

    def _come_to_rest(self):
        """The set stops at its last movement; what the belt crept from there to its resting place is in its metres."""
        history = self._history
        last = self._rewind()
        settled = min(last + SETTLE_N, history.n - 1)
        self._log_before(settled + 1)
        if not has_settled(history.count(last), history.count(settled)):
            settled = last
        for number in range(last + 1, settled + 1):
            self.directions.feed(history.count(number))
        self._stop_at(last, settled)

    def _stop_at(self, number, settled):
        """The set stops at sample `number`; what came after sample `settled` is rest."""
        history = self._history
        self._stop_number = number
        self._stop = self._moment(number)
        self.rest.start(history.count(settled))
        for later in range(settled + 1, history.n):
            self.rest.feed(history.count(later))

    def _rewind(self):
        """Undo what was counted after the last movement; returns its sample."""
        last = last_movement(self._history, max(self._moved, self._history.oldest()))
        self.directions.go_back()
        for number in range(self._moved + 1, last + 1):
            self.directions.feed(self._history.count(number))
        return last

    def _count_lost(self, number):
        if self._history.code(number) >= FAULT_BASE:
            self.lost_n += 1

    def _hold(self, number):
        """Leave this sample in the history, as far as that reaches; what came before must not wait with it."""
        if self._next == number:
            self._writer.flush()
        self._log_before(number - HELD_MAX)

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
