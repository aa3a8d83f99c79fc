"""An athlete who looks at the display and does what it asks: walks, stops, waits out the rest, answers, presses.

A belt for the virtual rig that grows as it is asked for; call `observe(rig)` a few times a second: it is the look.
"""

from __future__ import annotations

from random import Random

from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.walkers import eyes
from retrorig.virtual.walkers.catalogue import Combination
from retrorig.virtual.walkers.eyes import Eyes, Look
from retrorig.virtual.walkers.gait import Walker
from retrorig.virtual.walkers.stage import Stage, Walk

ACT_S = 0.1
"""The athlete's time goes on in pieces of this length."""

LOOK_US = 200_000
REACTION_S = 0.4
UNSURE_S = 3.5
"""Somebody who walks and no longer sees what goes on stops after this time; messages are shown for 3 s."""

UNSEEN_S = 60.0
"""Somebody whose walking the rig does not notice gives up after this time, and tries again later."""

GIVE_UP_REST_S = 10.0
SHORT_MS, LONG_MS = 120.0, 1800.0
PRESS_APART_S = 0.45
FAULT_READ_S = 4.0
STUCK_S = 8.0
"""A picture that says nothing to do and does not change for so long is a page turned to by somebody: turn it back."""

GOING = (eyes.GO, eyes.PAUSED, eyes.FREE)
OVER = (eyes.RESTING, eyes.RATING, eyes.DONE, eyes.PRESS, eyes.FREE, eyes.GO, eyes.FAULT, eyes.SUMMARY)


class Following:
    """`taps` - 1 is the answer to each question; a rest longer than `patience_s` is cut short with the button."""

    def __init__(self, combination: Combination, taps: int = 3, patience_s: float = float("inf")) -> None:
        self._person, self._variation = combination.person, combination.variation
        self._chance = Random(f"follower/{combination.name}/{self._variation.seed}")
        self._stage = Stage(self._person.load(self._variation))
        self._taps, self._patience_s = taps, patience_s
        self._eyes: Eyes | None = None
        self._seen, self._seen_us = Look(), -LOOK_US
        self._changed_s = self._stood_s = self._pressed_s = 0.0
        self._walker: Walker | None = None
        self._first = 0
        self._goal_m = 0.0
        self._was_running = False
        self._is_free = False  # no target was shown: the athlete chooses how far to go
        self._tapped_n = 0
        self._wait_s = 2.0

    # -- a belt

    @property
    def end_s(self) -> float:
        return self._stage.end_s

    def position_m(self, t_s: float) -> float:
        self._live_until(t_s)
        return self._stage.position_m(t_s)

    def force_n(self, t_s: float) -> float:
        self._live_until(t_s)
        return self._stage.force_n(t_s)

    def walk(self) -> Walk:
        """What was done until now, with its truth."""
        return self._stage.walk()

    @property
    def is_done(self) -> bool:
        """Whether the display said that the plan is through, and the athlete stood since."""
        done = self._seen.phase == eyes.DONE and self._walker is None
        return done and self._stage.end_s - self._changed_s > 2.0

    # -- looking and pressing

    def observe(self, rig: VirtualRig) -> None:
        """Look at the display, if it is time to, and press a button if one is to be pressed."""
        if rig.now_us - self._seen_us < LOOK_US:
            return
        self._seen_us = rig.now_us
        picture = rig.display_image()
        self._eyes = self._eyes or Eyes(*picture.size)
        seen = self._eyes.look(picture)
        if seen != self._seen:
            self._seen, self._changed_s = seen, self._stage.end_s
        if self._walker is None and self._stage.end_s - self._pressed_s > PRESS_APART_S:
            self._press(rig)

    def _press(self, rig: VirtualRig) -> None:
        phase, for_s = self._seen.phase, self._stage.end_s - self._changed_s
        if phase == eyes.RATING:
            self._answer(rig)
            return
        self._tapped_n = 0
        waits_s = {eyes.PRESS: REACTION_S, eyes.RESTING: self._patience_s, eyes.FAULT: FAULT_READ_S}
        if phase in waits_s and for_s > waits_s[phase]:
            self._push(rig, "start", SHORT_MS)
            self._changed_s = self._stage.end_s
        elif phase == eyes.UNKNOWN and for_s > STUCK_S:
            self._push(rig, "rpe", SHORT_MS)
            self._changed_s = self._stage.end_s

    def _answer(self, rig: VirtualRig) -> None:
        """Tap up to the answer, then hold the button, question after question."""
        if self._tapped_n < self._taps:
            self._push(rig, "start", SHORT_MS)
            self._tapped_n += 1
        else:
            self._push(rig, "start", LONG_MS)
            self._tapped_n = 0
            self._pressed_s += LONG_MS / 1000

    def _push(self, rig: VirtualRig, button: str, ms: float) -> None:
        rig.buttons[button].press(ms)
        self._pressed_s = self._stage.end_s

    # -- moving

    def _live_until(self, t_s: float) -> None:
        while self._stage.end_s < t_s:
            if self._walker is None:
                self._stand()
            else:
                self._walk_on(self._walker)

    def _stand(self) -> None:
        self._stage.stand(ACT_S)
        stood_s = self._stage.end_s - self._stood_s
        if self._seen.phase in GOING and stood_s > self._wait_s:
            self._begin()

    def _begin(self) -> None:
        stage, variation = self._stage, self._variation
        is_anew = self._seen.phase != eyes.PAUSED
        if is_anew:
            self._is_free = self._seen.phase == eyes.FREE or self._seen.is_open
            self._person.before(stage, variation, self._chance)
            self._goal_m = stage.x_m + variation.metres
        self._first, self._walker = self._person.begin(stage, variation, self._chance)
        self._was_running = False

    def _walk_on(self, walker: Walker) -> None:
        self._stage.drive(walker, ACT_S)
        phase, since_s = self._seen.phase, self._stage.end_s - self._changed_s
        self._was_running |= phase == eyes.RUNNING
        walked_s = self._stage.end_s - walker.start_s
        if self._was_running:
            is_over = phase in OVER and since_s > REACTION_S or phase == eyes.UNKNOWN and since_s > UNSURE_S
        else:
            is_over = walked_s > UNSEEN_S
        if is_over or self._is_free and self._stage.x_m >= self._goal_m:
            self._end(walker)

    def _end(self, walker: Walker) -> None:
        self._person.end(self._stage, self._variation, self._chance, walker, self._first)
        self._walker, self._stood_s = None, self._stage.end_s
        self._wait_s = GIVE_UP_REST_S
        if self._was_running:
            self._wait_s = self._variation.rest_s if self._is_free else 1.0
