"""Training plans: the coach's TOML files, the ready-made ones, and what the board is given."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use
from retrorig.plans.link import choose_plan, fetch_plans, push_plan
from retrorig.plans.outline import BYTES_MAX, STEP_COLUMNS, outline, steps
from retrorig.plans.reader import FaultyPlanError, read_plan, read_plan_text, ready_made
from retrorig.plans.schema import TARGETS
from rigcore.plan import QUESTIONS

if TYPE_CHECKING:
    from retrorig.plans.asked import AskedSet, Band, asked_of, place_in
    from retrorig.plans.own import every_plan, keep_plan, own_plans
    from retrorig.plans.pace import BEST, LAST, with_pace
    from retrorig.plans.published import schema_text
    from retrorig.plans.table import Table, plan_table, plan_text

__all__ = [
    "BEST",
    "BYTES_MAX",
    "LAST",
    "QUESTIONS",
    "STEP_COLUMNS",
    "TARGETS",
    "AskedSet",
    "Band",
    "FaultyPlanError",
    "Table",
    "asked_of",
    "choose_plan",
    "every_plan",
    "fetch_plans",
    "keep_plan",
    "outline",
    "own_plans",
    "place_in",
    "plan_table",
    "plan_text",
    "push_plan",
    "read_plan",
    "read_plan_text",
    "ready_made",
    "schema_text",
    "steps",
    "with_pace",
]

__getattr__ = on_use(
    __name__,
    {
        "asked": ("AskedSet", "Band", "asked_of", "place_in"),
        "own": ("every_plan", "keep_plan", "own_plans"),
        "pace": ("BEST", "LAST", "with_pace"),
        "published": ("schema_text",),
        "table": ("Table", "plan_table", "plan_text"),
    },
)
