"""Sets by plan: targets, pauses, rests, kicks, ratings, and the metres between them."""

from rigcore.force import FAULT_DESYNC, FAULT_OVERLAP, FAULT_SATURATED, FAULT_SETTLING, NO_CONVERSION
from rigcore.motion import Geometry
from rigcore.plan_progress import PlanProgress
from rigcore.session import Session
from rigcore.state_machine import ARMED, COUNTDOWN, DONE, IDLE, PAUSED, RATING, RESTING, RUNNING
from rigcore.ticks import TICKS_PERIOD

PERIOD_US = 12_500
PULL_CODES = 150_000
GEOMETRY = Geometry(2400, 250_000)  # 9.6 counts a millimetre


def metres(counts):
    return counts / 9600


class Writer:
    """Remembers headers and ends."""

    def __init__(self):
        self.sets = []
        self.full = False
        self.is_refusing = False

    def begin(self, header, is_sure=True):
        if self.is_refusing:
            return False
        self.sets.append((header, [], {}))
        return True

    def add(self, turns, ticks, count, code):
        self.sets[-1][1].append(count)

    def flush(self):
        pass

    def end(self, fields):
        self.sets[-1][2].update(fields)


class Walk:
    """A session with a plan, and somebody who moves its belt."""

    def __init__(self, blocks, **more):
        self.writer = Writer()
        plan = {"id": "p", "name": "Plan", "blocks": blocks}
        plan.update(more)
        self.session = Session(GEOMETRY, self.writer, self._header, PlanProgress(plan))
        self.plan_runner = self.session.plan_runner
        self.t_us = self.um = 0
        self.backward_um = 0
        self.code = 1000

    def _header(self, start_us):
        return {"no": len(self.writer.sets) + 1, "start_us": start_us}

    def go(self, *pieces):
        """Pieces of (mm/s, seconds)."""
        for speed_mmps, seconds in pieces:
            for _ in range(int(seconds * 1_000_000) // PERIOD_US):
                self.t_us += PERIOD_US
                step_um = speed_mmps * PERIOD_US // 1000
                self.um += step_um
                self.backward_um += max(0, step_um)
                code = self.code + (PULL_CODES if speed_mmps > 0 else 0)
                self.session.feed(self.t_us % TICKS_PERIOD, self.um * 12 // 1250, code)

    def ends(self):
        return [end for _header, _samples, end in self.writer.sets]

    def headers(self):
        return [header for header, _samples, _end in self.writer.sets]

    @property
    def state(self):
        return self.session.state


def distance(mm=5000, **more):
    block = {"target": "distance", "amount": mm}
    block.update(more)
    return block


def test_a_distance_target_ends_the_set_at_the_metre():
    walk = Walk([distance(5000, times=2)])
    walk.go((0, 5), (1000, 7))
    assert walk.ends()[0]["reason"] == "target"
    assert 0 <= metres(walk.ends()[0]["backward_counts"]) - 5 <= 0.0125 + 0.001
    assert walk.headers()[0]["kind"] == "work" and walk.headers()[0]["step"] == 0
    assert abs(walk.headers()[0]["start_us"] - 5_000_000) <= PERIOD_US


def test_a_time_target_counts_from_the_first_movement():
    walk = Walk([{"target": "time", "amount": 10_000, "kind": "warmup"}])
    walk.go((0, 5), (500, 12))
    header, end = walk.headers()[0], walk.ends()[0]
    assert end["reason"] == "target" and header["kind"] == "warmup"
    assert 0 <= end["end_us"] - header["start_us"] - 10_000_000 <= PERIOD_US
    assert walk.state == DONE


def test_standing_still_in_a_set_with_a_target_pauses_it():
    walk = Walk([distance(5000)])
    walk.go((0, 5), (1000, 2), (0, 6))
    assert walk.state == PAUSED
    assert abs(walk.session.elapsed_ms() - 2000) <= 26  # the pause is no part of the time
    walk.go((1000, 4))
    end = walk.ends()[0]
    assert end["reason"] == "target" and len(walk.writer.sets) == 1
    pause_us = end["pauses"][0][1] - end["pauses"][0][0]
    assert abs(pause_us - 6_000_000) <= 3 * PERIOD_US
    assert abs(walk.session.elapsed_ms() - 5000) <= 40


def test_each_sample_of_a_pause_without_a_sound_conversion_is_counted_as_lost():
    for fault in (NO_CONVERSION, FAULT_DESYNC, FAULT_SATURATED, FAULT_SETTLING, FAULT_OVERLAP):
        walk = Walk([distance(5000)])
        walk.go((0, 5), (1000, 2), (0, 6))
        assert walk.state == PAUSED
        walk.code = fault
        walk.go((0, 2))
        walk.code = 1000
        walk.go((0, 1), (1000, 4))
        end = walk.ends()[0]
        assert end["reason"] == "target" and end["lost"] == 2_000_000 // PERIOD_US


def test_metres_of_a_pause_are_kept_apart():
    walk = Walk([distance(5000)])
    walk.go((0, 5), (1000, 2), (0, 4), (-1000, 3), (0, 4), (1000, 3.1))
    end = walk.ends()[0]
    backward, forward = end["pauses"][0][2:]
    assert end["reason"] == "target"
    assert abs(metres(forward) - 3) <= 0.01 and abs(metres(backward)) <= 0.01
    assert end["forward_counts"] == 0


def test_of_many_pauses_no_second_and_no_metre_is_lost():
    walk = Walk([distance(30_000)])
    pauses_n = 20
    walk.go((0, 5), *([(1000, 1), (0, 4), (-500, 2), (0, 4)] * pauses_n))
    walk.go((1000, 11))
    end = walk.ends()[0]
    assert end["reason"] == "target" and len(end["pauses"]) < pauses_n
    assert abs(end["paused_ms"] - 10_000 * pauses_n) <= 40 * pauses_n
    assert abs(metres(sum(pause[3] for pause in end["pauses"])) - pauses_n) <= 0.01 * pauses_n


def test_a_pause_without_end_closes_the_set_at_its_last_movement():
    walk = Walk([distance(5000, pause_ms=20_000)])
    walk.go((0, 5), (1000, 2), (0, 30))
    header, end = walk.headers()[0], walk.ends()[0]
    assert end["reason"] == "still" and walk.state == DONE
    assert abs(end["end_us"] - header["start_us"] - 2_000_000) <= 3 * PERIOD_US


def test_a_fixed_rest_counts_from_the_end_of_the_set_and_arms_the_next():
    walk = Walk([distance(2000, times=2, rest_ms=20_000)])
    walk.go((0, 5), (1000, 2.1), (0, 19))
    assert walk.state == RESTING
    walk.go((0, 1.5))
    assert walk.state == ARMED
    walk.go((1000, 2.1))
    assert walk.state == DONE and len(walk.ends()) == 2
    assert abs(walk.headers()[1]["rest_ms"] - 20_600) <= 2 * PERIOD_US // 1000


def test_metres_of_a_rest_are_kept_apart_and_start_nothing():
    walk = Walk([distance(2000, times=2, rest_ms=30_000)])
    walk.go((0, 5), (1000, 2.0125), (0, 3), (-800, 5), (0, 2), (600, 1), (0, 22), (1000, 2.1))
    assert len(walk.ends()) == 2
    backward, forward = walk.headers()[1]["rest_counts"]
    assert abs(metres(forward) - 4) <= 0.02
    assert abs(metres(backward) - 0.6) <= 0.02


def test_who_walks_on_through_the_rest_loses_no_centimetre():
    walk = Walk([distance(3000, times=2, rest_ms=60_000)])
    walk.go((0, 5), (1000, 3.0125), (0, 5), (800, 6))
    assert len(walk.ends()) == 2 and walk.state == DONE
    walk.go((800, 3))  # running out is no free set
    assert len(walk.ends()) == 2
    start_us = walk.headers()[1]["start_us"]
    assert abs(start_us - 13_012_500) <= 2 * PERIOD_US


def test_rest_until_you_move():
    walk = Walk([distance(2000, times=3)])
    walk.go((0, 5), (1000, 2.1), (0, 700), (1000, 2.2))
    assert len(walk.ends()) == 2 and walk.state == ARMED
    assert walk.headers()[1]["rest_ms"] > 699_000


def test_a_kicked_belt_starts_no_set():
    walk = Walk([distance(2000)])
    walk.go((0, 5))
    walk.go(*[(speed, 0.1) for speed in range(1200, 0, -150)])
    walk.go((0, 5))
    assert walk.writer.sets == []


def test_stepping_on_starts_no_set():
    walk = Walk([distance(2000)])
    walk.go((0, 5), (300, 0.2), (-200, 0.2), (150, 0.3), (0, 1), (-100, 0.2), (0, 3))
    assert walk.writer.sets == []


def test_a_start_that_goes_to_and_fro_is_counted_once():
    walk = Walk([distance(4000)])
    walk.go((0, 5), (500, 0.2), (-300, 0.2), (500, 2))
    assert walk.state == RUNNING
    rested_backward, rested_forward = walk.headers()[0]["rest_counts"]
    directions = walk.session.directions
    assert abs(metres(rested_backward + directions.backward) - 1.1) < 0.02
    assert abs(metres(rested_forward + directions.forward) - 0.06) < 0.02


def test_the_button_opens_a_set_that_waits_for_it():
    walk = Walk([distance(2000, start="button")])
    walk.go((0, 5), (1000, 3))
    assert walk.writer.sets == [] and walk.state == ARMED
    walk.go((0, 2))
    walk.session.fire("press")
    walk.go((0, 1), (1000, 2.1))
    assert walk.ends()[0]["reason"] == "target"
    assert abs(metres(walk.headers()[0]["rest_counts"][0]) - 3) <= 0.01


def test_a_countdown_follows_the_button_and_the_rest():
    walk = Walk([distance(2000, start="countdown", times=2, rest_ms=10_000)])
    walk.go((0, 5))
    walk.session.fire("press")
    assert walk.state == COUNTDOWN
    walk.go((0, 3.1))
    assert walk.state == ARMED
    walk.go((1000, 2.1), (0, 6))
    assert walk.state == RESTING
    walk.go((0, 2))
    assert walk.state == COUNTDOWN
    walk.go((0, 3), (1000, 2.1))
    assert len(walk.ends()) == 2


def test_pain_and_effort_and_the_coachs_rule():
    rule = {"green": {"pain": 2}, "amber": {"pain": 5}, "red": "stop"}
    walk = Walk([distance(2000, times=3, rest_ms=10_000)], ask=["rpe", "pain"], rule=rule)
    walk.go((0, 5), (1000, 2.1), (0, 1))
    assert walk.state == RATING and walk.plan_runner.pending_no == 1
    rating = walk.plan_runner.rating
    for _ in range(8):
        rating.tap()
    assert not rating.accept()
    for _ in range(5):
        rating.tap()
    assert rating.accept()
    walk.session.fire("rated")
    assert walk.state == RESTING and walk.plan_runner.colour == "amber"
    assert walk.plan_runner.notes == [(1, {"rpe": 7, "pain": 4, "colour": "amber", "rule": rule})]
    walk.plan_runner.notes.clear()
    assert walk.plan_runner.pending_no == 0
    walk.go((0, 10), (1000, 2.1))
    walk.plan_runner.rating.give("pain", 8)
    walk.session.fire("rated")
    assert walk.state == DONE and walk.plan_runner.colour == "red"
    assert walk.headers()[1]["colour"] == "amber"


def test_unanswered_questions_do_not_hold_up_the_plan():
    walk = Walk([distance(2000, times=2)], ask=["pain"])
    walk.go((0, 5), (1000, 2.1), (0, 5), (1000, 2.2))
    assert len(walk.ends()) == 2
    assert walk.plan_runner.notes[0] == (1, {})


def test_who_walks_on_unasked_when_the_store_is_full_is_not_left_with_an_empty_question():
    walk = Walk([distance(2000, times=3, rest_ms=60_000)], ask=["pain"])
    walk.go((0, 5), (1000, 2.1), (0, 1))
    assert walk.state == RATING
    walk.writer.is_refusing = True
    walk.go((1000, 2.1))
    assert walk.state == RESTING and walk.session.refused and len(walk.writer.sets) == 1


def test_who_walks_on_after_the_rule_said_stop_begins_no_free_set():
    rule = {"green": {"pain": 2}, "amber": {"pain": 5}, "red": "stop"}
    walk = Walk([distance(2000, times=3, rest_ms=60_000)], ask=["pain", "rpe"], rule=rule)
    walk.go((0, 5), (1000, 2.1), (0, 1))
    walk.plan_runner.rating.give("pain", 9)
    walk.go((1000, 8))
    assert walk.state == DONE and walk.plan_runner.colour == "red" and len(walk.writer.sets) == 1
    walk.go((0, 1), (1000, 2))
    assert walk.state == RUNNING and walk.headers()[1]["kind"] == "free"


def test_sets_can_be_undone_repeated_and_skipped():
    walk = Walk([distance(1000, times=4)])
    fire, progress = walk.session.fire, walk.plan_runner.progress
    walk.go((0, 5), (1000, 1.1), (0, 1))
    assert progress.done_n == 1
    assert fire("undo") and progress.done_n == 0 and walk.plan_runner.notes == [(1, {"undone": 1})]
    assert not fire("undo") and not fire("repeat")
    assert fire("skip") and progress.done_n == 1
    assert fire("repeat") and progress.done_n == 0 and len(walk.plan_runner.notes) == 1
    assert fire("skip") and fire("skip") and fire("skip") and fire("skip") and walk.state == DONE
    assert not fire("skip")


def test_a_limit_can_end_the_set():
    walk = Walk([distance(9000)])
    walk.go((0, 5), (1000, 2))
    walk.session.fire("limit")
    assert walk.ends()[0]["reason"] == "limit"


def test_a_set_walked_after_the_plan_is_free():
    walk = Walk([distance(1000)])
    walk.go((0, 5), (1000, 1.1), (0, 4), (1000, 2), (0, 4))
    assert [h["kind"] for h in walk.headers()] == ["work", "free"]
    assert walk.state == IDLE


def test_no_metre_is_lost_whatever_one_does():
    walk = Walk([distance(3000, times=3, rest_ms=10_000)])
    walk.go((0, 5), (700, 3), (0, 5), (-500, 2), (900, 1.5), (0, 3), (400, 2), (0, 9))
    walk.go((600, 2), (-600, 1), (1000, 4), (0, 12), (800, 5), (0, 4))
    kept = sum(h["rest_counts"][0] for h in walk.headers() if "rest_counts" in h)
    kept += sum(end["backward_counts"] for end in walk.ends())
    kept += sum(pause[2] for end in walk.ends() for pause in end.get("pauses", ()))
    left = walk.session.account.rest_before((walk.session.history.total.backward, 0))[0]
    assert abs(metres(kept + left) - walk.backward_um / 1e6) <= 0.03


def test_a_plan_that_is_chosen_while_a_question_is_open_keeps_what_was_answered_and_holds_the_set_back_no_longer():
    walk = Walk([distance(1000, times=3)], ask=["rpe", "pain"])
    walk.plan_runner.load_plan = {"q": {"id": "q", "name": "Q", "blocks": [distance(2000)]}}.get
    walk.go((0, 5), (1000, 2), (0, 4))
    assert walk.state == RATING and walk.plan_runner.pending_no == 1
    assert walk.session.answer("rpe", 6)
    walk.session.choose_plan("q")
    assert walk.plan_runner.notes == [(1, {"rpe": 6})]
    walk.plan_runner.notes.clear()
    assert walk.plan_runner.pending_no == 0


def test_the_plan_is_chosen_with_the_button():
    walk = Walk([distance(1000)])
    plans = {"p": walk.plan_runner.progress.plan, "q": {"id": "q", "name": "Q", "blocks": [distance(2000)]}}
    walk.plan_runner.plan_ids, walk.plan_runner.load_plan = ("p", "q"), plans.get
    walk.go((0, 1))
    walk.session.fire("press")
    assert walk.plan_runner.progress.plan["id"] == "q"
    walk.session.fire("press")
    assert not walk.plan_runner.has_plan()
    walk.session.fire("press")
    assert walk.plan_runner.progress.plan["id"] == "p" and walk.state == IDLE
    walk.go((0, 5))
    assert walk.state == ARMED
    walk.go((1000, 0.1))
    assert walk.state == RUNNING


def test_a_steps_target_ends_the_set_at_the_step():
    walk = Walk([{"target": "steps", "amount": 6}])
    walk.go((0, 5))
    high = True
    for _ in range(14):  # half steps of 0.4 s
        high = not high
        walk.code = 600_000 if high else 200_000
        walk.go((800, 0.4))
    assert walk.ends()[0]["reason"] == "target"
    first_us, end_us = walk.headers()[0]["start_us"], walk.ends()[0]["end_us"]
    assert abs(end_us - first_us - 6 * 800_000) <= 1_000_000
