"""Accounts for every count since power-on: in finished sets, the running set, between sets, or in remarks."""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .motion import Directions


class Account:
    """`total` are the sums of all movement (motion.Directions); each pair is (backward, forward) in counts."""

    def __init__(self, total: "Directions") -> None:
        self.total = total
        self.sets = (0, 0)
        self.remarks: dict[str, list[int]] = {}  # what it was: [how many, backward, forward]
        self._ended = (0, 0)  # the sums at the end of the latest set
        self.since_set: dict[str, list[int]] = {}  # remarks after it

    def carry(self, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Take over counts since the latest set from before power-on: they belong to the rest before the next."""
        self._ended = less((0, 0), counts)
        self.since_set = remarks

    def rest_before(self, sums: "tuple[int, int]") -> "tuple[int, int]":
        """(backward, forward) from the end of the latest set to a moment with these sums."""
        return less(sums, self._ended)

    def take_set(self, counted: "tuple[int, int]", sums: "tuple[int, int]") -> None:
        """A set with so many counts ended where the sums are these."""
        self.sets = plus(self.sets, counted)
        self._ended = sums
        self.since_set = {}

    def take_remark(self, reason: str, counted: "tuple[int, int]") -> None:
        for remarks in (self.remarks, self.since_set):
            n, backward, forward = remarks.get(reason, (0, 0, 0))
            remarks[reason] = [n + 1, backward + counted[0], forward + counted[1]]


def plus(one: "tuple[int, int]", other: "tuple[int, int]") -> "tuple[int, int]":
    return one[0] + other[0], one[1] + other[1]


def less(one: "tuple[int, int]", other: "tuple[int, int]") -> "tuple[int, int]":
    return one[0] - other[0], one[1] - other[1]
