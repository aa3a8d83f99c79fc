"""By what a publish tells that a set is new, changed or gone: its state changes with what is published alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.library import Library
from retrorig.library.states import SetState

MAY_MS = 1_780_000_000_000
DAY_MS = 86_400_000
Change = Callable[[Library], object]


def states(library: Library, form: str = "1") -> dict[str, SetState]:
    found = [
        state for month in library.states.months() for state in library.states.of(month, str.upper, form)
    ]
    return {state.set_id: state for state in found}


def test_sets_are_told_month_by_month_and_those_without_a_date_last(tmp_path: Path) -> None:
    starts = (None, MAY_MS, MAY_MS + 40 * DAY_MS, MAY_MS + DAY_MS, MAY_MS - 400 * DAY_MS)
    names = fill(tmp_path, *(walk(no, 1.0, start_unix_ms=start) for no, start in enumerate(starts)))
    with Library(tmp_path) as library:
        months = library.states.months()
        found = [[state.set_id for state in library.states.of(month, str, "1")] for month in months]
        assert months == ["2025-04", "2026-05", "2026-07", "unknown"] and library.states.count() == 5
        assert found == [[names[4]], [names[1], names[3]], [names[2]], [names[0]]]
        assert all(state.month in months and state.rig == "RR-Test" for state in states(library).values())
        library.hide([names[0]])
        assert library.states.months() == months[:3] and library.states.count() == 4


@pytest.mark.parametrize(
    ("change", "is_row", "is_samples"),
    [
        (lambda library: None, False, False),
        (lambda library: library.edit([name_of(1)], {"load_kg": 5.0}), True, False),
        (lambda library: library.edit([name_of(1)], {"trim_start_s": 0.3}), True, True),
        (lambda library: library.edit([name_of(1)], {"athlete": "Ben"}), True, True),
        (lambda library: library.edit([name_of(1)], {"started_utc": "2026-05-01T12:00:00Z"}), True, True),
        (lambda library: library.recompute([name_of(1)], {"scale_nn": 500_000, "cal": "x"}), True, True),
        (lambda library: library.people.rename("Anna", "Eva"), False, False),
        (lambda library: library.edit([name_of(2)], {"load_kg": 5.0}), False, False),
    ],
)
def test_a_state_is_another_when_what_is_published_is(
    tmp_path: Path, change: Change, is_row: bool, is_samples: bool
) -> None:
    fill(tmp_path, *(walk(no, athlete="a1", start_unix_ms=MAY_MS) for no in (1, 2)), people=("Anna", "Ben"))
    with Library(tmp_path) as library:
        before = states(library)[name_of(1)]
        change(library)
        after = states(library)[name_of(1)]
    assert (before.row_digest != after.row_digest) == is_row
    assert (before.samples_digest != after.samples_digest) == is_samples


def test_another_form_or_pseudonym_makes_all_states_others_and_each_is_one_in_a_million(
    tmp_path: Path,
) -> None:
    fill(tmp_path, *(walk(no, 1.0, athlete="a1", start_unix_ms=MAY_MS) for no in range(3)))
    with Library(tmp_path) as library:
        found = [*states(library).values(), *states(library, "2").values()]
        found += library.states.of("2026-05", lambda label: "somebody", "1")
    digests = [digest for state in found for digest in (state.row_digest, state.samples_digest)]
    assert len(set(digests)) == 18 and {len(bytes.fromhex(digest)) for digest in digests} == {12}


def test_what_was_taken_out_is_gone_and_what_was_never_here_is_not(tmp_path: Path) -> None:
    names = fill(tmp_path, *(walk(no, 1.0) for no in range(5)))
    with Library(tmp_path) as library:
        library.delete(names[:1])
        library.compact()
        library.hide(names[1:2])
        library.delete(names[2:3])
        assert library.states.gone([*names, "never-here"]) == names[:3]
        library.restore(names[1:3])
        assert library.states.gone(names) == names[:1]
