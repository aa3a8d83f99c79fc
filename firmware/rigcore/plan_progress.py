"""Where the athlete is in a plan: which set comes next, what is left. Steps back and forth never leave it."""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

DISTANCE, TIME, STEPS, OPEN = "distance", "time", "steps", "open"
DEFAULTS = {
    "kind": "work",
    "times": 1,
    "target": OPEN,
    "amount": 0,
    "rest_ms": 0,
    "pause_ms": 60_000,
    "still_ms": None,
    "start": "movement",
    "speed_mmps": None,
    "force_mn": None,
    "speed_max_mmps": None,
    "force_max_mn": None,
    "over": "warn",
    "load_g": None,
    "side": None,
    "attachment": None,
    "pace_mmps": None,
    "cadence_spm": None,
}
NOTED = (
    "load_g",
    "side",
    "attachment",
    "pace_mmps",
    "cadence_spm",
)  # what a set is done with: nothing depends on it, it goes into the header


class PlanProgress:
    """A plan and the index of its next set; without a plan every set is free."""

    def __init__(self, plan: "dict[str, Any] | None" = None, done_n: int = 0) -> None:
        self.plan = plan or {}  # empty without one
        self.sets_n = sets_n(plan) if plan else 0
        self.done_n = min(done_n, self.sets_n)

    @property
    def has_plan(self) -> bool:
        return bool(self.plan)

    @property
    def has_more(self) -> bool:
        return self.done_n < self.sets_n

    def advance(self) -> None:
        self.done_n = min(self.done_n + 1, self.sets_n)

    def back(self) -> None:
        self.done_n = max(self.done_n - 1, 0)

    def get(self, key: str, index: "int | None" = None) -> "Any":
        """A value of the next set, or of the set of this index, with the block's defaults."""
        place = self.done_n if index is None else index
        for block in self.plan["blocks"] if self.plan else ():
            times = block.get("times", 1)
            if place < times:
                value: "Any" = block.get(key, DEFAULTS[key])
                if key == "pace_mmps" and isinstance(value, list):  # set by set; the last one goes on
                    return block[key][min(place, len(block[key]) - 1)]
                return value
            place -= times
        return DEFAULTS[key]  # without a plan, or beyond its end


def sets_n(plan: "dict[str, Any]") -> int:
    """How many sets the plan has."""
    return sum(block.get("times", 1) for block in plan["blocks"])


def colour(rule: "dict[str, Any]", answers: "dict[str, int]") -> str:
    """ "green", "amber" or "red" by the coach's rule; "" where the rule has no answer to judge."""
    if not any(question in answers for question in list(rule["green"]) + list(rule["amber"])):
        return ""
    for name in ("green", "amber"):
        limits = rule[name]
        if all(answers.get(question, 0) <= limits[question] for question in limits):
            return name
    return "red"
