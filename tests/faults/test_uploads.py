"""What the host writes onto the board, piece by piece: whole or not at all, and read back as it was."""

from __future__ import annotations

import binascii
import json
from typing import Any

import pytest
from tests.faults.upload_rig import PIECE_BYTES, Nvs, Rig, pieces

from app import latest, plan_start
from app.plan_store import PLANS_MAX
from app.store import begin_boot
from nor import NorFlash
from rigcore import fields, protocol, records, recovery
from rigcore.plan import BYTES_MAX
from rigcore.plan_progress import PlanProgress
from rigcore.protocol import RequestError
from rigcore.session import Session
from rigcore.setlog import SetLog

PLAN = {
    "id": "short",
    "name": "Kurz – 3×10 m",
    "blocks": [{"times": 3, "target": "distance", "amount": 10_000}],
}

pytestmark = pytest.mark.usefixtures("byte_streams")


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_plan_is_there_as_it_was_sent_and_can_be_read_back(rig: Rig) -> None:
    text = json.dumps(PLAN, ensure_ascii=False)
    crc = rig.put(text)
    assert rig.stored() == []  # not before it was saved
    assert rig.ask("plan-save", crc)["saved"] == "short"
    data = text.encode()
    assert rig.ask("plans")["plans"] == [["short", len(data), crc]]
    first = rig.ask("plan-get", "short", 0)
    rest = rig.ask("plan-get", "short", len(first["text"].encode()))
    assert first["text"] + rest["text"] == text and first["length"] == rest["length"] == len(data)


def test_a_piece_that_comes_twice_is_one_and_a_missing_one_is_asked_for(rig: Rig) -> None:
    one, two, three = pieces(json.dumps(PLAN))[:3]
    rig.ask("put", 0, one)
    rig.ask("put", len(one), two)
    assert rig.ask("put", len(one), two)["have"] == len(one) + len(two)
    assert rig.refused("put", len(one) + len(two) + 1, three) == protocol.ERR_ARGUMENT
    rest = json.dumps(PLAN)[len(one) + len(two) :]
    at = len(one) + len(two)
    for piece in pieces(rest):
        at = rig.ask("put", at, piece)["have"]
    assert rig.ask("plan-save", binascii.crc32(json.dumps(PLAN).encode()))["saved"] == "short"
    assert rig.push({**PLAN, "id": "again"})["saved"] == "again"  # an upload begins with its first piece


@pytest.mark.parametrize("verb", ["plan-save", "settings-save"])
def test_what_arrived_damaged_changes_nothing(rig: Rig, verb: str) -> None:
    before = rig.settings.all()
    crc = rig.put('{"sound": "off"}')
    for wrong in (crc ^ 1, "x"):
        assert rig.refused(verb, wrong) == protocol.ERR_ARGUMENT
    assert rig.stored() == [] and rig.settings.all() == before


def test_several_settings_are_stored_together_and_answered_with_all(rig: Rig) -> None:
    answer = rig.ask("settings-save", rig.put('{"sound": "off", "mirror": "on"}'))["settings"]
    assert (answer["sound"], answer["mirror"]) == (
        "off",
        "on",
    ) and answer == rig.settings.all() == rig.kept_settings()
    assert (
        rig.refused("settings-save", rig.put('{"sound": "on", "mirror": "perhaps"}')) == protocol.ERR_ARGUMENT
    )
    assert rig.refused("settings-save", rig.put("[1]")) == protocol.ERR_ARGUMENT
    assert rig.settings.all() == answer


def test_what_was_sent_serves_once(rig: Rig) -> None:
    crc = rig.put(json.dumps(PLAN))
    rig.ask("plan-save", crc)
    assert rig.refused("plan-save", crc) == protocol.ERR_ARGUMENT
    crc = rig.put('{"sound": "off"}')
    rig.ask("settings-save", crc)
    assert rig.refused("settings-save", crc) == protocol.ERR_ARGUMENT


def test_the_session_knows_at_once_which_plans_there_are(rig: Rig) -> None:
    rig.push(PLAN)
    assert rig.session.plan_runner.plan_ids == ["short"]
    assert rig.ask("plans")["phase"] == rig.session.state != ""
    rig.ask("plan-drop", "short")
    assert rig.session.plan_runner.plan_ids == []


