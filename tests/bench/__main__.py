"""Run every row, print the table, write build/bench.json. A goal that is missed shows as NO; it is no failure."""

from __future__ import annotations

from pathlib import Path

from tests.bench import (
    capture_rows,
    cost_rows,
    coverage_rows,
    desk_rows,
    display_rows,
    ends_rows,
    force_rows,
    heap_rows,
    hindsight_rows,
    library_rows,
    link_rows,
    live_rows,
    log_rows,
    long_rows,
    publish_rows,
    speed_rows,
    start_rows,
    steps_rows,
    walker_rows,
    watch_rows,
)
from tests.bench.rows import table, write_json

OUTPUT = Path(__file__).parents[2] / "build" / "bench.json"
GROUPS = (
    speed_rows, hindsight_rows, coverage_rows, ends_rows, force_rows, steps_rows, capture_rows, display_rows, cost_rows,
    heap_rows, log_rows, link_rows, live_rows, long_rows, start_rows, library_rows, walker_rows,
    desk_rows, watch_rows, publish_rows,
)  # fmt: skip


def main() -> None:
    rows = [row for group in GROUPS for row in group.rows()]
    print(table(rows))
    missed = [row.name for row in rows if not row.ok]
    print(f"\n{len(rows)} rows; goals missed: {', '.join(missed) or 'none'}")
    write_json(rows, OUTPUT)


if __name__ == "__main__":
    main()
