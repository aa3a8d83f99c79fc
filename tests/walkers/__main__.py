"""A table, walker by walker, of what was walked and what came of it: `python -m tests.walkers [NAME [SEED]]`.

`board` is what the rig tells when the set ends, `library` what the host makes of all its samples.
"""

from __future__ import annotations

import sys

from tests.walkers.harness import NEAR_S, Judged, all_judged, in_library

HEADING = f"{'walker':16s} {'sets':>8s} {'truth m':>9s} {'board':>9s} {'library':>9s}  library's ends off (s), each set"


def main(only: str = "", seed: str = "0") -> None:
    print(HEADING)
    rows, ends, told = 0, [], [0, 0]
    for row in all_judged(only, int(seed)):
        rows += 1
        told[0] += row.is_as_walked
        told[1] += not row.faults()
        ends += _print_line(row)
    near = sum(abs(off) <= NEAR_S for off in ends) / max(1, len(ends))
    print(f"\nsets as walked: {told[0]} of {rows}; on the board metres and ends too: {told[1]}")
    worst = max(map(abs, ends), default=0.0)
    print(f"in the library: {near:.1%} of {len(ends)} ends within {NEAR_S} s, the worst {worst:.2f} s off")


def _print_line(row: Judged) -> list[float]:
    true, found = row.walk.truth.sets, row.found
    offs = [(placed.start_s - one.start_s, placed.end_s - one.end_s) for one, placed in in_library(row)]
    metres = [sum(one.backward_m for one in ones) for ones in (true, found, [p for _, p in in_library(row)])]
    mark = "*" if row.faults() else " "
    sets = f"{len(found):2d} of {len(true):d}{mark}"
    ends = " ".join(f"{start:+.2f}/{end:+.2f}" for start, end in offs)
    print(f"{row.name:16s} {sets:>8s} {metres[0]:9.3f} {metres[1]:9.3f} {metres[2]:9.3f}  {ends}", flush=True)
    return [off for pair in offs for off in pair]


if __name__ == "__main__":
    main(*sys.argv[1:3])
