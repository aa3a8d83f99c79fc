"""One line of the bench, and how lines are written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = ("name", "value", "unit", "peer", "peer_value", "ratio", "goal", "ok")


@dataclass(frozen=True)
class Row:
    """`value` against `peer_value`; `goal` is the most that `ratio` may be, None for a row that only informs."""

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float
    ratio: float
    goal: float | None
    ok: bool


def compare(name: str, value: float, unit: str, peer: str, peer_value: float, goal: float | None) -> Row:
    """A row whose goal bounds value / peer_value from above."""
    ratio = value / peer_value
    return Row(name, value, unit, peer, peer_value, ratio, goal, goal is None or ratio <= goal)


def table(rows: Sequence[Row]) -> str:
    cells = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip() for line in cells)


def write_json(rows: Sequence[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    goal = "-" if row.goal is None else f"{row.goal:.2f}"
    verdict = "-" if row.goal is None else "yes" if row.ok else "NO"
    return (
        row.name,
        f"{row.value:.2f}",
        row.unit,
        row.peer,
        f"{row.peer_value:.2f}",
        f"{row.ratio:.2f}",
        goal,
        verdict,
    )
