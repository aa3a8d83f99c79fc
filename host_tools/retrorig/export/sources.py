"""A set to be exported: its row, and its samples, fetched or computed when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from retrorig.measure.sample_table import SampleTable
from retrorig.set_row import SetRow


@dataclass(frozen=True)
class ExportedSet:
    """row: the set as the library lists it. samples: all of its samples, so that only one set's need be in memory."""

    row: SetRow
    samples: Callable[[], SampleTable]

    @property
    def set_id(self) -> str:
        """The set's permanent name."""
        return self.row.set_id
