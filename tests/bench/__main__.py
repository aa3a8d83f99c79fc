"""Run every row, print the table, write build/bench.json. A goal that is missed shows as NO; it is no failure."""

from __future__ import annotations

from pathlib import Path

from tests.bench import speed_rows
from tests.bench.rows import table, write_json

OUTPUT = Path(__file__).parents[2] / "build" / "bench.json"


def main() -> None:
    rows = speed_rows.rows()
    print(table(rows))
    missed = [row.name for row in rows if not row.ok]
    print(f"\n{len(rows)} rows; goals missed: {', '.join(missed) or 'none'}")
    write_json(rows, OUTPUT)


if __name__ == "__main__":
    main()
