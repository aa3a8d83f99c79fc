"""First and last dates of a list, a set's current file, words that mean a set, sizes that a calibration may have."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.libraries import fill, name_of, walk

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.library import Choice, Library
from retrorig.library.recompute import calibration_of
from retrorig.library.sample_files import write_samples

FIRST_MS = 1_780_000_000_000
DAY_MS = 86_400_000


def test_the_ends_of_a_list_are_its_first_and_its_last_date(tmp_path: Path) -> None:
    fill(
        tmp_path,
        walk(1),
        walk(2, start_unix_ms=FIRST_MS + 2 * DAY_MS, athlete="a1"),
        walk(3, start_unix_ms=FIRST_MS, athlete="a2"),
        walk(4, start_unix_ms=FIRST_MS + DAY_MS, athlete="a2"),
        people=("Anna", "Ben"),
    )
    with Library(tmp_path) as library:
        starts = {row.set_id: row.started_utc for row in library.sets()}
        assert library.catalogue.ends(Choice()) == (starts[name_of(3)], starts[name_of(2)])
        assert library.catalogue.ends(Choice(athlete="Ben")) == (starts[name_of(3)], starts[name_of(4)])
        assert library.catalogue.ends(Choice(ids=(name_of(1),))) == (None, None), "a set without a date"
        assert library.catalogue.ends(Choice(kind="warmup")) == (None, None), "no set"


def test_a_set_s_file_is_current_until_its_set_changes_or_it_is_gone(tmp_path: Path) -> None:
    one, two = fill(tmp_path, walk(1), walk(2))
    with Library(tmp_path) as library:
        assert library.files.current_of(one) is None
        write_samples(library, [one])
        path = library.files.current_of(one)
        assert path is not None and path.is_file() and path.suffix == ".parquet"
        assert library.files.current_of(two) is None
        library.edit([one], {"load_kg": 5.0})
        write_samples(library, [one])
        path = library.files.current_of(one)
        assert path is not None
        path.unlink()
        assert library.files.current_of(one) is None


@pytest.mark.parametrize(("key", "least"), [("circumference_um", 1), ("scale_nn", 1), ("zero", 1 - 2**31)])
def test_a_size_is_above_nothing_and_a_zero_is_what_it_is(tmp_path: Path, key: str, least: int) -> None:
    fill(tmp_path)
    with Library(tmp_path) as library:
        assert calibration_of(library, None, {key: least}) == {key: least}
        with pytest.raises(InputError, match=f"{key} (must be above 0, not 0|is out of range)"):
            calibration_of(library, None, {key: least - 1})


@pytest.mark.parametrize("key", ["circumference_um", "scale_nn", "zero"])
@pytest.mark.parametrize("value", [2**31 - 1, 2**31, 2**40])
def test_a_size_of_a_calibration_takes_31_bits_at_most(tmp_path: Path, key: str, value: int) -> None:
    fill(tmp_path, walk(1))
    with Library(tmp_path) as library:
        if value < 2**31:
            assert calibration_of(library, None, {key: value}) == {key: value}
        else:
            with pytest.raises(InputError, match=f"{key} is out of range: give at most {2**31 - 1}"):
                calibration_of(library, None, {key: value})


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("7", [7]),
        ("00007", [7]),
        ("17", [17]),
        ("last", [17]),
        ("last-1", [7]),
        ("rr-test-0003-00007", [7]),
        ("RR-TEST-0003-00007", [7]),
        ("0007", [7]),
        ("3-00017", [17]),
    ],
)
def test_letters_of_an_id_mean_the_set_that_they_fit_best(
    tmp_path: Path, word: str, numbers: list[int]
) -> None:
    fill(tmp_path, walk(7, start_unix_ms=FIRST_MS), walk(17, start_unix_ms=FIRST_MS + DAY_MS))
    with Library(tmp_path) as library:
        assert library.choose([word]) == [name_of(number) for number in numbers]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["last"], [4]), (["last-1"], [3]), (["LAST-2"], [2]), (["last-3"], [1]), (["2..3"], [2, 3]),
        (["3..2"], [2, 3]), (["1..1"], [1]), (["last-2..last-1"], [2, 3]), (["last", "1"], [4, 1]),
        (["2..3", "3", "1..2"], [2, 3, 1]),
    ],
)  # fmt: skip
def test_words_count_from_the_newest_and_a_range_has_both_its_ends(
    tmp_path: Path, words: list[str], numbers: list[int]
) -> None:
    fill(
        tmp_path, *(walk(no, 1.0, start_unix_ms=FIRST_MS + no * DAY_MS) for no in (1, 2, 3, 4)), walk(5, 1.0)
    )
    with Library(tmp_path) as library:
        assert library.choose(words) == [name_of(number) for number in numbers]


def test_a_whole_id_means_its_set_also_if_it_is_hidden_and_none_that_was_deleted(tmp_path: Path) -> None:
    hidden, deleted, _ = fill(tmp_path, walk(1, 1.0), walk(2, 1.0), walk(3, 1.0))
    with Library(tmp_path) as library:
        library.hide([hidden])
        library.delete([deleted])
        assert library.choose([hidden]) == [hidden]
        for word, filters in ((deleted, {}), (hidden[:-1] + "9", {}), (hidden, {"kind": "free"})):
            with pytest.raises(InputError, match="There is no set"):
                library.choose([word], **filters)


@pytest.mark.parametrize(("how", "left_n"), [("hide", 1), ("delete", 1), ("restore", 2)])
def test_what_is_taken_out_of_the_lists_loses_its_file_and_what_is_brought_back_keeps_it(
    tmp_path: Path, how: str, left_n: int
) -> None:
    names = fill(tmp_path, walk(1, 1.0), walk(2, 1.0))
    with Library(tmp_path) as library:
        write_samples(library)
        getattr(library, how)(names[:1])
        assert len(list((tmp_path / "samples").rglob("*.parquet"))) == left_n
        library.restore(names[:1])
        assert library.files.stale() == names[:1], "it is written anew"


@pytest.mark.parametrize(
    ("word", "words"),
    [("rr", "any of 2 sets"), ("x", "no set x"), ("٧", "no set"), ("last-2", "there are 2")],
)
def test_a_word_that_means_no_set_or_several_is_refused(tmp_path: Path, word: str, words: str) -> None:
    fill(tmp_path, walk(7, start_unix_ms=FIRST_MS), walk(17, start_unix_ms=FIRST_MS + DAY_MS))
    with Library(tmp_path) as library, pytest.raises(InputError, match=words):
        library.choose([word])


@pytest.mark.parametrize(
    ("here", "there", "label", "is_told"),
    [
        (("Anna",), ("Anna",), "a1", False),
        (("Anna",), ("Zoe",), "a1", True),
        (("Zoe", "Anna"), ("Anna", "Zoe"), "a1", True),
        (("Zoe", "Anna"), ("Anna", "Zoe"), "a2", True),
        (("Zoe", "Anna"), ("Zoe", "Anna"), "a2", False),
    ],
)
def test_a_label_that_is_somebody_else_there_is_told_and_the_set_stays_with_whom_it_has_here(
    tmp_path: Path, here: tuple[str, ...], there: tuple[str, ...], label: str, is_told: bool
) -> None:
    (name,) = fill(tmp_path / "one", walk(1, athlete=label), people=here)
    fill(tmp_path / "two", walk(1, athlete=label), people=there)
    with Library(tmp_path / "one") as ours, Library(tmp_path / "two") as theirs:
        notices = ours.merge(theirs).notices
        assert ours.set(name).athlete == here[int(label[1:]) - 1]
    assert bool([notice for notice in notices if "somebody else there" in notice]) == is_told


@pytest.mark.parametrize(("backward", "told"), [(15_360, "1.6 m"), (48_000, "5.0 m"), (4800, None)])
def test_a_set_that_knows_of_no_metres_beside_it_adds_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], backward: int, told: str | None
) -> None:
    """A metre is 9600 counts of these sets' rig; of the day's other sets nothing is known."""
    others = [walk(no, start_unix_ms=FIRST_MS + no * 60_000) for no in range(2, 6)]
    fill(tmp_path, walk(1, start_unix_ms=FIRST_MS, rest_counts=[backward, 0]), *others)
    assert run(["sets", "--library", str(tmp_path)]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "in no set" in line]
    assert [line.partition(": ")[2].partition(" were")[0] for line in lines] == ([told] if told else [])


@pytest.mark.parametrize("after", [{"load_kg": 20.0, "notes": "heavy"}, {"tags": ["a", "b"]}, {"rpe": 7}])
def test_an_edit_that_was_taken_back_left_nothing_and_can_be_taken_back_itself(
    tmp_path: Path, after: dict[str, object]
) -> None:
    (name,) = fill(tmp_path, walk(1))
    tags = after.pop("tags", [])
    with Library(tmp_path) as library:
        before = library.set(name)
        edited = library.edit([name], after, add_tags=tags)
        changed = library.set(name)
        assert changed != before
        back = library.undo(edited)
        assert library.set(name) == before
        library.undo(back)
        assert library.set(name) == changed
