"""What may be set on a rig, and which calibrations are refused: the tables that board and host share."""

from rigcore.calibration import RANGES, problem
from rigcore.settings_schema import AT_START, SETTINGS, SettingError, checked_settings, loaded

GOOD = {"counts_per_rev": 2400, "circumference_um": 250_000, "zero": 35_000, "scale_nn": 465_766}


def refused(changes):
    try:
        checked_settings(changes)
    except SettingError as error:
        return error.args[0]
    return ""


def test_every_default_may_be_set_and_is_what_an_empty_file_gives():
    defaults = {name: SETTINGS[name][0] for name in SETTINGS}
    assert checked_settings(defaults) == defaults == loaded({})
    assert set(AT_START) <= set(SETTINGS)


def test_every_word_may_be_set_and_no_other():
    for name in SETTINGS:
        possible = SETTINGS[name][1]
        for word in possible:
            assert checked_settings({name: word}) == {name: word}
        for wrong in ("nonsense", "", None, -1, 1.5, True, ["m"]):
            assert refused({name: wrong}).startswith(name + " is ")


def test_numbers_may_come_as_text_and_stay_in_their_range():
    assert checked_settings({"rate_sps": "80"}) == {"rate_sps": 80}
    for wrong in ("9", "91", "-80", "80.0", "8" * 40):
        assert "from 10 to 90" in refused({"rate_sps": wrong})


def test_an_unknown_name_is_answered_with_the_known_ones():
    assert "distance_unit" in refused({"colour": "red"})


def test_a_damaged_value_in_a_file_is_at_its_default_and_an_unknown_one_is_left_out():
    found = loaded({"distance_unit": "yd", "mirror": "on", "sound": 7, "gone": 1})
    assert found["distance_unit"] == "yd" and found["mirror"] == "on"
    assert found["sound"] == "on" and "gone" not in found


def test_a_calibration_needs_its_four_values_and_takes_the_others():
    assert problem(GOOD) == ""
    full = dict(GOOD)
    full.update({"direction": -1, "circumference_pm_ppm": 1000, "span_pm_ppm": 5000, "linearity_mn": 30})
    assert problem(full) == ""
    for name in GOOD:
        missing = dict(GOOD)
        del missing[name]
        assert name in problem(missing)


def test_values_out_of_range_are_named():
    for name in RANGES:
        for value in (RANGES[name][0] - 1, RANGES[name][1] + 1, "1", 1.5):
            wrong = dict(GOOD)
            wrong[name] = value
            assert name in problem(wrong)
    for name, value, words in (("direction", 0, "direction"), ("counts_per_rev", 100_000, "roller")):
        wrong = dict(GOOD)
        wrong[name] = value
        assert words in problem(wrong)


def test_a_calibrations_id_is_a_short_word():
    for name in ("a", "Z-9_x", "x" * 24):
        assert problem(dict(GOOD, id=name)) == ""
    for name in ("", "x" * 25, "a b", "\xe9", 5):
        assert problem(dict(GOOD, id=name)).startswith("The calibration's id must be 1 to 24 letters"), name


def test_a_coarse_encoder_is_refused_with_how_coarse_it_is_and_may_be():
    coarse = dict(GOOD, counts_per_rev=20, circumference_um=220_000)
    assert problem(coarse) == ""
    words = problem(dict(coarse, circumference_um=250_000))
    assert "is 12 mm" in words and "at most 11 mm" in words
    large = dict(GOOD, counts_per_rev=4096, circumference_um=(1 << 21) - 1)
    assert problem(large) == "" and "too many counts" in problem(dict(large, circumference_um=1 << 21))


def test_a_calibration_takes_what_encoders_rollers_and_cells_may_have():
    for name, least, most in (
        ("counts_per_rev", 4, 34_359), ("circumference_um", 20_000, 3_579_139), ("zero", -8_388_608, 8_388_607),
        ("scale_nn", -15_000_000, 15_000_000), ("direction", -1, 1), ("circumference_pm_ppm", 0, 1_000_000),
        ("span_pm_ppm", 0, 1_000_000), ("linearity_mn", 0, 1_000_000_000), ("made_s", 0, 1_099_511_627_776),
    ):  # fmt: skip
        for value in (least, most):
            full = dict(GOOD)
            full[name] = value
            if name == "counts_per_rev" and value == least:
                full["circumference_um"] = 44_000
            assert problem(full) == "", (name, value)
