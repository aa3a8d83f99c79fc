"""Where somebody is in a plan: steps back and forth never leave it, and each set has its block's values."""

from hypothesis import given
from hypothesis import strategies as st

from rigcore.plan_progress import DEFAULTS, PlanProgress, colour, sets_n

PLAN = {
    "blocks": [
        {"kind": "warmup", "target": "time", "amount": 60_000},
        {"times": 3, "speed_mmps": [800, 1000], "pace_mmps": [900, 950]},
        {"times": 2, "kind": "cooldown", "pace_mmps": 700},
    ]
}
SETS_N = 6


@given(st.integers(0, 9), st.lists(st.booleans(), max_size=20))
def test_steps_back_and_forth_never_leave_the_plan(done_n, forth):
    progress, place = PlanProgress(PLAN, done_n), min(done_n, SETS_N)
    assert progress.has_plan and progress.sets_n == sets_n(PLAN) == SETS_N
    for is_forth in forth:
        if is_forth:
            progress.advance()
            place = min(place + 1, SETS_N)
        else:
            progress.back()
            place = max(place - 1, 0)
        assert progress.done_n == place and progress.has_more == (place < SETS_N)


def test_each_set_has_its_blocks_values_and_else_those_that_are_usual():
    progress = PlanProgress(PLAN)
    kinds = [progress.get("kind", index) for index in range(SETS_N + 1)]
    assert kinds == ["warmup", "work", "work", "work", "cooldown", "cooldown", DEFAULTS["kind"]]
    assert [progress.get("pace_mmps", index) for index in range(SETS_N)] == [None, 900, 950, 950, 700, 700]
    assert (progress.get("amount"), progress.get("speed_mmps"), progress.get("amount", 2)) == (
        60_000,
        None,
        0,
    )
    progress.advance()
    assert progress.get("speed_mmps") == [800, 1000]
    free = PlanProgress()
    free.back()
    assert not free.has_plan and not free.has_more and free.done_n == 0
    assert {key: free.get(key) for key in DEFAULTS} == DEFAULTS


def test_a_coachs_rule_judges_the_answers_that_were_given():
    rule = {"green": {"pain": 2, "rpe": 6}, "amber": {"pain": 4}}
    for answers, found in (
        ({}, ""), ({"sleep": 9}, ""), ({"pain": 2, "rpe": 6}, "green"), ({"pain": 2}, "green"), ({"rpe": 7}, "amber"),
        ({"pain": 3}, "amber"), ({"pain": 4, "rpe": 9}, "amber"), ({"pain": 5}, "red"),
    ):  # fmt: skip
        assert colour(rule, answers) == found, answers