def test_after_each_change_sectors_that_nobody_needs_are_looked_for_anew(rig: Rig) -> None:
    """Else there would be no erased one left some day, and nothing could be kept."""
    for change in (
        lambda: rig.push(PLAN),
        lambda: rig.ask("setting", "sound", "off"),
        lambda: rig.ask("plan-drop", "short"),
    ):
        rig.plans.erased = -1
        change()
        assert rig.plans.erased == 0


def test_what_is_no_json_is_told_as_that(rig: Rig) -> None:
    with pytest.raises(RequestError, match="not JSON"):
        rig.ask("plan-save", rig.put("3 times 10 m"))


@pytest.mark.parametrize("letter", ["\u00e4", "\u2013", "\U0001f3cb"])
def test_a_plan_is_read_back_in_pieces_that_cut_no_character(rig: Rig, letter: str) -> None:
    blocks = [{"times": n, "target": "distance", "amount": 10_000} for n in range(1, 6)]
    plain = json.dumps({"id": "p", "blocks": blocks, "name": letter * 2}, ensure_ascii=False)
    before = len(plain[: plain.index(letter)])
    for shift in range(1 + len(letter.encode()) * 2):
        text = " " * (300 - before - shift) + plain
        rig.ask("plan-save", rig.put(text))
        got = b""
        while len(got) < len(text.encode()):
            piece = rig.ask("plan-get", "p", len(got))["text"].encode()
            assert piece
            got += piece
        assert got.decode() == text


