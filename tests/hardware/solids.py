"""Printed parts as triangles."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
from hardware.derive.source import FOLDER


@cache
def triangles(name: str) -> np.ndarray:
    """Corners of a binary STL, shape (n, 3, 3), millimetres."""
    data = (FOLDER / "bracket" / f"{name}.stl").read_bytes()
    facet = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
    return np.frombuffer(data, facet, count=int.from_bytes(data[80:84], "little"), offset=84)[
        "corners"
    ].astype(float)


def is_closed(name: str) -> bool:
    """Whether each edge of a facet is also, the other way round, that of a neighbour."""
    edges: Counter = Counter()
    for corners in triangles(name).round(4):
        points = [tuple(point) for point in corners]
        for start, stop in pairwise((*points, points[0])):
            edges[start, stop] += 1
    return all(edges[stop, start] == number for (start, stop), number in edges.items())
