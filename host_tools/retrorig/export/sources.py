"""A set to be exported: its row, and its samples, computed when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from retrorig.measure.samples import Samples, sample_set
from retrorig.set_row import SetRow
from rigcore.decode import RawSet


@dataclass(frozen=True)
class ExportedSet:
    """row: the set as the library lists it. raw: the set as it is understood now, with the athlete's label.

    table: its samples as a table of Arrow's, where they are kept as `parquet_file` rounds them; `athlete` aside.
    """

    row: SetRow
    raw: Callable[[], RawSet]
    table: Callable[[], Any] | None = field(default=None, kw_only=True)

    def samples(self) -> Samples:
        """All samples, computed now: only one set's need be in memory."""
        return sample_set(self.raw())

    @property
    def set_id(self) -> str:
        """The set's permanent name."""
        return self.row.set_id
