"""A request that a moving rig refuses is asked again until it stands: soon enough, and without pestering it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.host.fake_board import FakeBoard

from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from retrorig.link.standing import when_it_stands


@dataclass
class Moving(FakeBoard):
    """Its belt comes to a stand after so many seconds."""

    stands_s: float = 0.0
    code: str = "moving"
    begun_s: float = 100.0

    def do_tare(self, n: int) -> dict:
        if self.now_s - self.begun_s < self.stands_s:
            return {"err": self.code, "text": "Stand still and tare again."}
        return {"ok": 1, "zero": 7}


def asked(board: Moving) -> list[float]:
    """Tares it as it stands; the moments in which somebody was told that it is waited for."""
    told: list[float] = []
    client = RigClient(board)
    answer = when_it_stands(client, lambda: client.request("tare"), lambda: told.append(board.now_s - 100))
    assert answer["zero"] == 7
    return told


@pytest.mark.parametrize("code", ["moving", "busy"])
@pytest.mark.parametrize("stands_s", [0.3, 1.05, 7.6, 60.2])
def test_a_wish_is_granted_within_a_second_of_the_stand_and_asked_at_most_thrice_a_second(
    code: str, stands_s: float
) -> None:
    board = Moving(stands_s=stands_s, code=code)
    told = asked(board)
    assert stands_s <= board.now_s - 100 <= stands_s + 1
    assert len(board.executed) <= 3 * stands_s + 2
    assert len(told) == 1 and told[0] < 0.2, "said once, at once"


def test_a_rig_that_stands_is_not_waited_for() -> None:
    board = Moving()
    assert asked(board) == [] and board.now_s - 100 < 0.2


def test_what_never_stands_is_given_up_with_the_rigs_own_words() -> None:
    board = Moving(stands_s=1e9)
    client = RigClient(board)
    with pytest.raises(RigRefusedError, match="Stand still"):
        when_it_stands(client, lambda: client.request("tare"))
    assert board.now_s - 100 == pytest.approx(120, abs=0.7), "longer than a set of most plans"


def test_what_waiting_does_not_mend_is_told_at_once() -> None:
    board = Moving(stands_s=1e9, code="form")
    client = RigClient(board)
    with pytest.raises(RigRefusedError):
        when_it_stands(client, lambda: client.request("tare"))
    assert board.executed == ["tare"]
