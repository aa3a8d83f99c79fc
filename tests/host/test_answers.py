"""What a rig answers is taken as it is, or refused in one sentence: no key with another kind of value gets through."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retrorig.errors import RigRefusedError
from retrorig.forms import TEXT_MAX, WHOLE_MAX, is_plain, is_rig_id, plain
from retrorig.link.answers import accepted, answer_of

WHOLE = (0, 1, -1, WHOLE_MAX, 1 - WHOLE_MAX)
NO_WHOLE = (None, True, 1.0, "1", [], {}, WHOLE_MAX + 1, -WHOLE_MAX)
TEXT, NO_TEXT = ("", "é" * TEXT_MAX), (None, 1, ["x"], "x" * (TEXT_MAX + 1))
IDS, NO_IDS = ("a", "0123456789ab", "RR-Test_1", "x" * 32), ("", "a b", "../x", "x" * 33, "é", "a\n", None, 7)
BY_NAME, NO_BY_NAME = ({}, {"a": 1, "b": 0}), (None, [], {"a": "1"}, {"a": None}, {"a": 1, "b": True})
ROWS = ([], [[1, 2, 3]], [[0, 0, 0], [4, 5, WHOLE_MAX]])
NO_ROWS = (
    None,
    {},
    [1],
    [[1, 2]],
    [[1, 2, 3, 4]],
    [[1, 2, -1]],
    [[1, 2, "3"]],
    [[1, 2, 3], [1]],
    [(1.0, 2, 3)],
)
NUMBERS = (
    "counts", "speed_mmps", "sets", "room_bytes", "room_min", "room_sets", "bad_sectors", "heap_free", "lost",
    "dropped", "rate_mhz", "uptime_ms", "reset_cause",
)  # fmt: skip
FORMS = {
    "hello": {
        "rig": (IDS, NO_IDS),
        **dict.fromkeys(("firmware", "pack"), (TEXT, NO_TEXT)),
        **dict.fromkeys(("protocol", "oldest", "boot", "era", "board_us"), (WHOLE, NO_WHOLE)),
    },
    "info": {
        **dict.fromkeys(("state", "phase", "calibration", "doubt"), (TEXT, NO_TEXT)),
        "faults": (BY_NAME, NO_BY_NAME),
        "force_mn": ((*WHOLE, None), NO_WHOLE[1:]),
        **dict.fromkeys(NUMBERS, (WHOLE, NO_WHOLE)),
    },
    "clock": {"board_us": (WHOLE, NO_WHOLE)},
    "sets": {**dict.fromkeys(("first", "next"), (WHOLE, NO_WHOLE)), "sets": (ROWS, NO_ROWS)},
    "read": {"sent": (WHOLE, NO_WHOLE)},
    "plan-get": {"text": (("", "x" * 5000), (None, 1, [])), "length": (WHOLE, NO_WHOLE)},
    "trace": dict.fromkeys(("first", "end"), (WHOLE, NO_WHOLE)),
}  # fmt: skip
"""By request and key of its answer, what firmware/PROTOCOL.md says that it may be, and what it may not."""

KEYS = [(verb, key) for verb, keys in FORMS.items() for key in keys]


@pytest.mark.parametrize(("verb", "key"), KEYS)
def test_each_key_of_an_answer_is_of_its_kind(verb: str, key: str) -> None:
    right, wrong = FORMS[verb][key]
    for value in right:
        assert accepted(verb, answer_of(json.dumps({"ok": 1, key: value}).encode()))[key] == value
    for value in wrong:
        with pytest.raises(RigRefusedError, match=rf"makes no sense \({key} is not ") as raised:
            accepted(verb, answer_of(json.dumps({"ok": 1, key: value}).encode()))
        assert raised.value.code == "odd"


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"3", b'"x"', b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_answer_is_one_sentence(payload: bytes) -> None:
    with pytest.raises(RigRefusedError, match="makes no sense") as raised:
        answer_of(payload)
    assert str(raised.value).count(": ") == 1 and str(raised.value).endswith(".")


@pytest.mark.parametrize("key", ["board_us", "sets"])
def test_a_key_that_is_not_there_is_the_rigs_fault(key: str) -> None:
    with pytest.raises(RigRefusedError, match=f"it lacks {key}"):
        accepted("hello", answer_of(b'{"ok": 1}'))[key]


def test_other_keys_and_requests_are_what_they_are() -> None:
    """A newer rig may tell more."""
    answer: dict[str, Any] = {"ok": 1, "new": [1.5], "boot": 3}
    assert accepted("hello", answer_of(json.dumps(answer).encode())) == answer
    assert accepted("of-tomorrow", answer_of(b'{"boot": "x"}')) == {"boot": "x"}


@pytest.mark.parametrize(
    ("answer", "words", "code"),
    [
        ({"err": "moving", "text": "Stand still."}, "The rig refused: Stand still.", "moving"),
        ({"err": "moving"}, "The rig refused: moving", "moving"),
        ({"err": 7, "text": 8}, "The rig refused: 8", "7"),
        ({"err": "e" * 900, "text": "t" * 900}, "The rig refused: " + "t" * TEXT_MAX, "e" * TEXT_MAX),
    ],
)
def test_a_refusal_is_told_in_the_rigs_words_cut_short(answer: dict[str, Any], words: str, code: str) -> None:
    with pytest.raises(RigRefusedError) as raised:
        accepted("hello", answer_of(json.dumps(answer).encode()))
    assert (str(raised.value), raised.value.code) == (words, code)


@pytest.mark.parametrize("code", [*range(32), *range(0x7F, 0xA0), 0xD800, 0xDFFF])
def test_no_control_character_reaches_a_display(code: int) -> None:
    assert plain(f"a{chr(code)}b") == "a?b"
    assert not is_plain(f"a{chr(code)}b")
    assert not is_rig_id(f"a{chr(code)}b")


@pytest.mark.parametrize("code", [32, 0x7E, 0xA0, 0xD7FF, 0xE000, 0x1F3C3])
def test_what_can_be_shown_is_shown(code: int) -> None:
    assert plain(f"a{chr(code)}b") == f"a{chr(code)}b"
    assert is_plain(f"a{chr(code)}b")
    assert plain("x" * 900) == "x" * TEXT_MAX
