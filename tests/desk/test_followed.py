"""Whose turn it is, what the plan asks and which rig is meant, by what the rigs tell: no browser, no port."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig.desk import followed, rigs
from retrorig.desk.followed import FollowedPlan, Turns
from retrorig.desk.rigs import THE_ONE, Rigs
from retrorig.desk.wording import SaidError
from retrorig.errors import LinkLostError
from retrorig.plans import read_plan_text

PLAN = read_plan_text(
    'id = "p"\nname = "P"\n[[block]]\ntimes = 3\nspeed_mps = [0.8, 1.2]\n[[block]]\nkind = "cooldown"\n'
)
OTHER = {**PLAN, "id": "other", "blocks": [{"kind": "warmup", "times": 4, "target": "open"}]}


def told(**values: Any) -> Any:
    return SimpleNamespace(
        **{"of": 4, "index": 0, "set_no": 1, "is_running": True, "athlete": "a1", **values}
    )


class Work:
    """Answers which plans a rig has, or breaks."""

    def __init__(self) -> None:
        self.chosen, self.asked_n, self.error = "p", 0, cast("Exception | None", None)

    def use(self, ask: Any, what: str) -> dict[str, Any]:
        self.asked_n += 1
        if self.error:
            raise self.error
        return {"chosen": self.chosen, "plans": [OTHER, PLAN]}


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> tuple[FollowedPlan, Work]:
    """One that asks at once."""

    class Now:
        def __init__(self, target: Any, daemon: bool) -> None:
            self.start = target

    monkeypatch.setattr(followed, "threading", SimpleNamespace(Thread=Now, Lock=threading.Lock))
    work = Work()
    return FollowedPlan(cast("Any", work)), work


def test_each_set_of_a_plan_is_told_and_the_plan_asked_for_once(plan: tuple[FollowedPlan, Work]) -> None:
    follows, work = plan
    kinds = [getattr(follows.asked(told(index=index)), "kind", None) for index in (0, 0, 1, 2, 3, 4)]
    assert kinds == ["work"] * 4 + ["cooldown", None]
    assert work.asked_n == 1
    asked = follows.asked(told(index=4))
    assert asked is None, "beyond its end"


def test_another_plan_is_asked_for_when_the_telemetry_shows_one(plan: tuple[FollowedPlan, Work]) -> None:
    follows, work = plan
    follows.asked(told(index=2))
    work.chosen = "other"
    found = follows.asked(told(index=0))
    assert found is not None and found.kind == "warmup", "it began anew"
    follows.asked(told(of=9, index=1))
    assert work.asked_n == 3, "it has another number of sets"
    assert follows.asked(told(of=0)) is None
    assert work.asked_n == 3, "a free set has no plan"


def test_a_rig_that_does_not_say_is_asked_again(plan: tuple[FollowedPlan, Work]) -> None:
    follows, work = plan
    work.error = LinkLostError("Broke.")
    assert follows.asked(told()) is None
    work.error = None
    found = follows.asked(told())
    assert found is not None and found.speed_mps == (0.8, 1.2)


def test_who_is_told_during_a_set_comes_next() -> None:
    turns, people = Turns(), {"a1": "Anna", "a2": "Ben"}
    assert turns.of(told(is_running=False), people) == ("Anna", "")
    assert turns.of(told(), people) == ("Anna", "")
    assert turns.of(told(athlete="a2"), people) == ("Anna", "Ben")
    assert turns.of(told(), people) == ("Anna", ""), "they changed their mind"
    assert turns.of(told(athlete="a2", set_no=2), people) == ("Ben", "")
    assert turns.of(told(athlete="a1", is_running=False, set_no=2), people) == ("Anna", "")


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ports that there are."""
    ports: list[str] = []
    monkeypatch.setattr(rigs, "candidates", lambda: [SimpleNamespace(device=port) for port in ports])
    monkeypatch.setattr(
        rigs, "RigWork", lambda folder, port: SimpleNamespace(port=port, last_pull=None, close=lambda: None)
    )
    return ports


def test_each_rig_has_one_owner_whatever_is_plugged_in_beside_it(plugged: list[str], tmp_path: Path) -> None:
    made = Rigs(tmp_path, None)
    first = made.at()
    assert made.ports() == [THE_ONE] and made.at(None) is first
    plugged.append("/dev/a")
    assert made.ports() == [THE_ONE] and made.at() is made.at("/dev/a") is first
    plugged.append("/dev/b")
    assert made.ports() == ["/dev/a", "/dev/b"]
    second = made.at("/dev/b")
    assert second is not first and made.at("/dev/a") is made.at() is first
    assert made.at("/dev/b") is second
    assert made.works() == {"/dev/a": first, "/dev/b": second}
    with pytest.raises(SaidError):
        made.at("/dev/c")
    plugged.remove("/dev/a")
    assert made.at("/dev/b") is second, "who stays keeps its owner"


def test_a_rig_that_was_named_is_the_only_one(plugged: list[str], tmp_path: Path) -> None:
    plugged += ["/dev/a", "/dev/b"]
    made = Rigs(tmp_path, "/dev/mine")
    assert made.ports() == [THE_ONE]
    work: Any = made.at()
    assert work.port() == "/dev/mine"
