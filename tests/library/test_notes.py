"""Notes beside sets: the newest counts, all can be taken back, trims and calibrations mean what they say."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.host.sets import CIRCUMFERENCE_UM, COUNTS_PER_REV, SCALE_NN, MadeSet, blob_of, ramped
from tests.library.libraries import NEWTONS, RAMP_S, SPEED_MPS, fill, name_of, walk

from retrorig.errors import InputError
from retrorig.library import Choice, Library
from retrorig.library.editing import edit_sets
from retrorig.library.notes import Note, can_be_noted, checked_note
from retrorig.library.recompute import calibration_of, recompute
from retrorig.measure.samples import sample_set
from rigcore.decode import decode_set

SET = name_of(7)
READING_S = 0.026
COUNT_M = CIRCUMFERENCE_UM / COUNTS_PER_REV * 1e-6


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with one walk of 6 s by Anna; tests take back what they note."""
    folder = tmp_path_factory.mktemp("walked")
    fill(folder, walk(duration_s=6.0, athlete="a1", start_unix_ms=1_780_000_000_000), people=("Anna", "Ben"))
    return folder


NOTES = {
    "athlete": st.sampled_from(["Anna", "Ben"]),
    "notes": st.text(max_size=30),
    "side": st.sampled_from(["left", "right", "both"]),
    "first_foot": st.sampled_from(["left", "right"]),
    "attachment": st.text(max_size=10),
    "load_kg": st.floats(0, 200),
    "rpe": st.integers(0, 10),
    "pain": st.integers(0, 10),
    "machine": st.sampled_from(["treadmill", "sled"]),
    "trim_start_s": st.floats(0.1, 2),
    "tags": st.lists(st.sampled_from(["knee", "hill", "test"]), unique=True),
}
note = st.sampled_from(sorted(NOTES)).flatmap(lambda key: st.tuples(st.just(key), NOTES[key]))


@settings(max_examples=20, deadline=None)
@given(st.lists(note, min_size=1, max_size=6))
def test_the_newest_note_counts_and_undo_brings_everything_back(
    walked: Path, noted: list[tuple[str, Any]]
) -> None:
    with Library(walked) as library:
        before, blob = library.set(SET), library.blob(SET)
        for key, value in noted:
            edit_sets(library, [SET], {key: value})
        row = library.set(SET)
        newest = dict(noted)
        assert {key: row.value(key) for key in newest} == newest
        assert row.edited == sorted(newest)
        edit_sets(library, [SET], {}, undo=newest)
        assert library.set(SET) == before and library.blob(SET) == blob


@settings(max_examples=20, deadline=None)
@example(start_s=1.0, end_s=0.1015625)  # where the belt is about to rest, which is not where the cut is
@example(start_s=0.1, end_s=0.1)
@given(st.floats(0.1, 2.5), st.floats(0.1, 2.5))
def test_a_trimmed_set_is_the_part_that_is_left(walked: Path, start_s: float, end_s: float) -> None:
    position_m = ramped(SPEED_MPS, 6.0, RAMP_S)
    way_m = position_m(6.0 - end_s) - position_m(start_s)
    with Library(walked) as library:
        whole = library.set(SET)
        ends_s = 3 * sample_set(library.raw(SET)).motion.ends_sd_s
        edit_sets(library, [SET], {"trim_start_s": start_s, "trim_end_s": end_s})
        row, samples = library.set(SET), sample_set(library.raw(SET))
        edit_sets(library, [SET], {}, undo=["trim_start_s", "trim_end_s"])
    assert row.duration_s == pytest.approx(whole.duration_s - start_s - end_s, abs=2 * READING_S)
    assert samples.time_s[0] == 0 and samples.time_s[-1] == pytest.approx(row.duration_s, abs=2e-6)
    # two ends, each a count rounded and a reading up to one conversion away from the cut, which is counted from ends
    # that are known so well themselves
    assert row.backward_m == pytest.approx(way_m, abs=2 * COUNT_M + (2 * READING_S + ends_s) * SPEED_MPS)
    assert row.mean_force_n == pytest.approx(NEWTONS, rel=1e-3)
    assert row.work_j == pytest.approx(NEWTONS * row.backward_m, rel=2e-3)
    began = datetime.fromisoformat(row.started_utc) - datetime.fromisoformat(whole.started_utc)
    assert began == pytest.approx(timedelta(seconds=start_s), abs=timedelta(seconds=READING_S + ends_s))
    assert row.end_reason == whole.end_reason
    assert not any(
        "encoder" in reason for reason in row.quality_reasons
    )  # walking on is no fault of the encoder


