"""Training plans: the coach's TOML files, the ready-made ones, and what the board is given."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use
from retrorig.plans.link import choose_plan, fetch_plans, push_plan
from retrorig.plans.outline import BYTES_MAX, STEP_COLUMNS, outline, steps
from retrorig.plans.reader import FaultyPlanError, read_plan, ready_made

if TYPE_CHECKING:
    from retrorig.plans.published import schema_text

__all__ = [
    "BYTES_MAX",
    "STEP_COLUMNS",
    "FaultyPlanError",
    "choose_plan",
    "fetch_plans",
    "outline",
    "push_plan",
    "read_plan",
    "ready_made",
    "schema_text",
    "steps",
]

__getattr__ = on_use(__name__, {"published": ("schema_text",)})
