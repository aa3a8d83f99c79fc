"""Student's distribution, as far as 95 % intervals need it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

SHARE = 0.95
_GRID_N = 4001
_FREEDOM_MAX = 1000.0
"""From here on the distribution is normal to 0.1 %."""


@lru_cache(maxsize=256)
def student(freedom: float) -> float:
    """Half the two-sided 95 % interval in standard errors, at so many degrees of freedom (1 and more).

    With t = sqrt(freedom) tan(angle) the density is cos(angle)^(freedom - 1), which is summed and looked up.
    """
    freedom = min(freedom, _FREEDOM_MAX)
    angle = np.linspace(0.0, math.pi / 2, _GRID_N)
    density = np.cos(angle) ** (freedom - 1)
    inside = np.concatenate(([0.0], np.cumsum(density[1:] + density[:-1])))
    return math.sqrt(freedom) * math.tan(float(np.interp(SHARE * inside[-1], inside, angle)))
