"""Faults planted in the virtual rig's parts, found by the doctor over the serial line; several faults a rig."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from tests.host.fake_board import FakeBoard
from tests.system.test_link import BadLine

from retrorig.cli import run
from retrorig.doctor import Verdict, gather, judged
from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from retrorig.plans import push_plan, read_plan
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Calibration, Fault, RigSettings


class Hand:
    """A belt and a line that somebody turns once and pulls, when the doctor asks for it."""

    end_s = 1e9

    def __init__(self, turn_m: float = 0.25, pull_n: float = 80.0) -> None:
        self.rig: VirtualRig | None = None
        self._turn_m, self._pull_n = turn_m, pull_n
        self._asked_s: list[float] = []
        self.told: list[str] = []

    def say(self, what_to_do: str) -> None:
        assert self.rig
        self.told.append(what_to_do)
        self._asked_s.append(self.rig.board.clock.now_ns * 1e-9 - self.zero_s)

    def start(self, rig: VirtualRig) -> None:
        self.rig, self.zero_s = rig, rig.board.clock.now_ns * 1e-9
        rig.start_belt()

    def position_m(self, t_s: float) -> float:
        return self._turn_m * min(1.0, self._since(0, t_s))

    def force_n(self, t_s: float) -> float:
        return self._pull_n if 0.5 < self._since(1, t_s) < 1.2 else 0.0

    def _since(self, number: int, t_s: float) -> float:
        return max(0.0, t_s - self._asked_s[number]) if len(self._asked_s) > number else 0.0


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to be waited for."""
    for name, seconds in (("TURN_LIMIT_S", 2.5), ("TURN_STILL_S", 0.3), ("PULL_S", 2.0), ("QUIET_S", 2.5)):
        monkeypatch.setattr(f"retrorig.doctor.asking.{name}", seconds)


class Restarting(RigPort):
    """At the given request the plug is pulled and put back."""

    def __init__(self, rig: VirtualRig, at_request: int) -> None:
        super().__init__(rig)
        self._plug, self._left = rig, at_request

    def write(self, data: bytes) -> int:
        self._left -= 1
        if self._left == 0:
            self._plug.power_cut()
            self._plug.power_on()
        return super().write(data)


def examined(
    settings: RigSettings,
    belt: Any = None,
    guide: Hand | None = None,
    port: Callable[[VirtualRig], Any] = VirtualRig.open_port,
    before: Callable[[VirtualRig], None] = lambda rig: None,
) -> dict[str, Verdict]:
    with VirtualRig(belt or Hand(), settings=settings, seed=2) as rig:
        rig.power_on()
        rig.run_for(1_500_000)
        guide.start(rig) if guide else rig.start_belt()
        before(rig)
        rig.run_for(500_000)
        client = RigClient(port(rig))
        facts = gather(client, guide, utc_now=lambda: rig.board.clock.now_ns * 1e-9)
        client.request("live", 100)  # there is memory left for it
    return {verdict.part: verdict for verdict in judged(facts)}


def bad(found: dict[str, Verdict]) -> dict[str, str]:
    return {part: verdict.level for part, verdict in found.items() if verdict.level != "ok"}


def with_a_plan(rig: VirtualRig) -> None:
    """It takes some of the little memory."""
    push_plan(RigClient(rig.open_port()), read_plan("light-sled"))


def test_a_sound_rig_that_is_turned_and_pulled_has_nothing() -> None:
    hand = Hand()
    found = examined(RigSettings(), hand, hand, before=with_a_plan)
    assert bad(found) == {}
    assert "2400 are set" in found["encoder"].evidence and "both lines alive" in found["encoder"].evidence
    assert "80 N" in found["load cell"].evidence or "N at rest" in found["load cell"].evidence
    assert len(hand.told) == 2
    assert all(verdict.evidence for verdict in found.values())


def test_dead_line_stuck_converter_missing_display_and_held_button() -> None:
    hand = Hand()
    faults = (Fault("encoder", "b_dead"), Fault("adc", "stuck"), Fault("oled", "unplugged"))
    found = examined(RigSettings(faults=faults), hand, hand, before=lambda rig: rig.buttons["rpe"].hold())
    assert bad(found) == {
        "encoder": "fail", "converter": "fail", "load cell": "fail", "display": "fail", "buttons": "fail"
    }  # fmt: skip
    assert "line B never changed" in found["encoder"].evidence
    assert "in a row" in found["converter"].evidence and "rpe" in found["buttons"].evidence


def test_swapped_lines_wrong_edges_silent_converter_and_a_bad_line() -> None:
    hand = Hand(turn_m=0.5)
    settings = RigSettings(faults=(Fault("encoder", "swapped"), Fault("adc", "silent", 4.0)))
    found = examined(settings, hand, hand, port=lambda rig: BadLine(rig.open_port(), 3, 0.0007))
    assert bad(found).keys() >= {"encoder", "converter", "link"}
    assert "as forward" in found["encoder"].evidence
    assert "no conversions" in found["converter"].evidence
    assert found["link"].level in ("warn", "fail")


def test_noisy_encoder_lost_clocks_and_a_supply_that_breaks_down() -> None:
    settings = RigSettings(faults=(Fault("encoder", "noise"), Fault("adc", "lost_clock")))
    found = examined(settings, port=lambda rig: Restarting(rig, 20))
    assert {part for part, level in bad(found).items() if level == "fail"} >= {
        "supply",
        "encoder",
        "converter",
    }
    assert "restarted while" in found["supply"].evidence
    assert "to and fro" in found["encoder"].evidence
    assert "out of step" in found["converter"].evidence


def test_a_cell_with_a_wire_off_that_was_never_calibrated_at_the_wrong_rate() -> None:
    settings = RigSettings(
        faults=(Fault("adc", "disconnected"),), rate_hz=10.0, calibration=Calibration(zero=7_000_000)
    )
    found = examined(settings)
    assert bad(found) == {"encoder": "unknown", "converter": "warn", "load cell": "fail"}
    assert "RATE" in found["converter"].mend
    assert "wire" in found["load cell"].mend


def test_old_firmware_is_told_to_be_updated() -> None:
    with pytest.raises(RigRefusedError, match="retrorig flash"):
        gather(RigClient(FakeBoard()), utc_now=lambda: 1.7e9)


def test_command_prints_a_text_without_private_data_and_its_status_says_whether_a_part_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.doctor.healthy import facts

    sound = replace(facts(), hello={**facts().hello, "athlete": "a1"})
    board = SimpleNamespace(close=lambda: None)
    monkeypatch.setattr("retrorig.cli.doctor.open_rig", lambda url: board)
    monkeypatch.setattr("retrorig.cli.doctor.gather", lambda client, guide=None, progress=None: sound)
    assert run(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "aabb..." in text and "aabbccddeeff" not in text and "a1" not in text.split()
    assert text.count("\n") == 14, "a headline and thirteen parts"
    broken = replace(sound, evidence={**sound.evidence, "display": False})
    monkeypatch.setattr("retrorig.cli.doctor.gather", lambda client, guide=None, progress=None: broken)
    assert run(["doctor", "--json"]) == 4
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["verdict"] == "fail" and len(told["parts"]) == 13
    assert [part["part"] for part in told["parts"] if part["level"] == "fail"] == ["display"]
    assert "display" in captured.err and "Traceback" not in captured.err
