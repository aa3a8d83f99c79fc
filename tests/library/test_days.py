"""What lists are filtered by: days of this computer's calendar with both of their ends, moments, words of a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library

DAY = timedelta(days=1)
MS = timedelta(milliseconds=1)
FIRST = date(2026, 11, 20)
STARTS = [
    moment
    for number in range(4)
    for day in [datetime.combine(FIRST + number * DAY, time())]
    for moment in (day, day + DAY - MS)
]
"""The first and the last millisecond of four days: sets 1 to 8."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("days")
    blobs = [walk(no, 1.0, start_unix_ms=round(s.timestamp() * 1000)) for no, s in enumerate(STARTS, 1)]
    fill(folder, *blobs, walk(9, 1.0))
    with Library(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"on": "2026-11-21"}, (3, 4)),
        ({"on": date(2026, 11, 23)}, (7, 8)),
        ({"on": datetime(2026, 11, 21, 18)}, (3, 4)),
        ({"on": "2026-11-24"}, ()),
        ({"since": "2026-11-22"}, (5, 6, 7, 8)),
        ({"since": STARTS[3]}, (4, 5, 6, 7, 8)),
        ({"since": STARTS[3] + MS}, (5, 6, 7, 8)),
        ({"until": "2026-11-21"}, (1, 2, 3, 4)),
        ({"until": date(2026, 11, 20)}, (1, 2)),
        ({"until": STARTS[3]}, (1, 2, 3)),
        ({"until": STARTS[3] + MS}, (1, 2, 3, 4)),
        ({"until": "2026-11-22T00:00"}, (1, 2, 3, 4)),
        ({"since": "2026-11-21", "until": "2026-11-22"}, (3, 4, 5, 6)),
        ({"on": "2026-11-21", "until": "2026-11-21T12:00"}, (3,)),
        ({"since": STARTS[4].astimezone(timezone(timedelta(hours=9)))}, (5, 6, 7, 8)),
        ({"on": STARTS[4].astimezone(UTC)}, (5, 6)),
        ({}, (1, 2, 3, 4, 5, 6, 7, 8, 9)),
    ],
    ids=str,
)
def test_a_day_has_both_its_ends_and_a_moment_begins_with_itself(
    library: Library, filters: dict[str, Any], numbers: tuple[int, ...]
) -> None:
    """A set without a date is in none of them."""
    assert [row.set_id for row in library.sets(**filters)] == [name_of(no) for no in numbers]


@pytest.mark.parametrize(("word", "days_ago"), [("today", 0), ("Yesterday", 1)])
def test_words_for_days_are_those_of_the_calendar(tmp_path: Path, word: str, days_ago: int) -> None:
    noon = datetime.combine(date.today(), time(12))
    starts = [round((noon - number * DAY).timestamp() * 1000) for number in range(4)]
    fill(tmp_path, *(walk(no, 1.0, start_unix_ms=start) for no, start in enumerate(starts)))
    with Library(tmp_path) as opened:
        assert [row.set_id for row in opened.sets(on=word)] == [name_of(days_ago)]
        assert len(opened.sets(since=word)) == days_ago + 1 and len(opened.sets(until=word)) == 4 - days_ago


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("machine", "treadmill or sled"),
        ("kind", "free, warmup, work or cooldown"),
        ("quality", "A, B or C"),
    ],
)
def test_a_word_that_is_in_no_list_is_answered_with_the_list(
    library: Library, option: str, words: str
) -> None:
    with pytest.raises(InputError, match=f"^--{option} 'odd' is unknown: it is {words}.$"):
        library.sets(**{option: "odd"})


@pytest.mark.parametrize("option", ["on", "since", "until"])
@pytest.mark.parametrize(
    "given", ["", "22.11.2026", "2026-13-01", "2026-02-30", "last week", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_date_is_told_with_its_option(library: Library, option: str, given: str) -> None:
    with pytest.raises(InputError, match=f"^--{option} '{given}' is no date: write it like 2026-11-22"):
        library.sets(**{option: given})