def test_steps_after_a_trimmed_end_are_no_fault_of_the_encoder(tmp_path: Path) -> None:
    """As they are where the belt stops counting and the pull goes on (tests/faults_sensors)."""
    plan = MadeSet(ramped(1.0, 10.0), lambda t: 150 + 80 * math.sin(4 * math.pi * t), 10.0, header={"no": 7})
    fill(tmp_path, blob_of(plan))
    with Library(tmp_path) as library:
        edit_sets(library, [SET], {"trim_end_s": 5.0})
        row = library.set(SET)
    assert row.steps and row.duration_s == pytest.approx(5.0, abs=READING_S)
    assert not any("steps went on" in reason for reason in row.quality_reasons)


@pytest.mark.parametrize(("start_s", "end_s"), [(2.0, 0.0), (0.0, 2.0), (1.5, 1.5), (0.2, 0.0), (0.0, 0.2)])
def test_beside_a_trimmed_end_a_second_stays_and_no_more(walked: Path, start_s: float, end_s: float) -> None:
    """So that filters have something to stand on, and what was cut off is no part of any quantity."""
    with Library(walked) as library:
        whole = library.raw(SET)
        edit_sets(library, [SET], {"trim_start_s": start_s, "trim_end_s": end_s})
        raw = library.raw(SET)
        edit_sets(library, [SET], {}, undo=["trim_start_s", "trim_end_s"])
    before_us, after_us = raw.header["start_us"] - raw.t_us[0], raw.t_us[-1] - raw.end["end_us"]
    if start_s:
        left_us = raw.header["start_us"] - whole.t_us[0]
        assert before_us == pytest.approx(min(left_us, 1e6), abs=READING_S * 1e6)
    if end_s:
        assert after_us == pytest.approx(1e6, abs=READING_S * 1e6)
    assert raw.t_us[0] == whole.t_us[0] or start_s
    assert raw.t_us[-1] == whole.t_us[-1] or end_s
    moved_us = raw.header["start_us"] - whole.header["start_us"]
    assert raw.header["start_unix_ms"] - whole.header["start_unix_ms"] == moved_us // 1000


def test_a_set_that_lost_its_power_can_be_trimmed_and_stays_one(tmp_path: Path) -> None:
    fill(tmp_path, walk(duration_s=4.0, end=False))
    with Library(tmp_path) as library:
        whole = library.set(SET)
        edit_sets(library, [SET], {"trim_end_s": 1.0})
        row = library.set(SET)
    assert row.duration_s == pytest.approx(whole.duration_s - 1.0, abs=READING_S)
    assert row.end_reason == whole.end_reason == "power_lost"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"side": "up"}, "choose left or right or both"),
        ({"load_kg": -1}, "out of range"),
        ({"load_kg": float("nan")}, "out of range"),
        ({"pain": 11}, "out of range"),
        ({"rpe": 6.5}, "whole number"),
        ({"trim_start_s": 3.0, "trim_end_s": 2.9}, "would leave nothing"),
        ({"athlete": "Nobody"}, "Nobody here is called"),
        ({"notes": "x" * 10_001}, "shorten it"),
        ({"tags": ["two\nlines"]}, "A tag has"),
        ({"duration_s": 1}, "can't be noted"),
    ],
)
def test_what_can_not_be_noted_is_one_sentence_and_changes_nothing(
    walked: Path, values: dict[str, Any], sentence: str
) -> None:
    with Library(walked) as library:
        before = library.set(SET)
        with pytest.raises(InputError, match=sentence):
            edit_sets(library, [SET], {"load_kg": 5.0, **values} if "load_kg" not in values else values)
        assert library.set(SET) == before and library.notes.of(SET) == {}


