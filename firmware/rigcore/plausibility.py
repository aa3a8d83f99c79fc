"""Checks belt and pull against each other for faults that neither sensor shows alone.

Somebody who walks backward pulls: the line is tauter then than at rest, and it cannot push. Each stretch of CHUNK_MM is
judged by its direction and its mean pull; a stretch against a doubt takes back as much as one for it gave. Pull that
swings in steps without any movement is a dead encoder or a stuck belt; a lean and a lurch are neither.
"""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .motion import Geometry


CHUNK_MM = 200
NEEDED_N = 5  # stretches, a metre
NO_PULL_N = 20  # a belt coasts on by some metres
FORWARD_N = 25  # who begins by pushing a sled forward has not made a metre backward yet
MOST_N = 2 * NEEDED_N  # so many stretches the other way take a doubt back at most
BUNGEE_N = 50  # an elastic may draw back, under pull, what was walked before
PULL_MN = 4_000  # less is what a slack line and its zero may have
BELOW_MN = -5_000
STEADY_MN = 2_000
HUNG_MN = 20_000  # so much at rest, steadily, and the cell is plugged in and answers
REST_N = 20  # looks, two seconds
STILL_COUNTS = 2  # a dead line makes the count flicker
SWINGS_N = 8
QUICK_N, SLOW_N = (
    15,
    40,
)  # looks from swing to swing; the slow ones let the line go slack, other than who sways

# Four rows of 16 characters at most: the display shows them. What looks wrong, then the mend.
NO_MOVEMENT = "pull in steps, no movement: check encoder and its wires"
SWAPPED = "belt runs forward: are A and B of the encoder swapped?"
REVERSED = "pull is negative: swap A+ and A- of the load cell"
BOTH = "belt forward and pull negative: swap A/B and A+/A-"
BELOW_ZERO = "pull below zero: let the line hang slack and tare"
NO_PULL = "no pull in 4 m: is the line hooked in, the cell plugged?"
# The first that is seen is told. As a tuple of constants it would hold every text a second time.
DOUBTS = [BOTH, SWAPPED, REVERSED, NO_MOVEMENT, BELOW_ZERO, NO_PULL]


