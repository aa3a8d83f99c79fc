"""Training plans: the coach's TOML files, the ready-made ones, and what the board is given."""

from retrorig.plans.link import choose_plan, fetch_plans, push_plan
from retrorig.plans.reader import FaultyPlanError, read_plan, ready_made

__all__ = ["FaultyPlanError", "choose_plan", "fetch_plans", "push_plan", "read_plan", "ready_made"]
