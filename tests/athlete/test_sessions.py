"""Whole sessions in virtual time: pushed, walked, rated, pulled; held against what the athlete truly did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.athlete.blind import LONG_MS, Athlete, play
from tests.athlete.playing import followed, session

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.plans import choose_plan, fetch_plans, push_plan, read_plan, ready_made
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers.catalogue import DEFAULT, find
from retrorig.virtual.walkers.follower import Following
from retrorig.virtual.walkers.stage import GRID_S, Walk
from rigcore.plan_progress import PlanProgress
from rigcore.setrun import DIRECTION_MM

DITHER_M = 0.01
SAMPLE_M = 0.02  # the belt moves this far between two conversions
SAMPLE_S = 0.013


def shortened(plan_id: str) -> dict[str, Any]:
    """A ready-made plan with its structure, in a few minutes of virtual time."""
    plan = read_plan(plan_id)
    for block in plan["blocks"]:
        if block["target"] == "time":
            block["amount"] = 5000
        else:
            block["amount"] = min(block["amount"], 3000)
        if block.get("rest_ms"):
            block["rest_ms"] = min(block["rest_ms"], 10_000)
    return plan


def to_make_s(walk: Walk, start_s: float, ground_m: float) -> float:
    """How long the belt takes from there to this much ground backward."""
    first = round(start_s / GRID_S)
    made_m = walk.belt_m[first:] - walk.belt_m[first]
    return float(np.argmax(made_m >= ground_m)) * GRID_S


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.mark.parametrize("plan_id", ready_made())
def test_a_ready_made_plan_from_push_to_pull(plan_id, library):
    plan = shortened(plan_id)
    progress = PlanProgress(plan)
    follower = Following(find(DEFAULT), taps=3, patience_s=2.0)
    rows, raws, status = followed(follower, plan, library)
    assert [row.kind for row in rows] == [progress.get("kind", i) for i in range(progress.sets_n)]
    assert [raw.header["step"] for raw in raws] == list(range(progress.sets_n))
    assert status["done"] == status["of"] == progress.sets_n
    walk = follower.walk()
    for i, (row, truth) in enumerate(zip(rows, walk.truth.sets, strict=True)):
        assert row.plan_id == plan_id and row.end_reason == "target"
        assert row.samples_lost == 0
        # This walker's line slackens in each step.
        assert all("slack" in reason for reason in row.quality_reasons)
        assert row.rpe == (2 if "rpe" in plan.get("ask", ()) else None)
        assert row.pain == (2 if "pain" in plan.get("ask", ()) else None)
        amount = progress.get("amount", i) / 1000
        if progress.get("target", i) == "distance":
            assert row.backward_m == pytest.approx(amount, abs=SAMPLE_M)
        else:
            # The board's clock for a target runs from the movement that it saw, the set from its true beginning.
            seen_late_s = to_make_s(walk, truth.start_s, DIRECTION_MM / 1000)
            assert -SAMPLE_S <= row.duration_s - amount <= SAMPLE_S + seen_late_s < 0.15
    rests_m = [row.session["rest_backward_m"] for row in rows[1:]]
    for row, rest_m, truth in zip(rows, rests_m, walk.truth.sets):
        assert row.backward_m + rest_m == pytest.approx(truth.backward_m, abs=DITHER_M)
        pulls_n = walk.pull_n[round(truth.start_s / GRID_S) :][: round(row.duration_s / GRID_S)]
        assert row.mean_force_n == pytest.approx(float(pulls_n.mean()), rel=0.01)


def test_who_does_everything_wrong_keeps_a_right_log(library):
    athlete = Athlete().stand(2).kick().stand(2).step_on().stand(2)
    athlete.walk(4).stand(5).walk(-2).stand(4).walk(3).stall(1.5).walk(2).stand(5)
    rows, _, _ = session(athlete, None, library)
    assert len(rows) == 2
    assert rows[0].backward_m == pytest.approx(athlete.walked[0][2], abs=0.01)
    # The forward walk belongs to no set; the stall is shorter than the stillness that ends one.
    assert rows[1].backward_m == pytest.approx(athlete.walked[2][2] + athlete.walked[3][2], abs=0.01)
    assert all(row.forward_m < 0.01 for row in rows)


def test_a_stop_within_a_set_is_a_pause(library):
    block = {"kind": "work", "target": "distance", "amount": 6000, "speed_max_mmps": 600}
    noted = {"load_g": 42_500, "side": "left", "attachment": "belt, low"}
    plan = {"id": "p", "name": "P", "blocks": [{**block, **noted}]}
    athlete = Athlete().stand(5).walk(2.5).stand(6).walk(-1).stand(4).walk(4).stand(4)
    rows, raws, _ = session(athlete, plan, library)
    assert len(rows) == 1 and rows[0].end_reason == "target"
    end: Any = raws[0].end
    (pause,) = end["pauses"]
    assert pause[3] / 9600 == pytest.approx(-athlete.walked[1][2], abs=0.02)
    told = rows[0].session
    assert told["pauses"] == 1 and told["pause_forward_m"] == pytest.approx(-athlete.walked[1][2], abs=0.02)
    stood_s = athlete.walked[2][0] - athlete.walked[0][1]
    assert told["paused_s"] == pytest.approx(stood_s, abs=0.3)  # the ends of a walk are slow
    # The mean speed is exceeded in the quicker part of each step: while sin(phase) > PUSH_MEAN - PUSH, 0.45 of it.
    assert 0.35 < told["over_speed_s"] / (rows[0].duration_s - told["paused_s"]) < 0.5
    assert (rows[0].load_kg, rows[0].side, rows[0].attachment) == (42.5, "left", "belt, low")


def test_power_lost_in_a_plan_resumes_at_the_right_set(library):
    plan = {"id": "p", "name": "P", "blocks": [{"times": 4, "target": "distance", "amount": 2000}]}
    athlete = Athlete().stand(6).walk(2.4).stand(3).walk(2.4).stand(3).walk(1.5)
    with VirtualRig(athlete, seed=1) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        choose_plan(client, push_plan(client, plan))
        play(rig, athlete)
        assert client.info()["phase"] == "running"
        for _ in range(3):
            rig.power_cut()
            rig.power_on()
            client.hello()
            status = fetch_plans(client)
            assert (status["chosen"], status["done"], status["phase"]) == ("p", 2, "armed")


def test_a_set_taken_back_after_one_power_cut_stays_so_after_the_next(library):
    plan = {"id": "p", "name": "P", "blocks": [{"times": 4, "target": "distance", "amount": 2000}]}
    with VirtualRig(Athlete().stand(6).walk(2.4).stand(3), seed=1) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        choose_plan(client, push_plan(client, plan))
        rig.start_belt()
        rig.run_for(14_000_000)
        for done_n in (1, 0):
            rig.power_cut()
            rig.power_on()
            client.hello()
            assert fetch_plans(client)["done"] == done_n
            rig.buttons["pain"].press(LONG_MS)  # takes the latest set back
            rig.run_for(3_000_000)


def test_power_lost_right_after_a_set_counts_it(library):
    plan = {"id": "p", "name": "P", "blocks": [{"times": 4, "target": "distance", "amount": 2000}]}
    athlete = Athlete().stand(6).walk(2.4)
    with VirtualRig(athlete, seed=1) as rig:
        rig.power_on()
        client = RigClient(rig.open_port())
        client.hello()
        choose_plan(client, push_plan(client, plan))
        rig.run_for(1_000_000)
        rig.start_belt()
        told = {}

        def is_done():
            told.update(client.info())
            return told["phase"] != "idle" and told["sets"] == 1

        assert rig.run_until(is_done, 30_000_000)
        assert told["speed_mmps"] > 0, "the belt must still move, so that nothing was written yet"
        rig.power_cut()
        rig.power_on()
        client.hello()
        assert fetch_plans(client)["done"] == 1
