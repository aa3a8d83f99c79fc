"""Accounts for every count since power-on: in finished sets, the running set, between sets, or in remarks."""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from .motion import Directions


class Account:
    """`total` are the sums of all movement (motion.Directions); each pair is (backward, forward) in counts."""

    def __init__(self, total: "Directions") -> None:
        self._total = total
        self.sets = (0, 0)
        self.remarks: dict[str, list[int]] = {}  # what it was: [how many, backward, forward]
        self._ended = (0, 0)  # the sums at the end of the latest set
        self.since_set: dict[str, list[int]] = {}  # remarks after it
        self.running = (0, 0)

    def carry(self, counts: "tuple[int, int]", remarks: "dict[str, list[int]]") -> None:
        """Take over counts since the latest set from before power-on: they belong to the rest before the next."""
        self._ended = _less((0, 0), counts)
        self.since_set = remarks

    def rest_before(self, sums: "tuple[int, int]") -> "tuple[int, int]":
        """(backward, forward) from the end of the latest set to a moment with these sums."""
        return _less(sums, self._ended)

    def take_set(self, counted: "tuple[int, int]", sums: "tuple[int, int]") -> None:
        """A set with so many counts ended where the sums are these."""
        self.sets = _plus(self.sets, counted)
        self._ended = sums
        self.since_set = {}

    def take_remark(self, reason: str, counted: "tuple[int, int]") -> None:
        for remarks in (self.remarks, self.since_set):
            n, backward, forward = remarks.get(reason, (0, 0, 0))
            remarks[reason] = [n + 1, backward + counted[0], forward + counted[1]]

    def as_dict(self, running: "tuple[int, int]") -> "dict[str, Any]":
        """The account as sent to the host; `running`: counts of the set that runs now."""
        total = (self._total.backward, self._total.forward)
        remarks = (0, 0)
        for _n, backward, forward in self.remarks.values():
            remarks = _plus(remarks, (backward, forward))
        return {
            "total": total,
            "sets": self.sets,
            "running": running,
            "between": _less(_less(_less(total, self.sets), running), remarks),
            "remarks": self.remarks,
        }


def _plus(one: "tuple[int, int]", other: "tuple[int, int]") -> "tuple[int, int]":
    return one[0] + other[0], one[1] + other[1]


def _less(one: "tuple[int, int]", other: "tuple[int, int]") -> "tuple[int, int]":
    return one[0] - other[0], one[1] - other[1]
