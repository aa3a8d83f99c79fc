"""What a plan does with the clock and with the sets it is told of; the table of transitions is tests/firmware's."""

import pytest

from rigcore.plan_progress import PlanProgress
from rigcore.plan_runner import COUNTDOWN_MS, NEVER, PlanRunner
from rigcore.rating import HIGHEST, Rating

RULE = {"green": {"pain": 2}, "amber": {"pain": 4}, "red": "stop"}


def runner(done_n=0, rule=None, ask=("rpe", "pain"), **block):
    plan = {
        "id": "p",
        "blocks": [{"times": 3, "target": "distance", "amount": 5000, **block}],
        "ask": list(ask),
    }
    if rule:
        plan["rule"] = rule
    return PlanRunner(PlanProgress(plan, done_n))


def walked(found, at_ms=100_000, since_ms=3000, reason="target"):
    """One planned set has ended."""
    found.now_ms = at_ms
    found.begin(True)
    found.set_no = 8
    found.end(reason, since_ms)
    return found


@pytest.mark.parametrize("now_ms", [0, 1, 70_000])
def test_a_countdown_lasts_three_seconds_a_pause_and_a_question_as_long_as_they_are_given(now_ms):
    found = runner(pause_ms=8000)
    found.now_ms = now_ms
    found.count_down()
    assert found.due_ms == now_ms + 3000 == now_ms + COUNTDOWN_MS
    found.pause()
    assert found.due_ms == now_ms + 8000
    found.resume()
    assert found.due_ms == NEVER
    found.ask()
    assert found.due_ms == now_ms + 45_000 and found.rating.question == "rpe"
    found.judge()
    assert found.due_ms == NEVER and found.rating.question == ""


def test_a_rest_counts_from_the_end_of_the_set_and_not_from_when_the_stand_was_seen():
    found = runner(rest_ms=60_000)
    assert found.since_set_ms() == NEVER and not found.has_rest() and not found.has_rest_left()
    walked(found)
    assert (found.since_set_ms(), found.rest_left_ms()) == (3000, 57_000)
    assert found.has_rest() and found.has_rest_left()
    found.rest()
    assert found.due_ms == 157_000
    for now_ms, is_left in ((156_999, True), (157_000, False)):
        found.now_ms = now_ms
        assert found.has_rest_left() == is_left
    found.finish()
    assert found.due_ms == NEVER


def test_a_set_that_ended_as_the_rig_began_to_count_has_ended():
    found = walked(runner(), at_ms=3000)
    assert found.since_set_ms() == 3000


def test_after_the_last_set_and_after_one_that_the_host_ended_there_is_no_rest():
    last = walked(runner(2, rest_ms=60_000))
    assert not last.has_rest() and not last.has_rest_left() and not last.has_more()
    ended = walked(runner(rest_ms=60_000), reason="host")
    assert not ended.has_rest() and ended.progress.done_n == 0
    assert walked(runner(), reason="button").progress.done_n == 1
    assert not walked(runner()).has_rest(), "the plan has none"


def test_a_free_set_neither_has_a_limit_nor_takes_a_plans_place():
    found = runner(1, speed_max_mmps=900, over="end", rest_ms=60_000)
    found.begin(False)
    assert (found.index, found.target, found.amount) == (NEVER, "open", 0)
    assert not found.exceeds(2000, None, 100) and not found.ends_at_limits() and found.over_ms == {}
    assert found.header_fields() == {"kind": "free"} and not found.asks() and found.is_beyond_plan()
    found.end("still", 0)
    assert found.progress.done_n == 1 and not found.has_rest()


def test_a_sets_header_says_what_of_the_plan_it_is():
    found = runner(1, kind="warmup", load_g=20_000, side="left", pace_mmps=[700, 800], cadence_spm=[90, 100])
    found.begin(True)
    found.progress.advance()
    assert found.header_fields() == {
        "kind": "warmup", "plan_id": "p", "step": 1, "target": ["distance", 5000], "load_g": 20_000, "side": "left",
        "attachment": None, "pace_mmps": 800, "cadence_spm": [90, 100],
    }  # fmt: skip
    first = runner(kind="warmup", rest_ms=1)
    assert first.pending_no == 0
    first.begin(True)
    assert first.header_fields()["kind"] == "warmup" and first.asks() and not first.is_beyond_plan()
    first.end("target", 0)
    assert first.has_rest()
    assert not PlanRunner(PlanProgress()).is_beyond_plan(), "without a plan no set is beyond one"
    assert not walked(runner(ask=())).asks()


@pytest.mark.parametrize(
    ("target", "may_pause"), [("distance", True), ("time", True), ("steps", True), ("open", False)]
)
def test_a_set_with_a_target_may_pause(target, may_pause):
    found = runner(target=target)
    found.begin(True)
    assert found.may_pause() == may_pause


def test_a_question_that_is_open_is_answered_by_what_was_said_when_another_plan_is_chosen():
    found = walked(runner())
    found.choose_plan("")
    assert found.notes == [], "nothing was asked"
    found = walked(runner())
    found.ask()
    found.rating.give("rpe", 3)
    found.choose_plan("")
    assert found.notes == [(8, {"rpe": 3})] and found.rating.question == ""


