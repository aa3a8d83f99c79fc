"""A rig as Python programs have it: what each call asks of the board, and that the port is let go."""

from __future__ import annotations

from typing import Any

import pytest
from tests.live.telling_board import payload

from retrorig import rig as module
from retrorig.errors import LinkLostError
from retrorig.plans import read_plan
from retrorig.rig import Rig, connect

PLAN = read_plan("light-sled")


class Client:
    """Notes what it is asked for; tells two moments and one of another version each time that it listens."""

    def __init__(self, is_there: bool = True) -> None:
        self.asked, self.is_closed, self.is_there = list[tuple[object, ...]](), False, is_there
        self.on_telemetry: Any = "whoever listened before"

    def hello(self) -> dict[str, str]:
        if not self.is_there:
            raise LinkLostError("Nobody answers.")
        return {"rig": "r1"}

    def close(self) -> None:
        self.is_closed = True

    def request(self, *words: object) -> None:
        self.asked.append(words)

    def listen(self, seconds: float) -> None:
        for moment in (payload(board_us=1), b"of another version", payload(board_us=2)):
            self.on_telemetry(moment)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What is asked of the board about plans; each makes its caller wait once."""
    found: list[tuple[str, object]] = []

    def push(client: object, plan: dict[str, Any], on_wait: Any) -> str:
        found.append(("push", plan))
        on_wait()
        return plan["id"]

    def choose(client: object, plan_id: str, on_wait: Any) -> None:
        found.append(("choose", plan_id))
        on_wait()

    monkeypatch.setattr(module, "push_plan", push)
    monkeypatch.setattr(module, "choose_plan", choose)
    return found


def test_a_plan_is_stored_and_followed_only_if_that_is_wished(asked: list[tuple[str, object]]) -> None:
    rig, waited = Rig(Client()), list[bool]()  # type: ignore[arg-type]
    assert rig.push_plan("light-sled") == "light-sled" and asked == [("push", PLAN)]
    assert rig.push_plan(PLAN, choose=True, on_wait=lambda: waited.append(True)) == "light-sled"
    assert asked[1:] == [("push", PLAN), ("choose", "light-sled")] and waited == [True, True]


def test_moments_are_told_until_nobody_asks_and_then_the_rig_is_silent() -> None:
    client = Client()
    moments = Rig(client).live(50)  # type: ignore[arg-type]
    assert [next(moments).board_us for _ in range(4)] == [1, 2, 1, 2]
    assert client.asked == [("live", 50)], "asked once, and again only before the rig falls silent"
    moments.close()  # type: ignore[attr-defined]
    assert client.asked[-1] == ("live", 0) and client.on_telemetry == "whoever listened before"


@pytest.mark.parametrize("is_there", [True, False])
def test_the_port_is_let_go(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    client = Client(is_there)
    monkeypatch.setattr(module, "open_rig", lambda port: port)
    monkeypatch.setattr(module, "RigClient", lambda port: client if port == "/dev/a" else None)
    if is_there:
        with connect("/dev/a") as rig:
            assert rig.client is client and not client.is_closed
    else:
        with pytest.raises(LinkLostError):
            connect("/dev/a")
    assert client.is_closed
