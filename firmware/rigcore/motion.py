"""Belt movement from encoder counts: position, the two directions apart, lengths. All integers."""


class PulseTotal:
    """Net counts from a hardware counter that falls back to zero at +-modulus.

    The counter's value is congruent to the true count modulo `modulus` whichever way it went, so
    polling needs no overflow interrupt. Right while the belt moves under modulus/2 counts between
    two polls. `sign` -1 is for an encoder that counts the other way round.
    """

    def __init__(self, modulus: int, sign: int = 1) -> None:
        self.modulus = modulus
        self.sign = sign
        self.total = 0
        self._last = 0

    def feed(self, value: int) -> int:
        half = self.modulus >> 1
        step = (value - self._last + half) % self.modulus - half
        self._last = value
        self.total += step * self.sign
        return self.total


class Directions:
    """Sums backward and forward counts apart; movement back and forth inside `band_counts` is neither.

    The belt counts as turned round only when it has come back by the band from its furthest point.
    `backward - forward` equals the net movement to within the band.
    """

    def __init__(self, band_counts: int, origin_counts: int = 0) -> None:
        self.band_counts = band_counts
        self.start(origin_counts)

    def start(self, origin_counts: int) -> None:
        self.backward = 0
        self.forward = 0
        self.sign: int = 1  # 1 while the belt goes backward
        self.furthest = origin_counts

    def feed(self, count: int) -> None:
        ahead = (count - self.furthest) * self.sign
        if ahead > 0:
            self._add(ahead)
            self.furthest = count
        elif ahead < -self.band_counts:
            self.sign = -self.sign
            self._add(-ahead)
            self.furthest = count

    def _add(self, counts: int) -> None:
        if self.sign > 0:
            self.backward += counts
        else:
            self.forward += counts


class Geometry:
    """Converts counts to length for one roller; integers, within 8 um plus rounding."""

    def __init__(self, counts_per_rev: int, circumference_um: int) -> None:
        self.counts_per_rev = counts_per_rev
        self.circumference_um = circumference_um
        self._whole_mm, self._part_um = divmod(circumference_um, 1000)

    def mm(self, counts: int) -> int:
        """Millimetres, for any distance up to 10 km and more."""
        revs = counts // self.counts_per_rev
        rest_um = ((counts % self.counts_per_rev) * (self.circumference_um >> 3) // self.counts_per_rev) << 3
        return revs * self._whole_mm + (revs * self._part_um + rest_um + 500) // 1000

    def counts(self, mm: int) -> int:
        """Counts in a short length of up to 1 m, rounded down."""
        return mm * self.counts_per_rev // (self.circumference_um // 1000)

    def speed_mmps(self, counts: int, span_us: int) -> int:
        """Millimetres a second for a movement of up to 2 m over up to 2 s."""
        span_8us = span_us >> 3
        if span_8us == 0:
            return 0
        um = self._um(abs(counts))
        speed = (um * 125 + span_8us // 2) // span_8us
        return speed if counts >= 0 else -speed

    def _um(self, counts: int) -> int:
        revs, rest = divmod(counts, self.counts_per_rev)
        return revs * self.circumference_um + (
            (rest * (self.circumference_um >> 3) // self.counts_per_rev) << 3
        )
