"""Reduces the points of a plot without changing how it looks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def decimated(values: Floats, points_n: int) -> NDArray[np.intp]:
    """Places of at most `points_n` values (four or more), in order, between which a line looks as through all of them.

    Of each stretch the lowest and the highest value are kept, so no peak is lost; first and last are kept too. A
    stretch that is NaN all through keeps one NaN, which breaks the line.
    """
    n = len(values)
    if n <= points_n:
        return np.arange(n)
    stretches_n = points_n // 2 - 1
    length = -(-n // stretches_n)
    padded = np.full(stretches_n * length, np.nan)
    padded[:n] = values
    stretches = padded.reshape(stretches_n, length)
    unknown = np.isnan(stretches)
    first = np.arange(stretches_n) * length
    lowest = first + np.where(unknown, np.inf, stretches).argmin(axis=1)
    highest = first + np.where(unknown, -np.inf, stretches).argmax(axis=1)
    kept = np.unique(np.concatenate(([0, n - 1], lowest, highest)))
    return kept[kept < n]


def averages(time_s: Floats, summed: Floats, width_s: float) -> tuple[Floats, Floats]:
    """Middles of stretches of `width_s`, and by how much a growing sum grew in each, per second.

    What is left at the end, shorter than half a stretch, is left out; a set shorter than that is one stretch.
    """
    duration_s = float(time_s[-1])
    stretches_n = max(1, round(duration_s / width_s))
    edges_s = np.minimum(np.arange(stretches_n + 1) * width_s, duration_s)
    return (edges_s[1:] + edges_s[:-1]) / 2, np.diff(np.interp(edges_s, time_s, summed)) / np.diff(edges_s)
