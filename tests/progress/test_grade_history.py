"""Poor sets and their reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.progress.rows import row

from retrorig.errors import InputError
from retrorig.progress.quality_history import grade_history


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=30))
def test_every_set_is_counted_once(grades: list[str]) -> None:
    found = grade_history([row(i, quality=grade, rig_id=f"rig{i % 2}") for i, grade in enumerate(grades)])
    assert found.sets == len(grades)
    assert [each.quality for each in found.poor] == [grade for grade in grades if grade != "A"]
    assert sum(sum(each.grades.values()) for each in found.rigs) == len(grades)
    for each in found.rigs:
        assert 0 <= each.good_low_pct <= each.good_pct <= each.good_high_pct <= 100


@pytest.mark.parametrize("n", [1, 2, 5, 19, 30, 200])
def test_a_share_s_interval_ends_where_chance_would_just_have_told_it(n: int) -> None:
    """Wilson: an end p lies 1.96 of its own standard deviations sqrt(p (1 - p) / n) from the share that was seen."""
    for good_n in {0, 1, n // 3, n - 1, n}:
        (found,) = grade_history([row(i, quality="A" if i < good_n else "B") for i in range(n)]).rigs
        share = good_n / n
        assert found.good_pct == pytest.approx(100 * share)
        ends = [found.good_low_pct / 100, found.good_high_pct / 100]
        for end in ends:
            assert (share - end) ** 2 == pytest.approx(1.96**2 * end * (1 - end) / n, abs=1e-9)
        assert 0 <= found.good_low_pct <= found.good_pct <= found.good_high_pct <= 100 and ends[0] < ends[1]
        assert (ends[0] == share, ends[1] == share) == (good_n == 0, good_n == n), (
            "beyond them there is nothing"
        )


def test_reasons_are_gathered_across_their_numbers() -> None:
    rows = [
        row(1, quality="B", quality_reasons=["12 conversions lost"]),
        row(
            2,
            quality="C",
            quality_reasons=["7 conversions lost", "the zero of force moved by -1.3 N during the set"],
        ),
        row(
            3,
            quality="B",
            rig_id="other",
            quality_reasons=["the zero of force moved by +2.0 N during the set"],
        ),
        row(4, quality="C", quality_reasons=["3 conversions lost"]),
    ]
    found = grade_history(rows)
    assert [(each.reason, each.sets, each.rigs) for each in found.reasons] == [
        ("# conversions lost", 3, ["rig"]),
        ("the zero of force moved by # N during the set", 2, ["other", "rig"]),
    ]


def test_no_sets_are_one_sentence() -> None:
    with pytest.raises(InputError, match="No sets were found"):
        grade_history([])
