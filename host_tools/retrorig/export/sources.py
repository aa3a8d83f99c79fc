"""A set on its way into a file: what the library's list says of it, and its samples when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from retrorig.library import Library
from retrorig.measure.samples import Samples, sample_set
from rigcore.decode import RawSet

SetRow = dict[str, Any]


@dataclass(frozen=True)
class ExportedSet:
    """row: the set under the contract's keys. raw: the set as it is understood now, with the athlete's label."""

    row: SetRow
    raw: Callable[[], RawSet]

    def samples(self) -> Samples:
        """All samples, computed now: only one set's need be in memory."""
        return sample_set(self.raw())

    @property
    def set_id(self) -> str:
        """The set's permanent name."""
        return self.row["set_id"]


def sets_of(library: Library, set_ids: Sequence[str]) -> list[ExportedSet]:
    """The sets of these names, each once, in this order; InputError if there is none of a name."""
    rows = {row["set_id"]: row for row in map(library.set, set_ids)}
    return [ExportedSet(row, lambda name=name: library.raw(name)) for name, row in rows.items()]
