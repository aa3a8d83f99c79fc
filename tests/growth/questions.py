"""Questions in SQL that DuckDB and Spark both understand, one for the catalogue; when answers are the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Answer = list[tuple[Any, ...]]

FLOATS_REL = 1e-9
"""Sums of floats depend on their order by some 1e-12; whole numbers and text must be equal."""

SHIPPED = Path(__file__).parents[2] / "host_tools" / "retrorig" / "publish" / "questions"
"""Files that a data person starts from."""

QUESTIONS = {
    **{
        path.stem.replace("_", " "): path.read_text(encoding="utf-8")
        for path in sorted(SHIPPED.glob("*.sql"))
    },
    "metres backward by athlete and month": """
        SELECT athlete, substr(date, 1, 7) AS month, count(*) AS sets, sum(reached_m) AS metres
        FROM (SELECT set_id, athlete, date, max(distance_m) AS reached_m FROM samples GROUP BY set_id, athlete, date)
        GROUP BY athlete, substr(date, 1, 7) ORDER BY athlete, month
    """,
    "sets, samples, peak pull, mean power by rig, over 0.5 m/s": """
        SELECT rig, count(DISTINCT set_id) AS sets, count(*) AS samples, max(force_n) AS peak_n, avg(power_w) AS mean_w
        FROM samples WHERE speed_mps > 0.5 GROUP BY rig ORDER BY rig
    """,
    "work by day, sample by sample": """
        SELECT date, count(joules) AS steps, sum(joules) AS joules
        FROM (
            SELECT date, (power_w + lag(power_w) OVER inset) / 2 * (time_s - lag(time_s) OVER inset) AS joules
            FROM (
                SELECT set_id, date, CAST(power_w AS DOUBLE) AS power_w, CAST(time_s AS DOUBLE) AS time_s FROM samples
            ) AS exact WINDOW inset AS (PARTITION BY set_id, date ORDER BY time_s)
        )
        GROUP BY date ORDER BY date
    """,
}

CATALOGUE = """
    SELECT person, kind, count(*) AS sets, sum(samples) AS samples, sum(backward_m) AS metres, sum(work_j) AS joules
    FROM sets GROUP BY person, kind ORDER BY person, kind
"""


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers agree in every row and column."""
    return len(one) == len(other) and all(_same_row(a, b) for a, b in zip(one, other, strict=True))


def _same_row(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(_same_value(a, b) for a, b in zip(one, other, strict=True))


def _same_value(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=FLOATS_REL)
    return type(one) is type(other) and one == other
