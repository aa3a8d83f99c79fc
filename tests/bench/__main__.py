"""Measure the groups of rows that are named, or all; print the table, write build/bench.json.

A goal that is missed shows as NO; it is no failure. Each group's seconds and the load of the machine go to the error
output: rows of time mean little where something else is running.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
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
from tests.bench.rows import Row, table, write_json

OUTPUT = Path(__file__).parents[2] / "build" / "bench.json"
GROUPS = {
    module.__name__.rpartition(".")[2].removesuffix("_rows"): module
    for module in (
        speed_rows, hindsight_rows, coverage_rows, ends_rows, force_rows, steps_rows, capture_rows, display_rows,
        cost_rows, heap_rows, log_rows, link_rows, live_rows, long_rows, start_rows, library_rows, walker_rows,
        desk_rows, watch_rows, publish_rows,
    )
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"some of: {', '.join(GROUPS)}")
    wanted = parser.parse_args().groups
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        parser.error(f"no group {', '.join(unknown)}; choose from {', '.join(GROUPS)}")
    rows = [row for name in wanted or GROUPS for row in _measured(name)]
    print(table(rows))
    missed = [row.name for row in rows if not row.ok]
    print(f"\n{len(rows)} rows; goals missed: {', '.join(missed) or 'none'}")
    write_json(rows, OUTPUT)


def _measured(name: str) -> list[Row]:
    load, start_s = os.getloadavg()[0], time.monotonic()
    found: list[Row] = list(GROUPS[name].rows())
    lasted_s = time.monotonic() - start_s
    print(
        f"{name}: {len(found)} rows in {lasted_s:.0f} s, load {load:.1f} before", file=sys.stderr, flush=True
    )
    return found


if __name__ == "__main__":
    main()