@pytest.mark.parametrize(
    ("key", "value", "beyond"),
    [
        ("load_kg", 1000, 1000.1), ("load_kg", 0, -0.1), ("rpe", 10, 11), ("pain", 0, -1),
        ("trim_start_s", 86_400, 86_401), ("notes", "x" * 10_000, "x" * 10_001), ("tags", ["x" * 50], ["x" * 51]),
        ("tags", ["x"], [" "]), ("started_utc", "2000-01-01T00:00:00Z", "1999-12-31T23:59:59Z"),
        ("started_utc", "2099-12-31T23:59:59Z", "2100-01-01T00:00:00Z"), ("rpe", 7, 7.5),
    ],
)  # fmt: skip
def test_a_note_goes_as_far_as_its_range_and_no_further(key: str, value: Any, beyond: Any) -> None:
    kept = checked_note(key, value)
    assert checked_note(key, kept) == kept and can_be_noted(Note(key, kept, ""))
    with pytest.raises(InputError):
        checked_note(key, beyond)
    assert not can_be_noted(Note(key, beyond, ""))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("load_kg", '"5"'), ("load_kg", "[5]"), ("load_kg", "NaN"), ("side", '"up"'), ("side", "1"), ("rpe", "6.5"),
        ("tags", '"knee"'), ("tags", "[5]"), ("tags", '["two\\nlines"]'), ("notes", "5"), ("calibration", "5"),
        ("calibration", '{"circumference_um": 1.5}'), ("removed", '"gone"'), ("started_utc", '"someday"'),
        ("samples", "1"), ("notes", "{"),
    ],
)  # fmt: skip
def test_a_note_that_no_program_of_ours_writes_is_passed_over_and_told(
    tmp_path: Path, key: str, text: str
) -> None:
    """A disk or another program left it."""
    fill(tmp_path, walk())
    with Library(tmp_path) as library:
        row = library.set(SET)
        edit_sets(library, [SET], {"load_kg": 5.0})
        library.db.rows("INSERT INTO edits VALUES (?, ?, ?, '2099-01-01T00:00:00.000Z')", (SET, key, text))
        assert library.notes.of(SET) == {"load_kg": 5.0}
        assert library.notes.senseless() == [SET] and row.set_id == library.set(SET).set_id


def test_a_calibration_of_sizes_and_names_and_what_was_taken_back_can_be_noted() -> None:
    for note in (
        Note("calibration", {"circumference_um": 250_000, "id": "k"}, ""), Note("removed", "hidden", ""),
        Note("removed", "deleted", ""), Note("side", None, ""), Note("side", "left", ""), Note("tags", [], ""),
    ):  # fmt: skip
        assert can_be_noted(note), note


def test_all_of_the_sets_are_noted_or_none(tmp_path: Path) -> None:
    names = fill(tmp_path, walk(1), walk(2))
    with Library(tmp_path) as library:
        with pytest.raises(InputError, match="no set"):
            edit_sets(library, [*names, "none"], {"load_kg": 5.0})
        assert [row.load_kg for row in library.sets()] == [None, None]
        edit_sets(library, names, {"load_kg": 5.0}, add_tags=["hill"])
        edit_sets(library, names[:1], {}, add_tags=["knee"], drop_tags=["hill"])
        assert [row.load_kg for row in library.sets()] == [5.0, 5.0]
        assert [row.tags for row in library.sets()] == [["knee"], ["hill"]]
        assert [row.set_id for row in library.sets(tag="knee")] == names[:1]


def test_notes_stay_in_order_when_the_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, walk())
    with Library(tmp_path) as library:
        library.db.rows(
            "INSERT INTO edits VALUES (?, 'notes', '\"late\"', '2099-01-01T00:00:00.000Z')", (SET,)
        )
        edit_sets(library, [SET], {"notes": "now"})
        assert library.set(SET).notes == "now" and library.notes.of(SET) == {"notes": "now"}


def test_a_set_that_grew_keeps_its_notes(tmp_path: Path) -> None:
    from rigcore import fields
    from rigcore.records import TYPE_NOTE, seal

    blob = walk()
    fill(tmp_path, blob)
    with Library(tmp_path) as library:
        edit_sets(library, [SET], {"load_kg": 12.5})
        grown = blob + seal(TYPE_NOTE, 9, fields.pack({"rpe": 6}), 7)
        assert library.add_set(grown) == (SET, False)
        row = library.set(SET)
        assert (row.rpe, row.load_kg, row.edited) == (6, 12.5, ["load_kg"])


