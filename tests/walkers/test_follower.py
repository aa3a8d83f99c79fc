"""Athletes who read the display: the words on each panel, and whole plans followed by it, on the whole virtual rig."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import ImageOps
from tests.athlete.playing import followed

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.virtual.contact_sheet import HEIGHT, LARGE, WIDTH, draw_pages
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers import eyes
from retrorig.virtual.walkers.catalogue import find
from retrorig.virtual.walkers.eyes import Eyes
from retrorig.virtual.walkers.follower import Following

READ = {
    "run": eyes.RUNNING, "band": eyes.RUNNING, "limit": eyes.RUNNING, "paused": eyes.PAUSED,
    "idle plan": eyes.UNKNOWN, "idle plans": eyes.FREE, "idle": eyes.FREE, "armed button": eyes.UNKNOWN,
    "armed": eyes.GO, "countdown": eyes.UNKNOWN, "rest": eyes.RESTING, "rating": eyes.RATING, "done": eyes.DONE,
    "fault": eyes.FAULT, "trace": eyes.UNKNOWN, "table": eyes.UNKNOWN, "tare": eyes.UNKNOWN,
}  # fmt: skip
"""What the pages say, by the beginning of their names; the longest fits. The second row of the button page has the
coach's colour in turn with the words, and does not say what to do."""


@pytest.mark.parametrize("size", [None, *LARGE], ids=["small", "320x240", "240x240"])
def test_every_page_is_read_as_what_it_is_also_in_a_mirror(size: tuple[int, int] | None) -> None:
    seen = Eyes(*(size or (WIDTH, HEIGHT)))
    for name, page in draw_pages(size).items():
        expected = READ.get(max((key for key in READ if name.startswith(key)), key=len, default=""))
        if expected is None:
            continue
        picture = page if size else page.crop((0, 0, WIDTH, HEIGHT))
        assert seen.look(picture).phase == expected, name
        assert seen.look(ImageOps.mirror(picture)).phase == expected, f"{name} in a mirror"
        assert seen.look(picture).is_open == (name == "armed open")


PLAN: dict[str, Any] = {
    "id": "p", "name": "P", "ask": ["pain"],
    "blocks": [
        {"times": 2, "target": "distance", "amount": 3000, "rest_ms": 6000, "start": "countdown"},
        {"target": "time", "amount": 6000, "rest_ms": 60_000, "start": "button"},
        {"kind": "cooldown", "target": "distance", "amount": 2000},
    ],
}  # fmt: skip


def test_a_plan_is_followed_as_the_display_asks(tmp_path) -> None:
    """Distance, time, countdown, button, a question, rests waited out and cut short: all sets, and what was walked."""
    follower = Following(find("even"), taps=3, patience_s=10.0)
    with Library(tmp_path, create=True) as library:
        rows, _, _ = followed(follower, PLAN, library)
    assert [row.end_reason for row in rows] == ["target"] * 4
    assert [row.kind for row in rows] == ["work", "work", "work", "cooldown"]
    assert [row.pain for row in rows[:3]] == [2, 2, 2]
    for row, truth, amount in zip(rows, follower.walk().truth.sets, (3.0, 3.0, None, 2.0), strict=True):
        if amount:
            assert row.backward_m == pytest.approx(amount, abs=0.03)
            assert truth.backward_m > amount, "nobody stops before the line"
        else:
            assert row.duration_s == pytest.approx(6.0, abs=0.06)
        assert truth.backward_m < row.backward_m + 2.0, "nor walks on for long"


def test_pages_turned_by_somebody_else_do_not_derail_it(tmp_path) -> None:
    plan = {
        "id": "p",
        "name": "P",
        "blocks": [{"times": 2, "target": "distance", "amount": 3000, "rest_ms": 5000}],
    }
    with Library(tmp_path, create=True) as library:
        rows, _, _ = followed(Following(find("even")), plan, library, turns_page_s=(5.0, 9.5))
    assert [row.end_reason for row in rows] == ["target", "target"]


def test_without_a_plan_the_walker_chooses_and_rests() -> None:
    follower = Following(find("stepping-on/2"))
    with VirtualRig(follower, seed=2) as rig:
        rig.power_on()
        RigClient(rig.open_port()).hello()
        rig.start_belt()
        for _ in range(400):
            rig.run_for(100_000)
            follower.observe(rig)
    truth = follower.walk().truth
    assert len(truth.sets) >= 1 and truth.sets[0].backward_m == pytest.approx(5.0, abs=0.5)
    assert truth.remarks[0].reason == "stepping on"
