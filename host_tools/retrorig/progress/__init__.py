"""The questions a coach asks, answered from the library's rows and from the samples of a few sets.

README.md      formulae, sources and what each interval means
intervals.py   Student's distribution, straight lines, fits with groups left out
conditions.py  which sets may be compared, and on which day they were
change.py      the smallest change worth reporting
pace.py        a set's steady part: its speed, and how much of it was lost
totals.py, day.py, trend.py      how much was done
sides.py, fatigue.py, quality_history.py   left and right, tiring, poor sets
drag.py, spin_down.py, drag_days.py   what the rig itself costs; drag_sums.py, days_fit.py: how it is fitted
profile.py     load against velocity
drawing.py, plots/   pictures of all of them

The names below are public, each loaded when it is first used.
"""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.progress.best import best_of
    from retrorig.progress.conditions import by_day, latest_alike, one_person
    from retrorig.progress.day import Day, day_of
    from retrorig.progress.drag import Drag, drag_of
    from retrorig.progress.drag_days import DragHistory, drag_history
    from retrorig.progress.drawing import draw
    from retrorig.progress.fatigue import Fatigue, SetLoss, fatigue_of
    from retrorig.progress.felt import felt_of
    from retrorig.progress.intervals import Estimate
    from retrorig.progress.points import left_out, points_of
    from retrorig.progress.profile import Profile, profile_of
    from retrorig.progress.quality_history import GradeHistory, PoorSet, RigGrades, grade_history
    from retrorig.progress.sentences import advised, remarks
    from retrorig.progress.sides import Sides, sides_of
    from retrorig.progress.trend import Trend, Week, trend_of

__all__ = [
    "Day",
    "Drag",
    "DragHistory",
    "Estimate",
    "Fatigue",
    "GradeHistory",
    "PoorSet",
    "Profile",
    "RigGrades",
    "SetLoss",
    "Sides",
    "Trend",
    "Week",
    "advised",
    "best_of",
    "by_day",
    "day_of",
    "drag_history",
    "drag_of",
    "draw",
    "fatigue_of",
    "felt_of",
    "grade_history",
    "latest_alike",
    "left_out",
    "one_person",
    "points_of",
    "profile_of",
    "remarks",
    "sides_of",
    "trend_of",
]

__getattr__ = on_use(
    __name__,
    {
        "best": ("best_of",),
        "conditions": ("by_day", "latest_alike", "one_person"),
        "day": ("Day", "day_of"),
        "drag": ("Drag", "drag_of"),
        "drag_days": ("DragHistory", "drag_history"),
        "drawing": ("draw",),
        "fatigue": ("Fatigue", "SetLoss", "fatigue_of"),
        "felt": ("felt_of",),
        "intervals": ("Estimate",),
        "points": ("left_out", "points_of"),
        "profile": ("Profile", "profile_of"),
        "quality_history": ("GradeHistory", "PoorSet", "RigGrades", "grade_history"),
        "sentences": ("advised", "remarks"),
        "sides": ("Sides", "sides_of"),
        "trend": ("Trend", "Week", "trend_of"),
    },
)
