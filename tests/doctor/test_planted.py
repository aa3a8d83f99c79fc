"""Faults planted in the virtual rig's parts, found by the doctor over the serial line; several faults a rig."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.doctor.healthy import facts
from tests.doctor.planting import Hand, Restarting, Stalling, bad, examined
from tests.host.fake_board import FakeBoard
from tests.system.test_link import BadLine

from retrorig.cli import run
from retrorig.doctor import gather
from retrorig.doctor.facts import Facts
from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from retrorig.plans import push_plan, read_plan
from retrorig.virtual.board import Board
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import Calibration, Fault, RigSettings


def with_a_plan(rig: VirtualRig) -> None:
    """It takes some of the little memory."""
    push_plan(RigClient(rig.open_port()), read_plan("light-sled"))


def test_a_sound_rig_that_is_turned_and_pulled_has_nothing() -> None:
    hand = Hand()
    found = examined(RigSettings(), hand, hand, before=with_a_plan)
    assert bad(found) == {}
    assert "2400 are set" in found["encoder"].evidence and "both lines alive" in found["encoder"].evidence
    assert "80 N" in found["load cell"].evidence
    assert len(hand.told) == 2
    assert all(verdict.evidence for verdict in found.values())


def test_dead_line_stuck_converter_missing_display_and_held_button() -> None:
    hand = Hand()
    faults = (Fault("encoder", "b_dead"), Fault("adc", "stuck"), Fault("oled", "unplugged"))
    found = examined(RigSettings(faults=faults), hand, hand, before=lambda rig: rig.buttons["rpe"].hold())
    assert bad(found) == {
        "encoder": "fail", "converter": "fail", "load cell": "unknown", "display": "fail", "buttons": "fail"
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
    assert found["link"].level == "fail"


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


def test_a_cell_with_a_wire_off_that_was_never_calibrated_at_the_wrong_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("retrorig.doctor.asking.QUIET_S", 5.5)
    settings = RigSettings(
        faults=(Fault("adc", "disconnected"),), rate_hz=10.0, calibration=Calibration(zero=7_000_000)
    )
    found = examined(settings)
    assert bad(found) == {"encoder": "unknown", "converter": "warn", "load cell": "fail"}
    assert "RATE" in found["converter"].mend
    assert "wire" in found["load cell"].mend


def test_a_converter_that_never_answered_and_a_panel_that_can_not_be_asked() -> None:
    hand = Hand()
    settings = RigSettings(faults=(Fault("adc", "silent"), Fault("encoder", "a_dead")), display="st7789")
    found = examined(settings, hand, hand)
    assert bad(found) == {
        "encoder": "fail", "converter": "fail", "load cell": "unknown", "display": "unknown"
    }  # fmt: skip
    assert "line A never changed" in found["encoder"].evidence
    assert "no conversions at all" in found["converter"].evidence
    assert found["load cell"].mend == "mend the converter first"


def test_a_data_line_that_floats_is_the_converters_fault_alone() -> None:
    hand = Hand()
    found = examined(RigSettings(faults=(Fault("adc", "floating"),)), hand, hand)
    assert bad(found) == {"converter": "fail", "load cell": "unknown"}
    assert "data" in found["converter"].mend


def test_a_slack_line_a_wrong_number_of_edges_and_a_board_that_stood_still_for_a_while() -> None:
    hand = Hand(turn_m=0.5, pull_n=1.0)
    found = examined(RigSettings(), hand, hand, port=lambda rig: Stalling(rig, 75, 400))
    assert bad(found) == {"encoder": "fail", "load cell": "fail", "timing": "warn"}
    counts, _, rest = found["encoder"].evidence.partition(" ")
    assert abs(int(counts) - 4800) < 10 and "2400 are set" in rest
    assert "a pull moved it by" in found["load cell"].evidence
    assert "longest stall 4" in found["timing"].evidence


def test_a_drifting_cell_a_worn_and_full_flash_a_fast_clock_and_old_firmware(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("retrorig.doctor.asking.bundled_firmware", lambda: "9.0.0")
    monkeypatch.setattr("retrorig.doctor.asking.QUIET_S", 5.5)
    found = examined(
        RigSettings(drift_n_per_hour=1500.0),
        log={"sequence": 30_000_000, "is_full": True},
        clock_ppm=-30_000,
    )
    assert bad(found) == {
        "encoder": "unknown", "load cell": "warn", "flash": "warn", "clock": "warn", "versions": "warn"
    }  # fmt: skip
    assert "drift +2" in found["load cell"].evidence
    assert "room for 0 min" in found["flash"].evidence and "pull" in found["flash"].mend
    assert "ppm" in found["clock"].evidence and "9.0.0" in found["versions"].mend


def test_a_flash_with_condemned_sectors_and_a_board_that_the_watchdog_restarts() -> None:
    def restarts(rig: VirtualRig) -> None:
        for _ in range(2):
            rig.board.want_reset(Board.WDT_RESET)
            rig.run_for(8_000_000)  # it has started and looked whether the free sectors are blank

    found = examined(RigSettings(), before=restarts, log={"bad_n": 3})
    assert bad(found) == {"encoder": "unknown", "resets": "fail", "flash": "warn"}
    assert "watchdog" in found["resets"].evidence and "2 crashes" in found["resets"].evidence
    assert "3 of" in found["flash"].evidence


def test_old_firmware_is_told_to_be_updated() -> None:
    with pytest.raises(RigRefusedError, match="retrorig flash"):
        gather(RigClient(FakeBoard()), utc_now=lambda: 1.7e9)


PRIVATE = ("annabel", "knee-left", "/home/annabel/library", "aabbccddeeff", "berlin")


def told_of_a_person() -> Facts:
    """A sound rig on which every answer says whose it is."""
    sound = facts()
    about = {
        "athlete": "annabel", "label": "annabel", "plan": "knee-left", "file": "/home/annabel/library"
    }  # fmt: skip
    return replace(
        sound,
        hello={**about, **sound.hello},
        before={**about, **sound.before},
        after={**about, **sound.after},
        evidence={**about, **sound.evidence},
        calibration={**about, "person": "annabel", **sound.calibration},
        line=replace(sound.line, text='Traceback: File "/home/annabel/library" annabel'),
    )


def told(
    found: Facts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str, str]:
    """Status, stdout and stderr of the command for a rig of which these facts are found."""
    board = SimpleNamespace(close=lambda: None)
    monkeypatch.setattr("retrorig.doctor.examining.open_rig", lambda url: board)
    monkeypatch.setattr("retrorig.doctor.examining.gather", lambda client, guide=None, progress=None: found)
    status = run(["doctor", "--port", "/dev/serial/by-id/berlin", *options])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_text_for_a_bug_report_holds_nothing_private(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    person = told_of_a_person()
    faulty = replace(person, evidence={**person.evidence, "display": False}, boots=frozenset({7, 8}))
    for found in (person, faulty):
        _, text, error = told(found, monkeypatch, capsys, *options)
        assert "aabb" in text, "a few rigs can be told apart"
        for word in PRIVATE:
            assert word not in text + error, word


def test_command_prints_each_part_and_its_status_says_whether_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = facts()
    status, text, _ = told(sound, monkeypatch, capsys)
    assert status == 0 and text.count("\n") == 15, "a headline and fourteen parts"
    broken = replace(sound, evidence={**sound.evidence, "display": False})
    status, text, error = told(broken, monkeypatch, capsys, "--json")
    assert status == 4
    answer = json.loads(text)
    assert answer["verdict"] == "fail" and len(answer["parts"]) == 14
    assert [part["part"] for part in answer["parts"] if part["level"] == "fail"] == ["display"]
    assert "display" in error and "Traceback" not in error
