"""Runs of flags: where a condition holds for several samples in a row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs_of(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and after-last place of each run of true flags, in order."""
    edges = ((flags[1:] != flags[:-1]).nonzero()[0] + 1).tolist()
    if len(flags) and flags[0]:
        edges.insert(0, 0)
    if len(edges) % 2:
        edges.append(len(flags))
    return list(zip(edges[::2], edges[1::2], strict=True))
