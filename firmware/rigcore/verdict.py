"""Judges from a whole movement whether it was walking; every other answer is a named reason.

`Evidence` gathers what the judgement needs while the samples come; `judge` is pure. What was no walk becomes a
remark.
"""

from .force import CODE_MAX, CODE_MIN, FAULT_BASE

WALK = ""
SHIFT = "shift"  # the belt went no further than it does under somebody who steps on
KICK = "kick"  # one push, or two, that died away
HAND = "hand"  # pushes from rest without any pull in the line: a hand on the roller, an animal

SHIFT_MM = 280
PUSHES_N = 3  # so many pushes are steps
TWO_PUSHES_MM = 600
UNPULLED_MM = 800  # of a walk without any pull; a dog trots so far
STEADY_MS = 800
STEADY_PCT = 60  # of the time near its highest speed, a belt does not die away
EVEN_MS = 5000  # no hand keeps a belt so even for so long; who walks on a driven one does
PROVEN_MS = 1500  # while it still moves, that must have lasted for longer
PULLED_CODES = 6_000  # from the least to the most pull on a line in use; about 3 N on a 2 kN cell
TAUT_CODES = 40_000  # about 20 N: a line is that taut all the time, not its zero off
SOUND_N = 16  # conversions without which nothing is known of the pull
RETURN_PCT = 20  # without a pull, who walks goes one way
PUSH_MM = 20  # of new ground, at least
_NEAR = 5  # eighths of the highest speed: near it
_RISE_SHIFT = 3  # a push makes the belt faster by an eighth of its highest speed
_REST_SHIFT = 2  # who pushes a belt that goes slower than a quarter of that begins from rest
_RISE_COUNTS = 4  # and by so many counts in PACE_N samples


def judge(
    ground_mm: int,
    span_ms: int,
    pushes_n: int,
    steady_pct: int,
    from_rest_n: int,
    return_pct: int,
    is_pulled: "bool | None",
) -> str:
    """WALK, or why it was none.

    ground_mm: new ground backward. span_ms: from the first movement to the last new ground. pushes_n: how often the
    belt was made faster; from_rest_n: of these, when it stood. steady_pct: share of the time near its highest speed.
    return_pct: forward movement, as a share of the backward one.
    is_pulled: whether the line was pulled; None when nothing is known of it.
    """
    if ground_mm < SHIFT_MM:
        return SHIFT
    is_steady = span_ms >= STEADY_MS and steady_pct >= STEADY_PCT and pushes_n < PUSHES_N
    is_halting = 2 * from_rest_n >= pushes_n or return_pct >= RETURN_PCT
    is_even = is_steady and (pushes_n < 2 or span_ms >= EVEN_MS)
    if is_pulled is False and (is_halting or ground_mm < UNPULLED_MM) and not is_even:
        return HAND if pushes_n > 1 else KICK
    if is_steady or pushes_n >= PUSHES_N or pushes_n == 2 and ground_mm >= TWO_PUSHES_MM:
        return WALK
    return KICK


class Evidence:
    """Sums over one movement. Feed it every sample, `moved` being the counts of the latest PACE_N samples."""

    def reset(self, push_counts: int, rest_code: int, zero: "int | None") -> None:
        """A movement begins; a push is one that makes so many counts of new ground.

        rest_code: what the load cell told before, or a fault. zero: of the latest tare, None while unknown.
        """
        self._push_counts = push_counts
        self.pushes_n = self.from_rest_n = 0
        self._rise_place = 0
        self._is_counted = True
        self._was_at_rest = False
        self._best = self._turn = 0
        self._is_rising = False
        self._n = self._near_n = self._ground_n = self._ground_near_n = 0
        self._low, self._high = CODE_MAX, CODE_MIN
        if rest_code < FAULT_BASE:
            self._low = self._high = rest_code
        self._zero = zero
        self._sound_n = 0

    def feed(self, moved: int, furthest: int, is_new_ground: bool, code: int) -> None:
        self._n += 1
        if moved > self._best:
            self._best = moved
        if self.is_near_best(moved):
            self._near_n += 1
        if is_new_ground:
            self._ground_n, self._ground_near_n = self._n, self._near_n
        self._follow(moved, furthest)
        if not self._is_counted and furthest - self._rise_place >= self._push_counts:
            self._is_counted = True
            self.pushes_n += 1
            if self._was_at_rest:
                self.from_rest_n += 1
        if code < FAULT_BASE:
            self._sound_n += 1
            if code < self._low:
                self._low = code
            if code > self._high:
                self._high = code

    def _follow(self, moved: int, furthest: int) -> None:
        """Find rises and falls of the speed."""
        turn = self._turn
        rise = max(self._best >> _RISE_SHIFT, _RISE_COUNTS)
        if self._is_rising:
            if moved > turn:
                self._turn = moved
            elif moved < turn - rise:
                self._is_rising = False
                self._turn = moved
        elif moved < turn:
            self._turn = moved
        elif moved > turn + rise and moved > 0:
            self._is_rising = True
            self._is_counted = False
            self._rise_place = furthest
            self._was_at_rest = turn <= max(self._best >> _REST_SHIFT, _RISE_COUNTS)
            self._turn = moved

    def is_near_best(self, moved: int) -> bool:
        """Whether the belt goes about as fast as it ever did in this movement."""
        return (moved + 1) * 8 >= self._best * _NEAR  # a count more: of a coarse encoder there are few

    def is_halting(self) -> bool:
        """Whether most pushes found the belt at rest."""
        return 2 * self.from_rest_n >= self.pushes_n

    def is_pulled(self) -> "bool | None":
        """Whether the line was pulled; None when the load cell tells nothing."""
        if self._high - self._low > PULLED_CODES:
            return True
        if self._sound_n and self._zero is not None and abs(self._high - self._zero) > TAUT_CODES:
            return True
        return None if self._sound_n < SOUND_N or self._sound_n * 2 < self._n else False

    def verdict(self, ground_mm: int, span_ms: int, return_pct: int) -> str:
        """What `judge` makes of the movement so far."""
        steady_pct = self._ground_near_n * 100 // max(1, self._ground_n)
        return judge(
            ground_mm, span_ms, self.pushes_n, steady_pct, self.from_rest_n, return_pct, self.is_pulled()
        )
