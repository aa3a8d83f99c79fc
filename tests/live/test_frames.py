"""Telemetry on the line: the board's quick way to a frame, and what the host makes of the payload."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.live.telling_board import payload

from retrorig.link.frames import parse_frame
from retrorig.live import words
from retrorig.live.telemetry import Telemetry, parse
from rigcore.framing import PAYLOAD_AT, room, sealed

U16, U32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
I32 = st.integers(-(2**31), 2**31 - 1)
WORDS = st.text(st.characters(exclude_characters="\t\n\0", codec="utf-8"), max_size=20)


def parsed(**values: object) -> Telemetry:
    found = parse(payload(**values))  # type: ignore[arg-type]
    assert found is not None
    return found


@given(
    st.binary(min_size=1, max_size=1100)
    | st.lists(st.sampled_from([0, 1]), min_size=1, max_size=1100).map(bytes)
    | st.integers(240, 1100).map(lambda n: b"x" * n)
)
def test_a_frame_made_where_it_lies_is_what_others_read(body: bytes) -> None:
    out = bytearray(b"\xaa" * room(len(body)))
    out[PAYLOAD_AT : PAYLOAD_AT + len(body)] = body
    made = bytes(sealed(0x54, 7, out, len(body)))
    assert len(out) == room(len(body))
    assert made[0] == made[-1] == 0 and 0 not in made[1:-1]
    frame = parse_frame(made[1:-1])
    assert frame is not None and (frame.kind, frame.n, frame.payload) == (0x54, 7, body)


@given(board_us=st.integers(0, 2**63), set_no=U32, index=U16, of=U16, target=st.sampled_from("dtso"), amount=U32,
       speed_mmps=I32, force_mn=st.just(-(2**30)) | I32, distance_mm=I32, elapsed_ms=U32, wait_ms=U32, steps=U16,
       lost=U32, dropped=U32, skipped=U32, state=WORDS, athlete=WORDS, trouble=WORDS, doubt=WORDS)  # fmt: skip
def test_every_field_arrives_in_its_unit(**sent: object) -> None:
    found = parsed(**sent)
    for name in (
        "board_us",
        "set_no",
        "index",
        "of",
        "steps",
        "lost",
        "dropped",
        "skipped",
        "state",
        "athlete",
    ):
        assert getattr(found, name) == sent[name], name
    for name, unit in (
        ("speed_mps", "speed_mmps"),
        ("distance_m", "distance_mm"),
        ("elapsed_s", "elapsed_ms"),
    ):
        assert round(getattr(found, name) * 1000) == sent[unit], name
    assert (
        found.force_n is None
        if sent["force_mn"] == -(2**30)
        else round((found.force_n or 0) * 1000) == sent["force_mn"]
    )
    assert found.target[0] == sent["target"]
    assert found.faults == tuple(word for word in (sent["trouble"], sent["doubt"]) if word)
    assert found.cadence_spm is None


@given(st.integers(1, 300))
def test_a_cadence_comes_behind_the_words_and_an_older_rigs_is_unknown(spm: int) -> None:
    assert parsed(cadence=str(spm)).cadence_spm == spm
    older = payload().rsplit(b"\t", 1)[0]
    found = parse(older)
    assert found is not None and found.cadence_spm is None and found.state == "idle"


@given(st.binary(max_size=60), st.integers(2, 255))
def test_other_versions_and_rubbish_are_skipped(rest: bytes, version: int) -> None:
    assert parse(payload(version=version)) is None
    assert parse(rest[:55]) is None


def test_what_is_left_of_each_kind_of_target() -> None:
    running = {"state": "running", "distance_mm": 4_000, "elapsed_ms": 20_000, "steps": 3}
    assert parsed(target="d", amount=10_000, **running).left == 6.0
    assert parsed(target="t", amount=30_000, **running).left == 10.0
    assert parsed(target="s", amount=10, **running).left == 7
    assert parsed(target="o", **running).left is None
    assert parsed(target="d", amount=3_000, **running).left == 0.0
    assert parsed(target="d", amount=10_000, distance_mm=9_999, state="armed").left == 10.0, (
        "of the set to come"
    )
    assert parsed(target="d", amount=10_000, **running).share == 0.4


def test_the_screen_says_it_in_words() -> None:
    told = parsed(
        target="d", amount=10_000, distance_mm=2_500, elapsed_ms=61_000, state="running", index=1, of=5
    )
    assert words.headline(told) == ("metres left", "7.5")
    assert words.position(told) == "set 2 of 5, 10 m, 1:01 under way"
    resting = parsed(state="resting", wait_ms=42_400, index=5, of=5, athlete="a3")
    assert words.state_of(resting) == "resting, 42 s left"
    assert words.position(resting) == "set 5 of 5"
    assert words.athlete_of(resting, {"a3": "Zoë"}) == "Zoë" and words.athlete_of(resting, {}) == "a3"
    assert words.losses(parsed(lost=3, dropped=2)).count(";") == 1


@pytest.mark.parametrize(
    ("target", "amount", "place", "number"),
    [
        ("d", 12_500, "set 2 of 5, 12.5 m, 0:20 under way", ("metres left", "8.5")),
        ("t", 90_000, "set 2 of 5, 1:30, 0:20 under way", ("time left", "1:10")),
        ("s", 30, "set 2 of 5, 30 steps, 0:20 under way", ("steps left", "27")),
        ("o", 0, "set 2 of 5, 0:20 under way", ("metres backward", "4.0")),
    ],
)
def test_a_set_s_place_and_what_is_left_of_it_are_told_in_the_unit_of_its_target(
    target: str, amount: int, place: str, number: tuple[str, str]
) -> None:
    told = {"target": target, "amount": amount, "index": 1, "of": 5, "distance_mm": 4_000}
    running = parsed(**told, elapsed_ms=20_000, steps=3, state="running")
    assert (words.position(running), words.headline(running)) == (place, number)
    armed = parsed(**told, state="armed")
    assert words.position(armed) == place.removesuffix(", 0:20 under way")
    assert words.headline(armed) == ("metres backward", "4.0"), "of the set before"
