"""What weights, pushes and steps are refused for, without a rig: slips of unit and order, drift, odd rollers."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrorig.calibration import belt, direction
from retrorig.calibration.force_fit import Hung, judged
from retrorig.calibration.units import LENGTHS_MM, WEIGHTS_N, length, weight
from retrorig.errors import InputError
from retrorig.library.calibration_record import Values, new_record

COUNTS_PER_N = 2147.0
OLD: Values = {
    "id": "1997c5a4", "counts_per_rev": 2400, "circumference_um": 250_000, "zero": 35_000, "scale_nn": 465_766,
    "direction": 1, "circumference_pm_ppm": None, "span_pm_ppm": None, "linearity_mn": None, "made_s": None,
}  # fmt: skip
NEW_BOARD: Values = {**OLD, "id": "none", "scale_nn": 0}


def hung(
    named: list[str], true_n: list[float], zero_after_n: float = 0.0, per_n: float = COUNTS_PER_N
) -> Hung:
    codes = tuple(35_000 + per_n * newtons for newtons in true_n)
    return Hung(tuple(map(weight, named)), codes, 35_000.0, 35_000 + per_n * zero_after_n)


def refusal(named: list[str], true_n: list[float], old: Values = OLD, zero_after_n: float = 0.0) -> str:
    with pytest.raises(InputError) as refused:
        judged(hung(named, true_n, zero_after_n), old, 0.005, False)
    return str(refused.value)


@given(
    st.lists(st.floats(20, 2000), min_size=3, max_size=8, unique=True),
    st.floats(0.95, 1.05),
    st.sampled_from([-1, 1]),
)
def test_sound_weights_are_taken_in_any_order_with_either_polarity(weights, scale, sign) -> None:
    weights = [round(newtons, 3) for newtons in [*weights, max(weights) * 0.3]]
    values, evidence = judged(
        hung([f"{newtons}N" for newtons in weights], weights, per_n=sign * scale * COUNTS_PER_N),
        OLD,
        0.005,
        False,
    )
    assert values["scale_nn"] == pytest.approx(sign * 1e9 / (scale * COUNTS_PER_N), rel=1e-5)
    assert values["span_pm_ppm"] == pytest.approx(5000, abs=2) and values["linearity_mn"] == 0
    assert [point["newtons"] for point in evidence["points"][1:-1]] == pytest.approx(weights)


@pytest.mark.parametrize("order", [o for o in permutations((0, 1, 2)) if o != (0, 1, 2)])
def test_weights_in_another_order_are_named_in_theirs(order: tuple[int, int, int]) -> None:
    true_n = [(50.0, 100.0, 200.0)[i] for i in order]
    words = refusal(["50N", "100N", "200N"], true_n)
    assert f"another order: {', '.join(f'{n:.0f}N' for n in true_n)}" in words


@pytest.mark.parametrize(
    ("named", "slip"),
    [
        ("5N 10N 20N", "N were given for kg"),
        ("49kg 98kg 196kg", "kg were given for N"),
        ("11kg 22kg 44kg", "lb"),
    ],
)
def test_slips_of_unit_are_named(named: str, slip: str) -> None:
    true_n = [5 * 9.80665, 10 * 9.80665, 20 * 9.80665]
    assert slip in refusal(named.split(), true_n)


def test_a_board_that_was_never_calibrated_still_knows_what_cells_there_are() -> None:
    true_n = [49.03, 98.07, 196.13]
    for named in ("5N 10N 20N", "49.03kg 98.07kg 196.13kg"):
        assert "cells of 0.5 to 5 kN" in refusal(named.split(), true_n, NEW_BOARD)
    values, _ = judged(hung(["5kg", "10kg", "20kg"], true_n), NEW_BOARD, 0.005, False)
    assert values["scale_nn"] == pytest.approx(465_766, rel=1e-3)


def test_another_cell_is_taken_when_it_is_said_to_be_new() -> None:
    slack = hung(["5kg", "10kg", "20kg"], [49.03, 98.07, 196.13], per_n=300.0)
    assert judged(slack, OLD, 0.005, True)[0]["scale_nn"] == pytest.approx(1e9 / 300, rel=1e-3)


@pytest.mark.parametrize(
    ("kilograms", "zero_after_n", "is_refused"),
    [(5, 0.9, False), (5, 1.1, True), (5, -1.1, True), (25, 2.9, False), (25, 3.0, True), (25, -3.0, True)],
)
def test_a_zero_that_moves_is_refused(kilograms: int, zero_after_n: float, is_refused: bool) -> None:
    """By a newton or three parts in a thousand of the largest weight, which here is four times the first."""
    loads_kg = [kilograms, 2 * kilograms, 4 * kilograms]
    named, true_n = [f"{load_kg}kg" for load_kg in loads_kg], [load_kg * 9.80665 for load_kg in loads_kg]
    if is_refused:
        assert f"zero moved by {zero_after_n:+.1f} N" in refusal(named, true_n, zero_after_n=zero_after_n)
    else:
        evidence = judged(hung(named, true_n, zero_after_n), OLD, 0.005, False)[1]
        assert evidence["drift_n"] == pytest.approx(zero_after_n, abs=0.01)


@given(st.floats(0.001, 9999), st.sampled_from([*WEIGHTS_N]), st.sampled_from(["", " "]))
def test_weights_are_read_with_their_unit(number: float, unit: str, space: str) -> None:
    for text in (f"{number:.4f}{space}{unit}", f" {number:.4f}{space}{unit.upper()} "):
        assert weight(text).value == pytest.approx(float(f"{number:.4f}") * WEIGHTS_N[unit])


@pytest.mark.parametrize("text", ["5", "kg", "5 stone", "-5kg", "0kg", "1e3kg", "5,5kg", "nan kg", "", "٥kg"])
def test_a_weight_without_a_known_unit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"unit|above zero|with a point, as 5.5kg"):
        weight(text)


def marked(text: str, counts: list[int], old: Values = OLD, is_new: bool = False) -> Values:
    return belt.Marked(length(text), length("10mm")).judged(counts, old, is_new)[0]


@given(st.integers(160_000, 390_000), st.sampled_from(sorted(LENGTHS_MM)), st.integers(3, 8))
def test_a_push_of_any_unit_gives_the_circumference(um: int, unit: str, repeats: int) -> None:
    text = f"{12_000 / LENGTHS_MM[unit]:.6f}{unit}"
    counts = [round(12e6 * 2400 / um)] * repeats
    found = marked(text, counts, is_new=True)
    assert found["circumference_um"] == pytest.approx(um, rel=1e-5)
    assert found["circumference_pm_ppm"] == pytest.approx(10 / 12_000 * 1e6, abs=1)


@pytest.mark.parametrize(
    ("text", "counts", "words"),
    [
        ("10m", [29_261] * 3, "would be 820.2 mm round, 3.28 times what it was"),  # ten feet were pushed
        ("10m", [-96_000] * 3, "counted forward"),
        ("10m", [96_000, 94_000, 96_000], "Repeat 2"),
        ("10cm", [960] * 3, "push it further"),
    ],
)
def test_poor_pushes_are_refused(text: str, counts: list[int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        marked(text, counts)


def test_turns_tell_the_counts_a_turn() -> None:
    turned = belt.Turned(10, length("314mm"), length("0.5mm"))
    values, _ = turned.judged([40_960, 40_961, 40_958], OLD, True)
    assert values["counts_per_rev"] == 4096 and values["circumference_um"] == 314_000
    assert values["circumference_pm_ppm"] == pytest.approx(0.5 / 314 * 1e6, rel=0.02)
    only = belt.Turned(10, None, length("0.5mm")).judged([24_001, 23_999, 24_000], OLD, False)[0]
    assert only == {"counts_per_rev": 2400}


@pytest.mark.parametrize(
    ("counts", "is_whole"), [(9960, True), (10_040, True), (9940, False), (10_060, False)]
)
def test_turns_that_were_not_whole_are_refused(counts: int, is_whole: bool) -> None:
    """Of an encoder of 25 pulses, whose next number of pulses is far off."""
    turned = belt.Turned(100, None, length("0.5mm"))
    if is_whole:
        assert turned.judged([counts] * 3, OLD, False)[0] == {"counts_per_rev": 100}
    else:
        with pytest.raises(InputError, match=f"^{counts} counts in 100 turns is no whole number of pulses"):
            turned.judged([counts] * 3, OLD, False)


def test_one_distance_is_asked_for() -> None:
    for given_length, turns in ((None, None), ("10m", 10)):
        with pytest.raises(InputError, match="either --length"):
            belt.distance_from(given_length, "10mm", turns, None, "1mm")


@pytest.mark.parametrize(
    ("counts", "old", "new"), [(4000, 1, None), (-4000, 1, -1), (-4000, -1, 1), (4000, -1, None)]
)
def test_a_step_back_that_counts_forward_turns_the_direction(counts: int, old: int, new: int | None) -> None:
    assert direction.judged(counts, {**OLD, "direction": old})[0].get("direction") == new


def test_two_calibrations_of_one_second_have_ids_of_their_own() -> None:
    """As a script makes them: the same values, by two ways."""
    made = datetime(2026, 11, 30, 4, 40, tzinfo=UTC)
    first = new_record("belt", "rig", OLD, {}, {"pushes": 3}, None, made)
    second = new_record("belt", "rig", first, {}, {"copied_from": "another"}, None, made)
    assert second["id"] != first["id"]
    assert second["replaces"] == first["id"]
    assert second["made_utc"] == "2026-11-30T04:40:01Z"


def test_what_a_cell_can_not_be_is_told_in_the_unit_of_what_cells_are() -> None:
    """A code of 24 bits over 20 mV; a cell of 0.5 kN with 3 mV/V, and one of 5 kN with 1 mV/V, are the ends."""
    for per_n, microns in ((100_000.0, "10"), (20.0, "50000")):
        true_n = [50.0, 100.0, 200.0]
        with pytest.raises(InputError) as refused:
            judged(hung(["50N", "100N", "200N"], true_n, per_n=per_n), NEW_BOARD, 0.005, False)
        assert f"worth {microns} uN; cells of 0.5 to 5 kN have 60 to 3500 uN" in str(refused.value)
