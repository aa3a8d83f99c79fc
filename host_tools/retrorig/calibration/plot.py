"""How far each weight was off the line, as a few lines of characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

WIDE = 33
_MIDDLE = WIDE // 2


def residual_lines(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """A heading and a line for each point of a force record's evidence."""
    largest_n = max(max(abs(point["off_n"]) for point in points), 0.01)
    left, right = f"-{largest_n:.2f} N", f"+{largest_n:.2f} N"
    gap = WIDE - len(left) - len(right) - 1
    axis = f"{left}{'0'.center(gap + 1)}{right}"
    head = f"{'load':>8}  {'N':>9}  {'code':>10}  {'off, N':>8}  {axis}"
    return [head, *(_line(point, largest_n) for point in points)]


def _line(point: Mapping[str, Any], largest_n: float) -> str:
    place = _MIDDLE + round(point["off_n"] / largest_n * _MIDDLE)
    cells = [" "] * WIDE
    cells[_MIDDLE] = "|"
    cells[place] = "*"
    row = f"{point['load']:>8}  {point['newtons']:9.2f}  {point['code']:10.0f}  {point['off_n']:+8.3f}  "
    return (row + "".join(cells)).rstrip()
