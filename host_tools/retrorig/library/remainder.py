"""Metres between sets that are in no set, day by day, from the headers of the sets after them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from retrorig.library.query import Choice
from retrorig.moved import sentence

if TYPE_CHECKING:
    from datetime import date

    from retrorig.library.catalogue import Catalogue

WORTH_TELLING_M = 1.0
"""Backward metres in no set, a day; people shift a belt by less."""

NEWEST_N = 200
"""Sets of a choice that are looked at: whoever lists a year wants to know about the latest days."""


def told_days(catalogue: Catalogue, choice: Choice) -> Iterator[str]:
    """A sentence for each day of the newest sets on which more than a metre backward is in no set."""
    ways: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    kinds: dict[date, Counter[str]] = defaultdict(Counter)
    for day, session in islice(catalogue.newest_sessions(choice), NEWEST_N):
        ways[day][0] += session.get("rest_backward_m") or 0.0
        ways[day][1] += session.get("rest_forward_m") or 0.0
        kinds[day].update(session.get("remarks") or {})
    for day in sorted(ways):
        backward_m, forward_m = ways[day]
        if backward_m > WORTH_TELLING_M:
            yield f"{day}: {sentence(backward_m, forward_m, kinds[day])}."