class Plausibility:
    """`feed` it ten times a second; `doubt` is a sentence or "" and stays until as much speaks against it."""

    def __init__(self, geometry: "Geometry") -> None:
        self._chunk_counts = max(STILL_COUNTS + 1, geometry.counts(CHUNK_MM))
        self._swings = Swings()
        # Stretches for each doubt, none for what is none; room for one made later would lie amid garbage for ever.
        self._seen = dict.fromkeys(DOUBTS, 0)
        self.doubt = ""
        self._good_n = self._backward_n = self._forward_n = 0
        self._place = self._count = 0
        self._sum = self._low_mn = self._looks_n = 0
        self._rest_mn = self._first_mn = 0
        self._rest_n = 0

    def feed(self, count: int, force_mn: "int | None") -> bool:
        """Net counts and force in mN, None while unknown; True when there is a doubt to tell now."""
        if force_mn is None:
            self._begin_chunk(count)
            self._count = count
            return False
        told = False
        if -STILL_COUNTS <= count - self._count <= STILL_COUNTS:
            told = self._feed_rest(force_mn)
        else:
            self._count = count
            self._rest_n = 0
            self._swings.reset()
            self._sum += force_mn >> 4
            self._low_mn = min(self._low_mn, force_mn)
            self._looks_n += 1
            if not -self._chunk_counts < count - self._place < self._chunk_counts:
                told = self._judge(count > self._place, (self._sum // self._looks_n) << 4)
                self._begin_chunk(count)
        return told

    def _begin_chunk(self, count: int) -> None:
        self._place = count
        self._sum = self._low_mn = self._looks_n = 0

    def _feed_rest(self, force_mn: int) -> bool:
        """Check the pull while the belt stands."""
        if self._swings.feed(force_mn):
            return self._speaks_for(NO_MOVEMENT, 1)
        if self._rest_n == 0 or abs(force_mn - self._first_mn) > STEADY_MN:
            self._first_mn, self._rest_n = force_mn, 0
        self._rest_n += 1
        if self._rest_n % REST_N:
            return False
        self._rest_mn = force_mn
        if force_mn > BELOW_MN:
            self._speaks_against(BELOW_ZERO, MOST_N)
            if force_mn >= HUNG_MN:
                self._speaks_against(NO_PULL, MOST_N + NO_PULL_N)
            return False
        return not self._seen[REVERSED] and not self._seen[BOTH] and self._speaks_for(BELOW_ZERO, 1)

    def _judge(self, is_backward: bool, mean_mn: int) -> bool:
        """Judge a stretch that has ended; True when there is a doubt to report."""
        self._speaks_against(NO_MOVEMENT, 1)
        is_below = mean_mn <= -PULL_MN and mean_mn <= self._rest_mn - PULL_MN
        if is_backward:
            self._backward_n += 1
            return self._judge_backward(mean_mn, is_below)
        if is_below:
            return self._speaks_for(BOTH, NEEDED_N)
        if mean_mn >= PULL_MN and self._good_n:
            self._good_n -= 1
            return False
        self._forward_n += 1
        is_only = self._backward_n < NEEDED_N and self._forward_n >= FORWARD_N
        return (mean_mn >= PULL_MN or is_only) and self._speaks_for(SWAPPED, 1 if is_only else NEEDED_N)

    def _judge_backward(self, mean_mn: int, is_below: bool) -> bool:
        if is_below:
            return self._speaks_for(REVERSED, NEEDED_N)
        if mean_mn >= PULL_MN:
            if not self._speaks_against(SWAPPED, 1):
                self._good_n = min(self._good_n + 1, BUNGEE_N)
            self._speaks_against(REVERSED, 1)
            self._speaks_against(BOTH, 1)
            self._speaks_against(NO_PULL, MOST_N + NO_PULL_N)
        if self._low_mn <= BELOW_MN:
            return self._speaks_for(BELOW_ZERO, NEEDED_N)
        return mean_mn < PULL_MN and self._speaks_for(NO_PULL, NO_PULL_N)

    def _speaks_for(self, doubt: str, needed_n: int) -> bool:
        """Count one observation for this doubt, raised after `needed_n`; True once a metre while it is the first."""
        n = self._seen[doubt] + 1
        self._seen[doubt] = min(n, needed_n + MOST_N)
        return n >= needed_n and self._choose(doubt) == doubt and (n - needed_n) % NEEDED_N == 0

    def _speaks_against(self, doubt: str, n: int) -> bool:
        """Take `n` observations off this doubt; False if there was none."""
        if not self._seen[doubt]:
            return False
        self._seen[doubt] = max(0, self._seen[doubt] - n)
        if not self._seen[doubt] and self.doubt == doubt:
            self.doubt = ""
        return True

    def _choose(self, doubt: str) -> str:
        if not self.doubt or DOUBTS.index(doubt) < DOUBTS.index(self.doubt):
            self.doubt = doubt
        return self.doubt


class Swings:
    """Detects a pull that rises and falls in steps while the belt stands; a lean rises once, a sway is slower."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start anew: the belt moved."""
        self._n = self._since_n = 0
        self._high_mn = self._low_mn = 0
        self._is_high = False

    def feed(self, force_mn: int) -> bool:
        """True once there were SWINGS_N in a row."""
        self._since_n += 1
        if self._is_high:
            self._high_mn = max(self._high_mn, force_mn)
            if self._high_mn - force_mn > max(PULL_MN, self._high_mn // 5):
                self._is_high, self._low_mn = False, force_mn
                return self._count_one()
        else:
            self._low_mn = min(self._low_mn, force_mn)
            if force_mn - self._low_mn > max(PULL_MN, force_mn // 5):
                self._is_high, self._high_mn = True, force_mn
        return False

    def _count_one(self) -> bool:
        is_slack = 4 * self._low_mn < self._high_mn
        if self._since_n > (SLOW_N if is_slack else QUICK_N):
            self._n = 0
        self._n += 1
        self._since_n = 0
        return self._n >= SWINGS_N