@settings(max_examples=15, deadline=None)
@given(st.integers(200_000, 300_000), st.integers(300_000, 700_000))
def test_another_calibration_scales_way_and_pull(walked: Path, circumference_um: int, scale_nn: int) -> None:
    way, pull = circumference_um / CIRCUMFERENCE_UM, scale_nn / SCALE_NN
    with Library(walked) as library:
        old = library.set(SET)
        noted = calibration_of(library, None, {"circumference_um": circumference_um, "scale_nn": scale_nn})
        result = recompute(library, [SET], noted)
        new = library.set(SET)
        recompute(library, [SET])
        assert library.set(SET) == new  # the calibration stays noted
        assert decode_set(library.blob(SET)).header["circumference_um"] == CIRCUMFERENCE_UM
        edit_sets(library, [SET], {}, undo=["calibration"])
        assert library.set(SET) == old
    # stillness and dither are judged in millimetres, so a count may fall to the other side
    assert new.backward_m == pytest.approx(old.backward_m * way, abs=3 * COUNT_M)
    assert new.mean_force_n == pytest.approx(old.mean_force_n * pull, rel=1e-5)
    assert new.work_j == pytest.approx(old.work_j * way * pull, rel=2e-3)
    changed = {change.key: (change.old, change.new) for change in result.changes}
    if circumference_um != CIRCUMFERENCE_UM:
        assert changed["backward_m"] == (old.backward_m, new.backward_m)


def test_the_last_of_several_corrections_counts(tmp_path: Path) -> None:
    fill(tmp_path, walk())
    with Library(tmp_path) as library:
        old_m = library.set(SET).backward_m
        for factor in (2, 3):
            recompute(
                library, [SET], calibration_of(library, None, {"circumference_um": factor * CIRCUMFERENCE_UM})
            )
            assert library.set(SET).backward_m == pytest.approx(factor * old_m, abs=4 * factor * COUNT_M)
        recompute(library, [SET], calibration_of(library, None, {"scale_nn": 2 * SCALE_NN}))
        row = library.set(SET)
    assert row.backward_m == pytest.approx(3 * old_m, abs=12 * COUNT_M), "what it does not speak of stays"
    assert row.mean_force_n == pytest.approx(2 * NEWTONS, rel=1e-3)


def test_a_kept_calibration_is_applied_to_a_range_of_sets(tmp_path: Path) -> None:
    names = fill(tmp_path, walk(1, rig="aa"), walk(2, rig="aa"), walk(3, rig="bb"))
    record = {
        "id": "new1", "rig": "aa", "kind": "belt", "made_utc": "2026-11-22T10:00:00Z", "person": "Kim",
        "circumference_um": CIRCUMFERENCE_UM * 2, "zero": 1,
    }  # fmt: skip
    with Library(tmp_path) as library:
        assert library.calibrations.add(record) and not library.calibrations.add(record)
        with pytest.raises(InputError, match="Another calibration"):
            library.calibrations.add({**record, "zero": 2})
        assert library.calibrations.all("aa") == [record] and library.calibrations.all("bb") == []
        before = [row.backward_m for row in library.sets()]
        result = recompute(
            library,
            library.catalogue.ids(Choice(rig="aa")),
            calibration_of(library, "new1", {"scale_nn": None}),
        )
        assert result.sets_n == 2 and {change.set_id for change in result.changes} == set(names[:2])
        rows = library.sets()
        after = [row.backward_m for row in rows]
        assert after == pytest.approx([2 * before[0], 2 * before[1], before[2]], abs=4 * COUNT_M)
        assert [row.calibration_id for row in rows] == ["new1", "new1", "c0ffee00"]
        assert rows[0].mean_force_n == pytest.approx(NEWTONS, rel=1e-3)  # the zero is the session's own
        with pytest.raises(InputError, match="no calibration x"):
            calibration_of(library, "x", {})
        with pytest.raises(InputError, match="above 0"):
            calibration_of(library, None, {"scale_nn": 0})


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "x" * 500, "1999-12-31T12:00"])
def test_what_is_no_date_of_a_walk_is_one_short_sentence(walked: Path, text: str) -> None:
    with Library(walked) as library:
        with pytest.raises(InputError, match=r"is no date .*: write it like 2026-11-22T18:30\.$") as refused:
            edit_sets(library, [SET], {"started_utc": text})
        assert library.notes.of(SET) == {}
    assert len(str(refused.value)) < 120 and f"'{text[:40]}'" in str(refused.value)
