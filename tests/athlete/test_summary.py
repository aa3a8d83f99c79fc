"""The page after each set, read as an athlete reads it, against what the library makes of the set."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from tests.athlete.blind import SHORT_MS, Athlete

from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import pull
from retrorig.plans import choose_plan, push_plan
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers import eyes

LOOK_US = 250_000
REST_MS = 30_000
PLAN = {
    "id": "p",
    "name": "P",
    "blocks": [{"times": 2, "target": "distance", "amount": 8000, "rest_ms": REST_MS}],
}


class Reader:
    """Reads whole lines of a small panel."""

    def __init__(self, rig: VirtualRig) -> None:
        self._rig, self._eyes, self._characters = rig, eyes.Eyes(eyes.WIDTH, eyes.HEIGHT), eyes.Small()

    def phase(self) -> str:
        return self._eyes.look(self._rig.display_image()).phase

    def words(self, y: int) -> str:
        return self._line(y, eyes.WORDS)

    def small(self, y: int) -> str:
        return self._line(y, eyes.SMALL)

    def _line(self, y: int, face: int) -> str:
        picture = np.array(self._rig.display_image().convert("1"), dtype=np.uint8) > 0
        return self._characters.text(picture, 0, y, face, eyes.WIDTH // face).strip()

    def wait_for(self, phase: str, seconds: float = 30) -> None:
        for _ in range(round(seconds * 1e6 / LOOK_US)):
            self._rig.run_for(LOOK_US)
            if self.phase() == phase:
                self._rig.run_for(LOOK_US)  # a page that is half sent
                return
        raise AssertionError(f"the display never said {phase}")


def started(rig: VirtualRig, plan: dict[str, Any] | None = None) -> RigClient:
    rig.power_on()
    client = RigClient(rig.open_port())
    client.hello()
    if plan:
        choose_plan(client, push_plan(client, plan))
    rig.start_belt()
    return client


def numbers(reader: Reader) -> tuple[str, float, float, float, int]:
    """(label, metres, m/s, newtons, steps) of the summary that is shown."""
    shown = " ".join(reader.words(y) for y in (0, 14, 28))
    found = re.fullmatch(
        r"Set (\S+) +([\d.]+) m \d:\d\d +([\d.]+) m/s (\d+) N +(\d+) steps", re.sub(" +", " ", shown)
    )
    assert found, shown
    return found[1], float(found[2]), float(found[3]), float(found[4]), int(found[5])


@pytest.mark.parametrize("plan", [PLAN, None])
def test_after_a_set_the_display_says_what_the_library_will(plan, tmp_path):
    with VirtualRig(Athlete().stand(6).walk(8.6, speed_mps=0.9).stand(60), seed=2) as rig:
        client, reader = started(rig, plan), Reader(rig)
        reader.wait_for(eyes.SUMMARY)
        label, metres, mps, newtons, steps_n = numbers(reader)
        below = reader.small(54)
        rig.run_for(20_000_000)
        with Library(tmp_path / "library", create=True) as library:
            row = library.set(pull(client, library, client.hello()).new[0])
    assert label == ("1/2" if plan else "1") and below == ("plan 8 m" if plan else "")
    assert metres == pytest.approx(row.backward_m, abs=0.051)
    assert mps == pytest.approx(row.mean_speed_mps, abs=0.0051 + 0.01 * row.mean_speed_mps)
    assert newtons == pytest.approx(row.mean_force_n, abs=0.51 + 0.02 * row.mean_force_n)
    assert 0 <= row.steps - steps_n <= 1  # the record has the step that the set's end cuts short


def test_it_takes_turns_with_the_rest_whose_end_is_shown_alone_and_names_the_set_before():
    athlete = Athlete().stand(6).walk(8.6).stand(40).walk(8.6, speed_mps=1.2, force_n=240).stand(30)
    with VirtualRig(athlete, seed=2) as rig:
        started(rig, PLAN)
        reader = Reader(rig)
        reader.wait_for(eyes.SUMMARY)
        reader.wait_for(eyes.RESTING, 5)
        reader.wait_for(eyes.SUMMARY, 5)
        reader.wait_for(eyes.RESTING, 5)
        reader.wait_for(eyes.GO)
        seen = []
        for _ in range(12):  # the end of a rest shows what comes next
            rig.run_for(LOOK_US)
            seen.append(reader.phase())
        assert set(seen) == {eyes.GO}
        first = numbers_of_the_next(reader)
    assert first[0] == "2/2" and re.fullmatch(r"before 0\.\d\d m/s 1\d\d N", first[1])


def numbers_of_the_next(reader: Reader) -> tuple[str, str]:
    reader.wait_for(eyes.RUNNING, 60)
    reader.wait_for(eyes.SUMMARY)
    return numbers(reader)[0], reader.small(44)


def test_a_press_shows_at_once_what_it_did():
    with VirtualRig(Athlete().stand(2).walk(4).stand(60), seed=2) as rig:
        client, reader = started(rig), Reader(rig)
        push_plan(client, PLAN)
        reader.wait_for(eyes.SUMMARY)
        rig.buttons["start"].press(SHORT_MS)
        rig.run_for(1_000_000)
        assert reader.words(0) == "P" and reader.small(54) == "wait: take this one"
