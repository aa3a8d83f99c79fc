"""All walkers through the board's logic, and an hour each of what is no walk: its room, and whether it gets slower."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.rows import Row, compare
from tests.walkers import idle
from tests.walkers.harness import NEAR_S, all_judged

HOUR_S = 3600.0
ROOM_BYTES = 16_384
"""Four sectors of 416."""

SLOWER = 1.25
"""A tenth of the hour against the one before varies by so much on a busy computer."""


def rows() -> Iterator[Row]:
    judged = list(all_judged())
    ends = [off for row in judged for off in row.ends_s]
    far = sum(off > NEAR_S for off in ends)
    wrong = [row.name for row in judged if row.faults()]
    name = f"walkers: {len(judged)}, not as walked or beyond the limits ({', '.join(wrong) or 'none'})"
    yield Row(name, len(wrong), "", "goal", 0, len(wrong), 0.0, not wrong)
    yield compare(f"walkers: ends off by over {NEAR_S} s", far, "ends", "one in ten", len(ends) / 10, 1.0)
    for what in idle.ALL:
        yield from _hour(what)


def _hour(what: str) -> Iterator[Row]:
    kept = idle.kept(idle.idle(what, HOUR_S), idle.ENDLESS_REST if what == "rest" else None)
    name = f"an hour of {what}"
    yield Row(f"{name}: sets", kept.sets_n, "", "goal", 0, kept.sets_n, 0.0, kept.sets_n == 0)
    yield compare(f"{name}: written, {kept.words}", kept.used_bytes, "bytes", "four sectors", ROOM_BYTES, 1.0)
    late, early = min(kept.costs_s[-3:]), min(kept.costs_s[:3])  # what a busy computer disturbed least
    yield compare(
        f"{name}: cost of a sample at its end", late * 1e6, "us", "at its begin", early * 1e6, SLOWER
    )
