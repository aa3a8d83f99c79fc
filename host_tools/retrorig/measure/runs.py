"""Runs of flags: where a condition holds for several samples in a row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs_of(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and after-last place of each run of true flags, in order."""
    framed = np.zeros(len(flags) + 2, dtype=bool)
    framed[1:-1] = flags
    edges = (framed[1:] != framed[:-1]).nonzero()[0].tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
