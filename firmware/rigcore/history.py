"""The last few seconds of samples, so that a set's first and last movement can be found afterwards."""

from array import array

HISTORY_N = 512  # over 5 s at 94 conversions a second, the fastest HX711 seen, 3 s at 170; a power of two
_MASK = HISTORY_N - 1


class History:
    """A ring of (ticks, count, code); samples are named by their running number."""

    def __init__(self):
        self.n = 0
        self._ticks = array("i", [0] * HISTORY_N)
        self._count = array("i", [0] * HISTORY_N)
        self._code = array("i", [0] * HISTORY_N)

    def push(self, ticks, count, code):
        """Returns the new sample's running number."""
        number = self.n
        slot = number & _MASK
        self._ticks[slot] = ticks
        self._count[slot] = count
        self._code[slot] = code
        self.n = number + 1
        return number

    def oldest(self):
        """Running number of the oldest sample still held."""
        return max(0, self.n - HISTORY_N)

    def ticks(self, number):
        return self._ticks[number & _MASK]

    def count(self, number):
        return self._count[number & _MASK]

    def code(self, number):
        return self._code[number & _MASK]
