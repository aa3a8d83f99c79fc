"""A set's readings as arrays: the lists of a raw set are converted once for all that looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrorig.measure import timebase
from rigcore.decode import RawSet

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """A raw set (rigcore.decode.RawSet) with its samples as arrays."""

    header: dict[str, Any]
    end: dict[str, Any] | None
    note: dict[str, Any]
    t_us: Ints
    count: Ints
    code: Ints
    lost_blocks: int

    @cached_property
    def period_us(self) -> float:
        """Usual time between readings, microseconds; 0 with fewer than two."""
        return timebase.period_us(self.t_us)


Raw = RawSet | Readings


def readings_of(raw: Raw) -> Readings:
    """The readings of a raw set; readings as they are."""
    if isinstance(raw, Readings):
        return raw
    columns = (np.fromiter(column, np.int64, len(column)) for column in (raw.t_us, raw.count, raw.code))
    t_us, count, code = columns
    return Readings(raw.header, raw.end, raw.note, t_us, count, code, raw.lost_blocks)
