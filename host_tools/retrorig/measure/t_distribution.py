"""Student's distribution, as far as 95 % intervals from few values need it."""

from __future__ import annotations

_STUDENT_975 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
_MANY = 2.2
"""Exact for 11 degrees of freedom; too wide by at most an eighth for more."""


def student_975(freedom: int) -> float:
    """97.5 % point for `freedom` degrees of freedom, from 1."""
    return _STUDENT_975[freedom - 1] if freedom <= len(_STUDENT_975) else _MANY