def test_a_limit_is_exceeded_by_more_than_it_and_for_how_long_is_summed():
    found = runner(speed_max_mmps=900, force_max_mn=200_000)
    assert not found.exceeds(2000, 300_000, 100), "no set has begun"
    found.begin(True)
    assert not found.ends_at_limits()
    assert [found.exceeds(900, force_mn, 100) for force_mn in (None, 200_000)] == [False, False]
    assert found.exceeds(901, None, 100) and found.over_ms == {"speed_max_mmps": 100}
    assert found.exceeds(901, 200_001, 20) and found.over_ms == {"speed_max_mmps": 120, "force_max_mn": 20}
    assert found.exceeds(0, 200_001, 3) and found.over_ms == {"speed_max_mmps": 120, "force_max_mn": 23}
    found.begin(True)
    assert found.over_ms == {}
    assert not runner().exceeds(9000, 900_000, 100), "a plan without limits"
    ending = runner(speed_max_mmps=900, over="end")
    for _ in range(2):
        ending.begin(True)
        assert ending.ends_at_limits()
        ending.end("limit", 0)


def test_what_was_no_walk_leaves_all_as_it_was():
    found = walked(runner(rest_ms=60_000, speed_max_mmps=900))
    found.ask()
    found.over_ms = {"speed_max_mmps": 40}
    before = [found.index, found.target, found.amount, found.over_ms, found.rating, found.due_ms]
    for is_planned in (True, False):
        found.begin(is_planned)
        assert found.over_ms == {} and found.rating.question == "" and found.due_ms == NEVER
        found.give_back()
        assert [found.index, found.target, found.amount, found.over_ms, found.rating, found.due_ms] == before


@pytest.mark.parametrize("start", ["movement", "button", "countdown"])
def test_a_set_waits_for_its_start_until_the_gate_is_opened(start):
    found = runner(start=start)
    wants = {"button": found.wants_button, "countdown": found.wants_countdown}
    assert [name for name in wants if wants[name]()] == [start] * (start != "movement")
    assert found.is_open() == found.starts_by_moving() == (start == "movement")
    found.due_ms = 9
    found.open()
    assert found.is_open() and found.due_ms == NEVER and not any(wants[name]() for name in wants)
    found.arm()
    assert found.is_open() == (start == "movement")
    found.open()
    found.begin(True)
    found.end("target", 0)
    assert found.is_open() == (start == "movement"), "the next one waits again"
    assert runner(3, start=start).starts_by_moving(), "beyond the plan all sets are free"


def test_only_the_latest_set_of_the_plan_is_noted_as_undone():
    found = walked(walked(runner()))
    assert found.index == 1 and found.has_done() and not found.is_untouched()
    found.repeat()
    assert found.notes == [] and found.progress.done_n == 1
    found.skip()
    found.undo()
    assert found.notes == [(8, {"undone": 1})] and found.progress.done_n == 1 and found.pending_no == 8
    found.undo()
    assert (
        len(found.notes) == 1 and found.progress.done_n == 0 and found.is_untouched() and not found.has_done()
    )
    skipped = runner()
    skipped.skip()
    skipped.undo()
    assert skipped.notes == [] and skipped.pending_no == 0, "no set was walked"


def test_the_answers_and_the_rule_with_its_colour_are_noted_and_the_next_set_tells_the_colour():
    found = walked(runner(rule=RULE))
    found.ask()
    assert found.pending_no == 8
    assert found.rating.give("pain", 5)
    found.judge()
    assert found.notes == [(8, {"pain": 5, "colour": "red", "rule": RULE})] and found.must_stop()
    found.begin(True)
    fields = found.header_fields()
    assert fields["colour"] == "red" and (fields["step"], fields["plan_id"]) == (1, "p")
    assert fields["target"] == ["distance", 5000] and fields["kind"] == "work"
    found.end("target", 0)
    assert found.colour == "" and not found.must_stop()
    warning = walked(runner(rule={**RULE, "red": "warn"}))
    warning.rating = Rating(["pain"])
    warning.rating.give("pain", 9)
    warning.judge()
    assert warning.colour == "red" and not warning.must_stop()


def test_plans_are_chosen_in_turn_and_after_the_last_none():
    found = PlanRunner(PlanProgress())
    found.plan_ids = ["p", "q"]
    found.load_plan = {name: {"id": name, "blocks": [{}]} for name in "pq"}.get
    chosen = []
    for now_ms in (10, 20, 30, 40):
        found.now_ms, found.index, found.colour = now_ms, 2, "red"
        found.choose()
        assert (found.index, found.colour, found.chosen_ms) == (NEVER, "", now_ms)
        chosen.append(found.progress.plan.get("id", ""))
    assert chosen == ["p", "q", "", "p"]
    found.plan_ids = ["q"]
    found.choose()
    assert not found.has_plan(), "the one that was chosen is there no longer"


def test_taps_count_from_zero_to_ten_and_round_and_answered_questions_are_passed_over():
    rating = Rating(("rpe", "pain", "sleep"))
    told = []
    for _ in range(HIGHEST + 2):
        rating.tap()
        told.append(rating.values["rpe"])
    assert told == [*range(11), 0]
    assert rating.give("pain", 0) and rating.give("pain", 10)
    assert not rating.give("pain", 11) and not rating.give("pain", -1) and rating.values["pain"] == 10
    assert not rating.accept() and rating.question == "sleep"
    rating.tap("mood")
    assert "mood" not in rating.values and rating.accept() and rating.question == ""
