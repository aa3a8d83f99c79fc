"""What is told of many things is short: the first of them by name, and of the others how many."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Library, remainder
from retrorig.library.checking import check
from retrorig.library.editing import edit_sets
from retrorig.library.forgetting import NAMED_N, forget

FIRST_MS = 1_780_000_000_000
DAY_MS = 86_400_000
MOVED = {"rest_counts": [15_360, 0]}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_row_that_differs_in_many_quantities_is_told_by_three_of_them(tmp_path: Path, n: int) -> None:
    (name,) = fill(tmp_path, walk())
    keys = ["duration_s", "backward_m", "peak_speed_mps", "mean_force_n", "work_j"][:n]
    with Library(tmp_path) as library:
        library.db.rows(f"UPDATE sets SET {', '.join(f'{key} = {key} + 1' for key in keys)}")
        (fault,) = check(library)
    assert fault.where == name and fault.is_damage
    told = fault.what.partition(" would be computed otherwise now: ")[0]
    assert told.endswith(" and more") == (n > 3)
    assert set(told.removesuffix(" and more").split(", ")) <= set(keys)
    assert told.count(",") == min(n, 3) - 1


@pytest.mark.parametrize("n", [1, NAMED_N, NAMED_N + 1, NAMED_N + 3])
def test_of_many_sets_beside_which_a_name_stands_some_are_named(tmp_path: Path, n: int) -> None:
    names = fill(tmp_path, *(walk(no, 1.0, athlete="a2") for no in range(1, n + 1)), people=("Anna", "Ben"))
    with Library(tmp_path) as library:
        edit_sets(library, names, {"notes": "with Anna"})
        (told,) = [line for line in forget(library, "Anna", False).left if "beside other sets" in line]
    assert [name for name in names if name in told] == names[:NAMED_N]
    assert [int(more) for more in re.findall(r"and (\d+) more", told)] == [n - NAMED_N] * (n > NAMED_N)
    assert 3 <= NAMED_N <= 20


@pytest.mark.parametrize("n", [2, 4, 5, 9])
def test_letters_that_mean_many_sets_are_answered_with_four_of_them(tmp_path: Path, n: int) -> None:
    names = fill(tmp_path, *(walk(no, 1.0) for no in range(1, n + 1)))
    with Library(tmp_path) as library, pytest.raises(InputError) as refused:
        library.choose(["rr-test"])
    assert f"any of {n} sets" in str(refused.value) and ("..." in str(refused.value)) == (n > 4)
    assert [name for name in names if name in str(refused.value)] == names[:4]


def test_metres_in_no_set_are_told_of_the_newest_sets_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lists years is not told of each day in them."""
    fill(tmp_path, *(walk(no, 1.0, start_unix_ms=FIRST_MS + no * DAY_MS, **MOVED) for no in range(1, 6)))
    with Library(tmp_path) as library:
        every = library.told_in_no_set()
        assert len(every) == 5 and every == sorted(every)
        monkeypatch.setattr(remainder, "NEWEST_N", 2)
        assert library.told_in_no_set() == every[-2:]
        assert library.told_in_no_set(ids=[name_of(1)]) == every[:1]


def test_metres_of_a_day_in_no_set_are_added_up_each_way(tmp_path: Path) -> None:
    """A metre is 9600 counts of these sets' rig."""
    way = {"rest_counts": [7200, 4800]}
    fill(
        tmp_path,
        *(walk(no, 1.0, start_unix_ms=FIRST_MS + no * 60_000, **way) for no in (1, 2, 3)),
        walk(4, 1.0, start_unix_ms=FIRST_MS + DAY_MS, rest_counts=[9700, 0]),
        walk(5, 1.0, start_unix_ms=FIRST_MS + 2 * DAY_MS, rest_counts=[9500, 9500]),
    )
    with Library(tmp_path) as library:
        told = [sentence.partition(": ")[2].partition(" were")[0] for sentence in library.told_in_no_set()]
    assert told == ["2.2 m and 1.5 m forward", "1.0 m"], "a metre a day is not worth telling"


@pytest.mark.parametrize(("cut_s", "is_taken"), [(2.4, True), (2.6, False)])
def test_a_trim_leaves_half_a_second_or_is_refused(tmp_path: Path, cut_s: float, is_taken: bool) -> None:
    """Each end by itself and both together, also one after the other."""
    (name,) = fill(tmp_path, walk(duration_s=3.0))
    with Library(tmp_path) as library:
        whole_s = library.set(name).duration_s
        cut_s += whole_s - 3.0
        for first, then in (
            ({"trim_start_s": cut_s}, {}), ({"trim_end_s": cut_s}, {}),
            ({"trim_start_s": 1.0, "trim_end_s": cut_s - 1.0}, {}),
            ({"trim_start_s": 1.0}, {"trim_end_s": cut_s - 1.0}),
        ):  # fmt: skip
            if is_taken:
                library.edit([name], {**first, **then})
                assert library.set(name).duration_s == pytest.approx(whole_s - cut_s, abs=0.06)
            else:
                with pytest.raises(InputError, match=f"lasts {whole_s:.1f} s: trimming .* leave nothing"):
                    library.edit([name], first)
                    library.edit([name], then)
            library.edit([name], undo=["trim_start_s", "trim_end_s"])
