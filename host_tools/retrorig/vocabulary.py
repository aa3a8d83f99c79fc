"""Lists of words that only the host needs. Words that the board knows, too, come from rigcore/vocabulary.py."""

from __future__ import annotations

from rigcore import vocabulary as shared

KINDS = (shared.FREE, *shared.PLAN_KINDS)
"""Kinds of set."""

EFFORT_KINDS = (shared.FREE, shared.WORK)
"""Kinds of set that tell what somebody can do; a warm-up and a cool-down are held back on purpose."""

FEET = (shared.LEFT, shared.RIGHT)
"""Sides that can be compared with each other."""

TARGETS = (shared.DISTANCE, shared.TIME, shared.STEPS, shared.OPEN)

PHASES = {
    shared.IDLE: "ready",
    shared.ARMED: "next set is ready",
    shared.COUNTDOWN: "counting down",
    shared.RUNNING: "running",
    shared.PAUSED: "standing still",
    shared.RESTING: "resting",
    shared.RATING: "asking for effort and pain",
    shared.DONE: "plan is done",
    shared.FAULTY: "fault",
}
"""Phases of a session, with what people call them."""

END_REASONS = {
    shared.END_TARGET: "target reached",
    shared.END_STILL: "stood still",
    shared.END_BUTTON: "button",
    shared.END_HOST: "stopped from the computer",
    shared.END_POWER_LOST: "power was lost",
    shared.END_FAULT: "a fault of the rig",
}
"""Why a set ended, with what people call it."""

QUALITIES = ("A", "B", "C")
"""Grades of a set, the best first."""
