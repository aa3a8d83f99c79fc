"""Adds to a rig's telemetry what it does not carry: the plan's targets, who walks and who comes next."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from retrorig import RetrorigError, Rig
from retrorig.desk.rig_work import RigWork
from retrorig.live import Telemetry, words
from retrorig.plans import AskedSet, asked_of


class FollowedPlan:
    """The plan that a rig follows, asked for when its telemetry shows that it is another one."""

    def __init__(self, work: RigWork) -> None:
        self._work = work
        self._plan: dict[str, Any] | None = None
        self._sets_n = self._index = 0
        self._is_asking = False

    def asked(self, told: Telemetry) -> AskedSet | None:
        """What the set that runs or comes next is to be like, as soon as that is known."""
        is_other = told.of != self._sets_n or told.index < self._index
        self._sets_n, self._index = told.of, told.index
        if is_other:
            self._plan = None
        if not told.of:
            return None
        if self._plan is None and not self._is_asking:
            self._is_asking = True
            threading.Thread(target=self._ask, daemon=True).start()
        return asked_of(self._plan, told.index) if self._plan else None

    def _ask(self) -> None:
        try:
            found = self._work.use(Rig.plans, "plans")
            self._plan = next((plan for plan in found["plans"] if plan["id"] == found["chosen"]), None)
        except RetrorigError:
            pass  # the stream tells of it
        finally:
            self._is_asking = False


class Turns:
    """Who walks, and who comes next: a rig that is told another athlete during a set gives the next set to them."""

    def __init__(self) -> None:
        self._set_no, self._walks = 0, ""

    def of(self, told: Telemetry, people: Mapping[str, str]) -> tuple[str, str]:
        """(who walks, who comes next or "")."""
        named = words.athlete_of(told, people)
        if not told.is_running:
            self._set_no = 0
            return named, ""
        if told.set_no != self._set_no:
            self._set_no, self._walks = told.set_no, named
        return self._walks, named if named != self._walks else ""
