"""A table, walker by walker, of what was walked and what the board made of it: `python -m tests.walkers [NAME]`."""

from __future__ import annotations

import sys

from tests.walkers.harness import NEAR_S, Judged, all_judged


def main(only: str = "") -> None:
    rows = list(all_judged(only))
    print(f"{'walker':18s} {'sets':>7s}  {'metres: truth':>14s} {'found':>9s}  {'start, end off by (s)':s}")
    for row in rows:
        print(_line(row))
    ends = [off for row in rows for off in row.ends_s]
    sets_n = sum(row.is_as_walked for row in rows)
    metres_n = sum(not row.faults() for row in rows)
    near = sum(off <= NEAR_S for off in ends) / max(1, len(ends))
    print(
        f"\nsets as walked: {sets_n} of {len(rows)}; metres, ends too: {metres_n}; ends within {NEAR_S} s: {near:.0%}"
    )


def _line(row: Judged) -> str:
    true, found = row.walk.truth.sets, row.found
    true_m, found_m = sum(m.backward_m for m in true), sum(f.backward_m for f in found)
    offs = " ".join(f"{start:+.2f}/{end:+.2f}" for start, end in _ends(row))
    mark = "*" if row.faults() else " "
    return f"{row.name:18s} {len(found):2d} of {len(true):d}{mark} {true_m:14.3f} {found_m:9.3f}  {offs}"


def _ends(row: Judged) -> list[tuple[float, float]]:
    return [(found.start_s - true.start_s, found.end_s - true.end_s) for true, found in row.pairs]


if __name__ == "__main__":
    main(*sys.argv[1:2])
