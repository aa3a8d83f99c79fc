"""A stored row that no set can have is refused, whichever value is odd; a choice means the same to every question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig import Choice
from retrorig.library import Library
from retrorig.library.row_check import DamagedRowError, check_row
from retrorig.library.schema import COLUMNS

WALKED_MS = 1_795_000_000_000
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """A sound set's values as they are stored, in the order of COLUMNS."""
    folder = tmp_path_factory.mktemp("library")
    fill(folder, walk(1, start_unix_ms=WALKED_MS))
    with Library(folder) as library:
        found = library.db.row(f"SELECT {', '.join(COLUMNS)} FROM sets")
        assert found
        return found


def changed(row: tuple[Any, ...], **values: Any) -> tuple[Any, ...]:
    return tuple(values.get(name, value) for name, value in zip(COLUMNS, row, strict=True))


@pytest.mark.parametrize(
    ("name", "sound", "odd"),
    [
        ("started_utc", "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.000Z"),
        ("started_utc", "9989-12-31T23:59:59.000Z", "9990-01-01T00:00:00.000Z"),
        ("started_utc", None, "2026-01-01T00:00:00"),
        ("started_utc", "2026-01-01T00:00:00+01:00", "2026-13-01T00:00:00Z"),
        ("backward_m", 9e14, 1e15),
        ("backward_m", -9e14, -1e15),
        ("backward_m", 5, "5"),
        ("samples", 5, 5.5),
        ("kind", "warmup", "sprint"),
        ("quality", "B", "D"),
        ("mean_force_n", None, b"5"),
        ("set_id", "rr-test-0003-00001", None),
    ],
)
def test_each_value_is_as_a_set_can_have_it(row: tuple[Any, ...], name: str, sound: Any, odd: Any) -> None:
    check_row(row)
    check_row(changed(row, **{name: sound}))
    with pytest.raises(DamagedRowError):
        check_row(changed(row, **{name: odd}))


def test_the_set_is_named_as_far_as_a_name_goes(row: tuple[Any, ...]) -> None:
    for name in ("rr-test-0003-00001", "x" * 5000):
        with pytest.raises(DamagedRowError) as refused:
            check_row(changed(row, set_id=name, kind="sprint"))
        assert f"of set {name[:60]} is damaged" in str(refused.value)


READ: dict[str, Callable[..., Any]] = {
    "sets": lambda library, *choice, **filters: [row.set_id for row in library.sets(*choice, **filters)],
    "choose": lambda library, *choice, **filters: library.choose((), *choice, **filters),
    "first_day": lambda library, *choice, **filters: str(library.first_day(*choice, **filters)),
    "last_day": lambda library, *choice, **filters: str(library.last_day(*choice, **filters)),
    "told_in_no_set": lambda library, *choice, **filters: library.told_in_no_set(*choice, **filters),
}


@pytest.mark.parametrize("asked", READ)
def test_a_choice_is_as_good_as_its_filters_and_a_filter_beside_it_counts_too(
    tmp_path: Path, asked: str
) -> None:
    moved = {"rest_counts": [15_360, 0], "remarks": {"kick": [1, 9600, 0]}}
    fill(
        tmp_path,
        walk(1, start_unix_ms=WALKED_MS, athlete="a1", **moved),
        walk(2, start_unix_ms=WALKED_MS + DAY_MS, athlete="a1", kind="work", **moved),
        walk(3, start_unix_ms=WALKED_MS + 2 * DAY_MS, athlete="a2", kind="work", **moved),
        people=("Anna", "Ben"),
    )
    read = READ[asked]
    with Library(tmp_path) as library:
        every, annas = read(library), read(library, athlete="Anna")
        both = read(library, athlete="Anna", kind="work")
        assert read(library, Choice(athlete="Anna")) == annas
        assert read(library, Choice(athlete="Anna"), kind="work") == both
        assert read(library, Choice(kind="work"), athlete="Anna") == both
        only = read(library, ids=[name_of(2)])
        assert both == only and len({str(every), str(annas), str(both)}) >= 2
