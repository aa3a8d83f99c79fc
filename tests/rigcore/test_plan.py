"""Which plans a board takes: each number from its least to its most, each word of its list, and nothing beside."""

import pytest

from rigcore.plan import AMOUNT, BANDS, NUMBERS, WORDS, PlanError, check_block, check_rule, checked_plan

BLOCK = {"target": "distance", "amount": 5000}
RULE = {"green": {"pain": 2}, "amber": {"pain": 4}}


def refused(check, value):
    """The sentence with which it is refused, "" when it is taken."""
    try:
        check(value)
    except PlanError as error:
        return str(error)
    return ""


def plan(**changes):
    return {"id": "p", "name": "Plan", "blocks": [BLOCK], **changes}


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("times", 1, 50),
        ("rest_ms", 0, 3_600_000),
        ("pause_ms", 1000, 600_000),
        ("still_ms", 2000, 10_000),
        ("speed_max_mmps", 50, 12_000),
        ("force_max_mn", 1000, 2_000_000),
        ("load_g", 0, 500_000),
        ("pace_mmps", 20, 12_000),
    ],
)
def test_an_optional_number_may_be_left_out_and_is_taken_from_its_least_to_its_most(name, least, most):
    assert name in NUMBERS
    for value in (least, most, None):
        assert not refused(check_block, {**BLOCK, name: value})
    for value in (least - 1, most + 1, True, float(most), str(most)):
        words = refused(check_block, {**BLOCK, name: value})
        assert name in words and str(least) in words and str(most) in words, value


@pytest.mark.parametrize(
    ("target", "least", "most"),
    [("distance", 500, 10_000_000), ("time", 1000, 14_400_000), ("steps", 1, 10_000), ("open", 0, 0)],
)
def test_an_amount_is_what_somebody_can_walk(target, least, most):
    assert target in AMOUNT
    for amount in (least, most):
        assert not refused(check_block, {"target": target, "amount": amount})
    for amount in (least - 1, most + 1):
        assert "amount" in refused(check_block, {"target": target, "amount": amount})
    assert bool(refused(check_block, {"target": target})) == (target != "open")
    assert not refused(check_block, {}), "a free set"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("speed_mmps", 0, 12_000), ("force_mn", 0, 2_000_000), ("cadence_spm", 20, 300)],
)
def test_a_band_is_a_pair_whose_lower_end_comes_first(name, least, most):
    assert name in BANDS
    for band in ([least, most], (least, least + 1), [most - 1, most], None):
        assert not refused(check_block, {**BLOCK, name: band})
    for band in (
        [least - 1, most],
        [least, most + 1],
        [least, least],
        [most, least],
        [least],
        [least, most, most],
        5,
    ):
        assert name in refused(check_block, {**BLOCK, name: band}), band


@pytest.mark.parametrize("name", WORDS)
def test_a_word_is_one_of_a_few_and_the_others_are_told_with_them(name):
    for word in WORDS[name]:
        amount = {"distance": 5000, "time": 5000, "steps": 5}.get(word, 0) if name == "target" else 5000
        assert not refused(check_block, {**BLOCK, "amount": amount, name: word})
    words = refused(check_block, {**BLOCK, name: "nonsense"})
    assert name in words and all(word in words for word in WORDS[name] if word) and "None" not in words


def test_a_pace_may_differ_from_set_to_set():
    for pace in ([700], (700, 800, 900)):
        assert not refused(check_block, {**BLOCK, "pace_mmps": pace})
    assert "each set" in refused(check_block, {**BLOCK, "pace_mmps": []})
    assert "pace_mmps" in refused(check_block, {**BLOCK, "pace_mmps": [700, 19]})
    assert refused(check_block, {**BLOCK, "load_g": [700]}), "no other number may"


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("a", True), ("waist", True), ("é" * 24, True), ("\xa0~", True), ("", False), ("a" * 25, False), ("a\n", False),
        ("\x1fa", False), ("a\x7f", False), ("\x9f", False), (7, False),
    ],
)  # fmt: skip
def test_a_text_has_no_control_characters_and_fits_the_display(text, is_good):
    assert (not refused(check_block, {**BLOCK, "attachment": text})) == is_good
    assert (not refused(checked_plan, plan(name=text))) == is_good


@pytest.mark.parametrize(
    ("label", "is_good"),
    [
        ("a", True), ("Light-sled_2", True), ("z" * 24, True), ("z" * 25, False), ("", False), ("a b", False),
        ("é", False), ("\u0663", False), ("a/b", False), (None, False), (5, False),
    ],
)  # fmt: skip
def test_an_id_is_a_word_that_any_file_may_have_for_its_name(label, is_good):
    assert (not refused(checked_plan, plan(id=label))) == is_good


def test_a_plan_has_as_many_blocks_and_sets_as_the_board_has_room_for():
    for blocks in ([BLOCK] * 24, [{**BLOCK, "times": 50}] * 4):
        assert not refused(checked_plan, plan(blocks=blocks))
    for blocks in ([], [BLOCK] * 25, None, {"a": 1}):
        assert "24 blocks" in refused(checked_plan, plan(blocks=blocks))
    assert "200 sets" in refused(checked_plan, plan(blocks=[{**BLOCK, "times": 50}] * 4 + [BLOCK]))
    assert checked_plan(plan()) == plan(), "it is what was given"


def test_only_tables_questions_and_keys_that_are_known_are_taken():
    assert not refused(checked_plan, plan(ask=["rpe", "pain"], rule=RULE))
    for wrong, told in (
        (5, "plan is a table"), (plan(ask="rpe"), "ask is a list"), (plan(ask=["mood"]), "rpe and pain"),
        (plan(blocks=[5]), "block is a table"), (plan(blocks=[{"speed": 5}]), "'speed'"), (plan(rule=5), "rule is"),
    ):  # fmt: skip
        assert told in refused(checked_plan, wrong), wrong


def test_a_rule_has_limits_for_green_and_amber_and_says_what_red_does():
    for more in ({}, {"red": "warn"}, {"red": "stop"}, {"amber_text": ""}, {"red_text": "x" * 32}):
        assert not refused(check_rule, {**RULE, **more})
    for limit in (0, 10):
        assert not refused(check_rule, {**RULE, "amber": {"rpe": limit}})
    for wrong, told in (
        ({"green": RULE["green"]}, "amber"), ({**RULE, "green": {}}, "green"), ({**RULE, "green": 5}, "green"),
        ({**RULE, "amber": {"mood": 3}}, "rpe and pain"), ({**RULE, "amber": {"rpe": 11}}, "from 0 to 10"),
        ({**RULE, "amber": {"rpe": -1}}, "from 0 to 10"), ({**RULE, "red": "end"}, "stop"),
        ({**RULE, "blue": 1}, "'blue'"), ({**RULE, "red_text": "x" * 33}, "red_text"),
        ({**RULE, "amber_text": 5}, "amber_text"),
    ):  # fmt: skip
        assert told in refused(check_rule, wrong), wrong