def test_while_a_set_runs_no_plan_is_chosen(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.push(PLAN)
    monkeypatch.setattr(Session, "is_recording", True)
    assert rig.refused("plan-choose", "short") == protocol.ERR_BUSY
    assert rig.ask("plans")["chosen"] == ""


def test_the_host_may_do_what_buttons_do_and_hears_whether_it_was_done(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired: list[str] = []
    monkeypatch.setattr(rig.session, "fire", lambda event: bool(fired.append(event)) or event == "undo")
    for event in ("press", "skip", "undo", "repeat"):
        assert rig.ask("do", event)["done"] == (event == "undo")
    assert rig.refused("do", "reboot") == protocol.ERR_ARGUMENT
    assert fired == ["press", "skip", "undo", "repeat"]


def test_what_was_moved_between_sets_is_kept_with_all_its_remarks_and_damage_is_nothing(rig: Rig) -> None:
    remarks = {"stepping on": [123_456, 7_890], "hand on the roller": [1, 98_765], "sway": [5, 4]}
    rig.plans.keep_rest(5, (4_000_000, 300_000), remarks)
    assert plan_start.rest(rig.nvs, 5) == ((4_000_000, 300_000), remarks)  # type: ignore[arg-type]
    rig.nvs.kept["rest"] = rig.nvs.kept["rest"][:-5]
    assert plan_start.rest(rig.nvs, 5) == ((0, 0), {})  # type: ignore[arg-type]


def test_one_setting_is_read_without_being_changed(rig: Rig) -> None:
    assert rig.ask("setting", "sound")["sound"] == "on" == rig.settings.get("sound")
    assert rig.ask("setting", "sound", "off")["sound"] == "off" == rig.ask("settings")["settings"]["sound"]


def test_no_file_is_written_while_the_belt_moves(rig: Rig) -> None:
    rig.push(PLAN)
    crc = rig.put(json.dumps({**PLAN, "id": "second"}))
    rig.is_standing = False
    for request in (("put", 0, "x"), ("plan-save", crc), ("plan-drop", "short"), ("setting", "sound", "off")):
        assert rig.refused(*request) == protocol.ERR_MOVING
    assert rig.stored() == ["short"] and rig.settings.get("sound") == "on"


def test_the_board_takes_twelve_plans_and_each_may_be_sent_anew(rig: Rig) -> None:
    for number in range(12):
        rig.push({**PLAN, "id": f"plan{number}"})
    crc = rig.put(json.dumps({**PLAN, "id": "more"}))
    assert rig.refused("plan-save", crc) == "plan"
    assert rig.push({**PLAN, "id": "plan3", "name": "Newer"})["saved"] == "plan3"
    assert rig.ask("plan-drop", "plan4") == {"ok": 1, "dropped": True}
    assert rig.ask("plan-drop", "plan4")["dropped"] is False
    assert rig.push({**PLAN, "id": "more"})["saved"] == "more" and len(rig.stored()) == PLANS_MAX


def test_a_text_that_is_too_long_is_refused_before_it_fills_the_board(rig: Rig) -> None:
    for at in range(0, BYTES_MAX - 100, 100):
        rig.ask("put", at, "x" * 100)
    at += 100
    rig.ask("put", at, "x" * (BYTES_MAX - at))
    assert rig.refused("put", BYTES_MAX, "x") == "plan"


def test_a_plan_that_is_none_is_told_with_the_reason(rig: Rig) -> None:
    assert rig.refused("plan-save", rig.put("no JSON")) == "plan"
    assert rig.refused("plan-save", rig.put(json.dumps({**PLAN, "blocks": []}))) == "plan"
    assert rig.refused("plan-get", "missing", 0) == rig.refused("plan-get", "../settings", 0) == "plan"
    assert rig.stored() == []


def test_a_plan_is_chosen_from_its_beginning_and_let_go_again(rig: Rig) -> None:
    rig.push(PLAN)
    assert rig.ask("plan-choose", "short")["of"] == 3
    listed = rig.ask("plans")
    assert (listed["chosen"], listed["done"], listed["of"]) == ("short", 0, 3)
    assert rig.refused("plan-choose", "other") == "plan"
    assert rig.ask("plans")["chosen"] == "short"
    assert rig.ask("plan-choose")["of"] == 0 and rig.ask("plans")["chosen"] == ""
    at = rig.flash.bytes.find(b'"blocks"')
    rig.flash.bytes[at : at + 8] = bytes(8)
    assert rig.refused("plan-choose", "short") == "plan"
    rig.flash.bytes[at] = 0xFF
    assert rig.refused("plan-get", "short", 0) == "plan"


def test_buttons_by_the_line_are_those_of_the_rig(rig: Rig) -> None:
    assert rig.ask("do", "press")["phase"] == rig.session.state
    assert rig.refused("do", "fault") == rig.refused("rate", "rpe", 5) == protocol.ERR_ARGUMENT


def test_the_place_in_a_plan_outlasts_the_power(rig: Rig) -> None:
    rig.push(PLAN)
    rig.plans.keep_progress("short", 2, 7)

    def resumed(newest: Any) -> PlanProgress:
        return plan_start.resumed(rig.plans, rig.nvs, lambda: newest)  # type: ignore[arg-type]

    assert (resumed(None).plan["id"], resumed(None).done_n) == ("short", 2)
    header = {"plan_id": "short", "step": 2}
    for newest, done_n in (
        ((7, header, {"reason": "target"}), 2),  # it was counted when the place was written
        ((8, header, {"reason": "target"}), 3),
        ((8, header, {"reason": "host"}), 2),  # that one ended by a restart
        ((8, header, None), 2),  # and that one with the power
        ((8, {"plan_id": "other", "step": 2}, {"reason": "target"}), 2),
        ((8, {"plan_id": "short"}, {"reason": "target"}), 2),
    ):
        assert resumed(newest).done_n == done_n, newest
    rig.push({**PLAN, "name": "Changed since"})
    assert not resumed(None).has_plan
    rig.plans.keep_progress("", 0, 9)
    assert not resumed(None).has_plan


def test_what_was_moved_since_the_latest_set_outlasts_the_power(rig: Rig) -> None:
    nothing = ((0, 0), {})
    assert plan_start.rest(rig.nvs, 7) == nothing  # type: ignore[arg-type]
    rig.plans.keep_rest(7, (120, 3), {"kick": [2, 40]})
    assert plan_start.rest(rig.nvs, 7) == ((120, 3), {"kick": [2, 40]})  # type: ignore[arg-type]
    assert plan_start.rest(rig.nvs, 8) == nothing  # type: ignore[arg-type]


def test_a_long_plan_is_read_back_piece_by_piece_and_no_character_is_cut(rig: Rig) -> None:
    plan = {
        **PLAN,
        "rule": {"green": {"rpe": 5}, "amber": {"rpe": 7}, "red_text": "×" * 30, "amber_text": "–" * 30},
    }
    for shift in range(4):
        text = json.dumps(
            {**plan, "blocks": PLAN["blocks"] * 5, "name": "x" * (shift + 1)}, ensure_ascii=False
        )
        rig.ask("plan-save", rig.put(text))
        found = ""
        while len(found.encode()) < len(text.encode()):
            found += rig.ask("plan-get", "short", len(found.encode()))["text"]
        assert found == text


def test_nothing_is_erased_while_something_is_kept_and_what_is_over_is_erased_ahead(rig: Rig) -> None:
    for n in range(6):
        rig.push({**PLAN, "name": f"Number {n}", "blocks": PLAN["blocks"] * 20})
        rig.ask("setting", "volume", str(1 + n % 4))
    assert rig.flash.erase_n == 0 and not rig.plans.is_short
    for n in range(10):
        rig.push({**PLAN, "name": f"Number {n}", "blocks": PLAN["blocks"] * 20})
    assert rig.flash.erase_n == 0 and rig.plans.is_short
    while rig.plans.erase_step():
        pass
    assert not rig.plans.is_short and rig.flash.erase_n > 8 and rig.stored() == ["short"]
    erased_n = rig.flash.erase_n
    assert not rig.plans.erase_step() and rig.flash.erase_n == erased_n


def test_an_upload_that_nothing_came_of_leaves_a_sector_that_is_erased_ahead(rig: Rig) -> None:
    rig.push(PLAN)
    while rig.plans.erase_step():
        pass
    for n in range(5):
        rig.put(json.dumps({**PLAN, "name": f"Number {n}", "blocks": PLAN["blocks"] * 20}))
    assert rig.flash.erase_n == 0
    while rig.plans.erase_step():
        pass
    assert rig.flash.erase_n == 4, "the last one may still be saved"


def test_a_running_upload_outlasts_what_is_erased_meanwhile(rig: Rig) -> None:
    text = json.dumps({**PLAN, "blocks": PLAN["blocks"] * 20})
    half = len(text) // PIECE_BYTES // 2 * PIECE_BYTES
    assert half > 400
    rig.push({**PLAN, "blocks": PLAN["blocks"] * 9})
    rig.push(PLAN)
    for at in range(0, half, PIECE_BYTES):
        rig.ask("put", at, text[at : at + PIECE_BYTES])
    while rig.plans.erase_step():
        pass
    for at in range(half, len(text), PIECE_BYTES):
        rig.ask("put", at, text[at : at + PIECE_BYTES])
    assert rig.ask("plan-save", binascii.crc32(text.encode()))["saved"] == "short"


def test_every_boot_has_a_number_and_each_new_store_an_era() -> None:
    nvs = Nvs()
    first, second = (begin_boot(nvs, False) for _ in range(2))  # type: ignore[arg-type]
    assert (first["boot"], second["boot"]) == (1, 2) and first["era"] == second["era"]
    third = begin_boot(nvs, True)  # type: ignore[arg-type]
    assert third["boot"] == 3 and third["era"] != first["era"]
    assert begin_boot(nvs, False)["era"] == third["era"]  # type: ignore[arg-type]
    assert begin_boot(Nvs(), False)["era"] != third["era"]  # type: ignore[arg-type]


@pytest.mark.parametrize("blocks_n", [0, 3, 40])
def test_the_newest_set_tells_how_it_began_and_ended(blocks_n: int) -> None:
    log = SetLog(NorFlash())
    recovery.mount(log)
    assert latest.latest_set(log) is None
    for no in (1, 2):
        log.begin({"no": no, "rig": "aabb", "step": no, "plan_id": "short"})
        for i in range(blocks_n):
            log.append(records.TYPE_BLOCK, bytes(200 + i))
        if no == 2:
            found = latest.latest_set(log)
            assert found and found[0] == 2 and found[1]["step"] == 2 and found[2] is None
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    found = latest.latest_set(log)
    assert found and found[0] == 2 and found[1]["plan_id"] == "short" and found[2] == {"reason": "still"}
