"""Work that takes a while tells how far it is: forward only, to the very end; and one bad set does not end it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.library import Library
from retrorig.library.checking import check
from retrorig.library.recompute import recompute
from retrorig.library.sample_files import write_samples

N = 5
NAMES = [name_of(no) for no in range(1, N + 1)]
Progress = Callable[[float, float], None]


def _merged(library: Library, told: Progress) -> None:
    with Library(library.folder / "new", create=True) as new:
        new.merge(library, progress=told)


WORK: dict[str, Callable[[Library, Progress], object]] = {
    "recompute": lambda library, told: recompute(library, NAMES, progress=told),
    "check": lambda library, told: check(library, told),
    "merge": lambda library, told: _merged(library, told),
    "samples": lambda library, told: write_samples(library, progress=told),
}


@pytest.mark.parametrize("work", WORK)
def test_how_far_it_is_goes_forward_to_the_end(tmp_path: Path, work: str) -> None:
    fill(tmp_path, *(walk(no) for no in range(1, N + 1)))
    told: list[tuple[float, float]] = []
    with Library(tmp_path) as library:
        WORK[work](library, lambda done, total: told.append((done, total)))
    assert {total for _, total in told} == {N}
    done = [done for done, _ in told]
    assert done == sorted(set(done)) and done[-1] == N
    assert work == "samples" or done == list(range(1, N + 1)), "each set when it is done"


def test_a_set_that_can_not_be_read_is_told_and_the_others_are_computed(tmp_path: Path) -> None:
    fill(tmp_path, *(walk(no) for no in range(1, N + 1)))
    with Library(tmp_path) as library:
        library.db.rows("UPDATE raw_sets SET data = ? WHERE set_id = ?", (b"no set", NAMES[1]))
        library.db.rows("UPDATE sets SET backward_m = 99 WHERE set_id = ?", (NAMES[3],))
        result = recompute(library, NAMES)
        assert result.sets_n == N - 1
        (notice,) = result.notices
        assert notice.startswith(f"Set {NAMES[1]} can't be read (") and "library check" in notice
        assert library.set(NAMES[3]).backward_m < 10
        assert {change.set_id for change in result.changes} == {NAMES[3]}
