"""The parts of an athlete's page by name, in their order."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.desk.pages import athlete_tests as tests
from retrorig.desk.pages import athlete_weeks as weeks
from retrorig.desk.pages.part import Asked, PagePart

PARTS: dict[str, Callable[[Asked], PagePart]] = {
    "day": weeks.day,
    "trend": weeks.trend,
    "best": weeks.best,
    "felt": weeks.felt,
    "sides": tests.sides,
    "fatigue": tests.fatigue,
    "profile": tests.profile,
    "drag": tests.drag,
    "grades": weeks.grades,
}
