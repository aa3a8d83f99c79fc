"""Movement that is no walk fills no store, slows nothing down, and is reported in words.

Some minutes of each; the bench's rows `an hour of ...` are the same for an hour.
"""

from __future__ import annotations

import pytest
from tests.walkers import idle

from rigcore.state_machine import ARMED, IDLE

MINUTES = {"sway": 4, "spin": 4, "dog": 4, "kicks": 100 / 12, "coasts": 4, "rest": 2}


@pytest.mark.parametrize("name", idle.ALL)
def test_whoever_does_not_walk_fills_no_store_and_is_told(name: str) -> None:
    plan = idle.ENDLESS_REST if name == "rest" else None
    kept = idle.kept(idle.idle(name, 60 * MINUTES[name]), plan)
    assert kept.sets_n == 0
    assert kept.used_bytes - kept.half_bytes <= 4096, "what is written does not grow with the time"
    assert name != "coasts" or kept.erased_n > 15, "each was written, and its room used again"
    assert set(kept.remarks) <= {"shift", "kick", "hand"}, "a sum for each kind, however many there were"
    assert kept.words.endswith(("shift of the belt", "shifts of the belt", "kicks", "by hand or paw", "sets"))
    assert kept.session.state == (ARMED if plan else IDLE)
    assert not plan or kept.session.plan_runner.progress.done_n == 1, "the plan waits where it was"
