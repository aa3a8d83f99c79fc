"""Left against right in a report, once a person has noted which foot made the first step."""

from __future__ import annotations

from retrorig.set_row import SetRow
from retrorig.vocabulary import FEET

_OTHER: dict[str, str] = dict(zip(FEET, reversed(FEET), strict=True))
_COMPARED = (
    (
        "asymmetry_first_pct",
        "asymmetry_pm_pct",
        "Steps of the {} foot have {:.1f} % more impulse than the {}'s",
    ),
    (
        "step_time_asymmetry_first_pct",
        "step_time_asymmetry_pm_pct",
        "From a step of the {} foot to the next one it takes {:.1f} % longer than from the {}'s",
    ),
)


def feet_compared(row: SetRow) -> list[str]:
    """Left against right by the steps of one set, a sentence each; none unless the first foot is known.

    The set's numbers are of the first step's foot against the other, and missing where a missed step may have turned
    that round.
    """
    first = row.first_foot
    if first is None:
        return []
    found = []
    for key, pm_key, sentence in _COMPARED:
        percent, pm = row.gait.get(key), row.gait.get(pm_key)
        if percent is not None and pm is not None:
            foot = first if percent >= 0 else _OTHER[first]
            sure = "" if abs(percent) > pm else "; that may be chance"
            found.append(f"{sentence.format(foot, abs(percent), _OTHER[foot])} (± {pm:.1f}){sure}.")
    return found
