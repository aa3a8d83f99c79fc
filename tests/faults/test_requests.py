"""Whatever arrives on the line: the board answers with an error or nothing, executes nothing, keeps sampling."""

from __future__ import annotations

import inspect
import json
import sys
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faults.store_rig import StoreRig

from app.commands import MODULES, carry_out, integer, verbs_with
from app.plan_store import PlanStore
from app.request_handler import KEPT_N, QUIET_LOOKS
from app.settings import Settings
from app.transient import collect_by
from nor import NorFlash
from rigcore import fields, protocol, records
from rigcore.flash_ring import StoreFull
from rigcore.framing import TYPE_ANSWER
from rigcore.kept import SECTORS_N, KeptValues
from rigcore.protocol import ERR_MOVING, ERR_NO_SET, ERR_STORE, RequestError
from rigcore.request_encoding import build_request

VERBS = ("hello", "clock", "athlete", "sets", "read", "confirm", "tare", "eval", "__import__", "")


arguments = st.text(max_size=12) | st.integers(-5, 2**70).map(str)


def request(n: int, verb: str, args: list[str]) -> bytes:
    try:
        return build_request(n, verb, *args)[:-1]
    except ValueError:
        return b"@too long"


well_formed = st.builds(
    request, st.integers(0, 65534), st.sampled_from(VERBS), st.lists(arguments, max_size=4)
)
anything = st.binary(max_size=200).map(lambda data: data.replace(b"\n", b" "))


@settings(max_examples=150, deadline=None)
@given(st.lists(anything | well_formed, max_size=6))
def test_no_line_breaks_the_handler_or_touches_a_set(lines: list[bytes]) -> None:
    rig = StoreRig()
    index = rig.log.index
    before = list(zip(index.no, index.length, index.crc, strict=True))
    for line in lines:
        for kind, n, payload in rig.give(line + b"\n"):
            if kind == 0x41:
                answer = json.loads(payload)
                assert ("ok" in answer) != ("err" in answer)
            else:
                assert kind == 0x44 and n < 65535
    kept = list(zip(rig.log.index.no, rig.log.index.length, rig.log.index.crc, strict=True))
    assert kept == [entry for entry in before if entry[0] > rig.log.confirmed]
    assert rig.athlete == "" or all(c.isalnum() or c in "-_" for c in rig.athlete)
    frames = rig.give(b"\n" + build_request(9, "sets", "0"))
    assert json.loads(frames[-1][2])["sets"] == [list(entry) for entry in kept]


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_labels_carry_no_paths_formulas_or_control_characters(label: str) -> None:
    rig = StoreRig()
    try:
        line = build_request(1, "athlete", label)
    except ValueError:
        return
    answer = json.loads(rig.give(line)[-1][2])
    is_plain = len(label) <= 24 and all(c.isalpha() or c.isdigit() or c in "-_" for c in label)
    assert ("ok" in answer) == is_plain
    assert rig.athlete == (label if is_plain else "")


def test_the_running_set_can_not_be_confirmed() -> None:
    """Its room would be erased under it."""
    rig = StoreRig()
    rig.log.begin({"no": 4, "rig": "aabb"})
    rig.log.append(records.TYPE_BLOCK, bytes(300))
    assert json.loads(rig.give(build_request(1, "confirm", "4"))[-1][2])["err"] == ERR_NO_SET
    rig.log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    assert 4 in [no for no, *_ in json.loads(rig.give(build_request(2, "sets", "0"))[-1][2])["sets"]]
    assert json.loads(rig.give(build_request(3, "confirm", "4"))[-1][2]) == {"ok": 1, "confirmed": 4}


def test_the_latest_requests_module_stays_for_some_seconds_of_silence_and_while_sets_are_sent() -> None:
    """It takes room in the heap; but to load it costs time, and what sends must not lose it."""
    rig = StoreRig()
    rig.give(build_request(1, "sets", "0"))
    for _ in range(KEPT_N):
        rig.handler.settle()
    assert rig.handler._verbs
    rig.give(build_request(2, "confirm", "0"))
    for _ in range(KEPT_N):
        rig.handler.settle()
    assert rig.handler._verbs, "a request begins the time anew"
    rig.handler.settle()
    assert not rig.handler._verbs
    rig.line.incoming += build_request(3, "read", "1", "0", "600")
    while not rig.handler.is_sending:
        rig.handler.step()
    for _ in range(3 * KEPT_N):
        rig.handler.settle()
    assert rig.handler._verbs


def test_a_host_is_thought_to_ask_nothing_more_after_three_seconds_however_often_memory_was_collected() -> (
    None
):
    """A request collects some times itself; the rig erases once the host is quiet, which would hold up its next."""
    rig = StoreRig()
    for n in range(2):
        rig.give(build_request(n, "sets", "0"))
        for _ in range(3 * KEPT_N):
            rig.handler.settle()
        rig.handler.looks_n += QUIET_LOOKS
        assert not rig.handler.is_quiet
        rig.handler.looks_n += 1
        assert rig.handler.is_quiet


def test_a_number_has_up_to_fifteen_digits_and_nothing_else() -> None:
    for text in ("0", "7", "1700000000000", "9" * 15):
        assert integer(text) == int(text)
    for text in ("", "-1", "+1", "1.0", " 1", "0x1", "9" * 16):
        with pytest.raises(RequestError) as refusal:
            integer(text)
        assert refusal.value.args[0] == protocol.ERR_ARGUMENT


