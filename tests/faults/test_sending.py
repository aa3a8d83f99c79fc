"""Sets and telemetry on their way to the host: what is asked for, in pieces, and nothing besides."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from tests.faults.store_rig import StoreRig

from app.commands import Reply
from rigcore import fields, protocol, records
from rigcore.framing import TYPE_ANSWER, TYPE_DATA, TYPE_TELEMETRY, sealed
from rigcore.protocol import FRAME_MAX, FRAME_MIN
from rigcore.request_encoding import build_request
from rigcore.set_bytes import read_set


def test_a_repeated_read_brings_the_data_again() -> None:
    """Its frames were lost with its answer."""
    rig = StoreRig()
    line = build_request(5, "read", "1", "0", "150", "64")
    first, again = rig.give(line), rig.give(line)
    assert again == first and [kind for kind, *_ in first] == [TYPE_DATA] * 3 + [TYPE_ANSWER]


@pytest.mark.parametrize(("asked", "longest"), [(1, FRAME_MIN), (200, 200), (9000, FRAME_MAX)])
def test_a_piece_is_as_long_as_was_asked_within_what_a_frame_may_hold(asked: int, longest: int) -> None:
    rig = StoreRig()
    rig.log.begin({"no": 4, "rig": "aabb"})
    for _ in range(8):
        rig.log.append(records.TYPE_BLOCK, bytes(250))
    rig.log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    *data, (_, _, answer) = rig.give(build_request(1, "read", "4", "0", "1400", str(asked)))
    sizes = [len(payload) - 8 for _, _, payload in data]
    assert max(sizes) == longest and sum(sizes) == json.loads(answer)["sent"] == 1400


def test_a_read_goes_over_to_the_sets_that_follow_each_from_its_first_byte() -> None:
    """Every byte of the store from there on, once, under the number and the place that its frame names."""
    rig = StoreRig()
    log = rig.log
    there = {log.index.no[i]: bytes(read_set(log, i, 0, log.index.length[i])) for i in range(len(log.index))}
    *data, _ = rig.give(build_request(1, "read", "1", "100", "99999", "250"))
    got = {1: bytearray(there[1][:100]), 2: bytearray(), 3: bytearray()}
    for _, _, payload in data:
        no, offset = struct.unpack_from("<II", payload)
        assert offset == len(got[no])
        got[no] += payload[8:]
    assert got == there


def test_one_request_has_no_more_sent_than_it_may_and_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = StoreRig()
    there = sum(rig.log.index.length)
    assert json.loads(rig.give(build_request(1, "read", "1", "0", "99999"))[-1][2])["sent"] == there
    beyond = rig.give(build_request(2, "read", "1", "99999", "10"))
    assert [json.loads(answer)["sent"] for _, _, answer in beyond] == [0]
    monkeypatch.setattr(protocol, "READ_MAX", 500)
    assert json.loads(rig.give(build_request(3, "read", "1", "0", "99999"))[-1][2])["sent"] == 500


def test_a_new_request_ends_what_was_being_sent_for_the_one_before() -> None:
    rig = StoreRig()
    rig.line.incoming += build_request(1, "read", "1", "0", "99999", "64")
    while not rig.handler.is_sending:
        rig.handler.step()
    frames = rig.give(build_request(2, "sets", "0"))
    assert frames[-1][:2] == (TYPE_ANSWER, 2) and not rig.handler.is_sending
    assert [n for kind, n, _ in frames if kind == TYPE_ANSWER] == [2]


class Telemetry:
    """What `live` starts: frames while some are due, until it is over."""

    def __init__(self) -> None:
        self.due_n = self.renewed_n = 0
        self.has_ended = False

    def verbs(self) -> dict[str, Any]:
        return {"live": (lambda: Reply({"period_ms": 7}, telemetry=self), lambda rig: (), 0, 0)}

    def renew(self) -> None:
        self.renewed_n += 1

    def is_over(self) -> bool:
        return self.has_ended

    def due_frame(self, n: int, out: bytearray) -> memoryview | None:
        self.due_n -= 1
        return sealed(TYPE_TELEMETRY, n, out, 4) if self.due_n >= 0 else None


def test_telemetry_goes_under_its_own_number_where_nothing_else_is_on_the_line_until_it_is_over() -> None:
    rig, telemetry = StoreRig(), Telemetry()
    rig.handler._telemetry = telemetry  # type: ignore[assignment]

    def heard(line: bytes) -> list[tuple[int, int]]:
        telemetry.due_n = 1
        return [(kind, n) for kind, n, _ in rig.give(line)]

    assert heard(build_request(7, "live")) == [(TYPE_ANSWER, 7), (TYPE_TELEMETRY, 7)]
    assert heard(build_request(8, "sets", "0")) == [(TYPE_ANSWER, 8), (TYPE_TELEMETRY, 7)]
    assert telemetry.renewed_n == 2, "each request says that somebody listens"
    request, telemetry.due_n = build_request(9, "sets", "0"), 1
    rig.line.incoming, rig.line.sent = request[:-3], bytearray()
    for _ in range(50):
        rig.line.now += 50
        rig.handler.step()
    assert not rig.line.sent, "the answer would have to wait for it"
    assert heard(request[-3:])[0] == (TYPE_ANSWER, 9)
    telemetry.has_ended = True
    assert heard(build_request(10, "sets", "0")) == [(TYPE_ANSWER, 10)]
    telemetry.has_ended = False
    assert heard(build_request(11, "sets", "0")) == [(TYPE_ANSWER, 11)], "nor does it begin again by itself"


def test_sets_are_listed_from_the_one_that_was_asked_for_and_so_many_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = StoreRig()

    def listed(n: int, first: str) -> tuple[int, int, list[int]]:
        found = json.loads(rig.give(build_request(n, "sets", first))[-1][2])
        return found["first"], found["next"], [no for no, *_ in found["sets"]]

    assert listed(1, "2") == (1, 4, [2, 3])
    assert listed(2, "4") == (1, 4, [])
    monkeypatch.setattr(protocol, "SETS_PER_ANSWER", 2)
    assert listed(3, "0") == (1, 4, [1, 2])
    rig.give(build_request(4, "confirm", "3"))
    assert listed(5, "0") == (4, 4, []), "an empty store begins with what comes next"


@pytest.mark.parametrize("no", [1, 2])
def test_a_set_is_confirmed_with_the_checksum_that_was_listed_and_with_no_other(no: int) -> None:
    rig = StoreRig()
    crc = rig.log.index.crc[no - 1]
    refusal = json.loads(rig.give(build_request(1, "confirm", str(no), str(crc ^ 1)))[-1][2])
    assert refusal["err"] == protocol.ERR_CHANGED and list(rig.log.index.no) == [1, 2, 3]
    answer = json.loads(rig.give(build_request(2, "confirm", str(no), str(crc)))[-1][2])
    assert answer == {"ok": 1, "confirmed": no} and list(rig.log.index.no) == [1, 2, 3][no:]
