"""Answers as sentences, the same on the terminal and on the desk's pages."""

from __future__ import annotations

from retrorig.progress.fatigue import Advice
from retrorig.progress.trend import Week

_VERDICTS = {
    "stop": "Stop ({0}): the last set was {1:.1f} % slower than the fastest, your limit is {2:g} %.",
    "close": "Close ({0}): the last set was {1:.1f} % slower than the fastest; chance alone may hide {2:g} %.",
    "go on": "Go on ({0}): the last set was {1:.1f} % slower than the fastest, your limit is {2:g} %.",
}
_SUMS = {"duration_s": "time", "backward_m": "distance", "work_j": "work", "load_kg_m": "load"}


def advised(advice: Advice) -> list[str]:
    """Whether to stop, and by what that was judged."""
    more = [f"The limit is a set slower than {advice.floor_mps:.3f} m/s."]
    if advice.first_over:
        more.append(f"Set {advice.first_over} was the first.")
    if advice.smallest_change_pct is not None:
        more.append(f"Between two sets {advice.smallest_change_pct:.1f} % may be chance.")
    return [_VERDICTS[advice.verdict].format(advice.conditions, advice.loss_pct, advice.stop_pct), *more]


def remarks(week: Week) -> str:
    """Remarks on a week: sums over the coach's limit, a pause before it, that it is not over."""
    over = f"OVER: {', '.join(_SUMS[key] for key in week.over_limit)}" if week.over_limit else ""
    pause = f"after {week.pause_weeks} weeks without sets" if week.pause_weeks else ""
    return "; ".join(filter(None, (over, pause, "so far" if week.is_running else "")))