@pytest.mark.parametrize(
    ("verb", "fewest", "most"),
    [("sets", 0, 1), ("read", 3, 4), ("confirm", 1, 2), ("hello", 0, 0), ("clock", 1, 1)],
)
def test_each_request_takes_its_arguments_and_no_others(verb: str, fewest: int, most: int) -> None:
    for n in range(6):
        answer = json.loads(StoreRig().give(build_request(1, verb, *["1"] * n))[-1][2])
        assert (answer.get("err") == protocol.ERR_ARGUMENT) == (not fewest <= n <= most)


@pytest.mark.parametrize("verb", [verb for _, names in MODULES for verb in names.split()])
def test_no_number_of_arguments_that_is_let_through_is_one_its_function_does_not_take(
    monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """The main loop would end by it."""
    monkeypatch.setitem(sys.modules, "machine", MagicMock())
    function, needs, fewest, most = verbs_with(verb)[verb]
    parameters = inspect.signature(function).parameters.values()
    given_n = len(needs(MagicMock()))
    wanted_n = sum(one.default is one.empty for one in parameters)
    assert (fewest, most) == (wanted_n - given_n, len(parameters) - given_n)


def test_what_was_asked_is_done_once_however_often_it_comes_and_again_under_another_number() -> None:
    rig = StoreRig()
    asked: list[int] = []
    rig.set_clock = lambda unix_ms: asked.append(unix_ms) or len(asked)  # type: ignore[method-assign]
    line = build_request(1, "clock", "1700000000000")
    first = rig.give(line)
    assert rig.give(line) == first and rig.give(line) == first and len(asked) == 1
    assert rig.give(build_request(2, "clock", "1700000000000")) != first and len(asked) == 2


def test_an_answer_is_kept_for_a_repeat_but_not_where_it_was_made_amid_garbage() -> None:
    rig = StoreRig()
    line = build_request(1, "confirm", "1")
    first = rig.give(line)
    line_before, answer_before = rig.handler._line, rig.handler._answer
    rig.handler.settle()
    assert rig.handler._line is not line_before and rig.handler._answer is not answer_before
    assert rig.give(line) == first


def test_what_the_store_knows_of_its_sets_is_made_anew_right_after_a_collection() -> None:
    rig = StoreRig()
    rig.give(build_request(0, "sets"))  # now what answers is loaded
    seen: list[list[int]] = []
    collect_by(lambda: seen.append(list(rig.log.index.no)))
    try:
        rig.give(build_request(1, "confirm", "2"))
    finally:
        collect_by(None)
    assert seen[-1] == [1, 2, 3] and list(rig.log.index.no) == [3]


@pytest.mark.parametrize(("error", "said"), [(MemoryError, protocol.ERR_MEMORY), (StoreFull, ERR_STORE)])
def test_a_board_that_can_not_says_why_and_goes_on(error: type[Exception], said: str) -> None:
    rig = StoreRig()

    def fail(unix_ms: int) -> int:
        raise error

    can, rig.set_clock = rig.set_clock, fail  # type: ignore[method-assign]
    assert json.loads(rig.give(build_request(1, "clock", "5"))[-1][2])["err"] == said
    rig.set_clock = can  # type: ignore[method-assign]
    assert json.loads(rig.give(build_request(2, "clock", "5"))[-1][2]) == {"ok": 1, "board_us": 5}


def test_a_line_that_is_none_is_answered_under_no_request_s_number_and_briefly() -> None:
    rig = StoreRig()
    for line in (b"garbage", b"@", b"@5 x zz"):
        ((kind, n, payload),) = rig.give(line + b"\n")
        assert (kind, n) == (TYPE_ANSWER, 65_535) and "err" in json.loads(payload)
    ((_, n, payload),) = rig.give(build_request(5, "x" * 60))
    assert n == 5 and json.loads(payload)["err"] == protocol.ERR_VERB and b"x" * 17 not in payload


def test_each_answer_but_a_repeated_one_counts_as_garbage_and_a_read_ends() -> None:
    rig = StoreRig()
    rig.give(build_request(1, "read", "1", "0", "99999"))
    assert not rig.handler.is_sending
    litter_kb = rig.handler.litter_kb
    rig.give(build_request(2, "sets", "0"))
    rig.give(build_request(2, "sets", "0"))
    assert litter_kb > 0 and rig.handler.litter_kb == 2 * litter_kb


class Still:
    """As much of a rig as a change of settings needs."""

    def __init__(self, is_still: bool, flash: NorFlash) -> None:
        self.settings = Settings({})
        self.plans = PlanStore(None, KeptValues(flash))  # type: ignore[arg-type]
        self.is_still = lambda: is_still


@pytest.mark.parametrize(
    ("is_still", "is_worn", "error"), [(False, False, ERR_MOVING), (True, True, ERR_STORE)]
)
def test_a_refused_change_of_settings_changes_nothing(is_still: bool, is_worn: bool, error: str) -> None:
    """The belt moves, or flash takes nothing."""
    flash = NorFlash(SECTORS_N)
    for sector in range(SECTORS_N if is_worn else 0):
        flash.bytes[sector * 4096 + 100] = 0
        flash.dead_erase.add(sector)
    content = bytes(flash.bytes)
    rig = Still(is_still, flash)
    before = rig.settings.all()
    assert before["sound"] == "on"
    with pytest.raises(RequestError) as refusal:
        carry_out(rig, "setting", ["sound", "off"], verbs_with("setting"))  # type: ignore[arg-type]
    assert refusal.value.args[0] == error
    assert rig.settings.all() == before and bytes(flash.bytes) == content
