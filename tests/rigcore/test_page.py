"""The protocol page says what the code does: a reader written from the page alone reads what the firmware writes."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from page_reader import FIELDS, PAGE, read_frames, read_set
from rigcore import blocks, fields, framing, protocol, records
from rigcore.ticks import TICKS_PERIOD


def kind(number):
    kinds = {"more": (fields.MORE,), "text": fields.TEXTS, "list": fields.LISTS, "json": fields.OBJECTS}
    return next((name for name, numbers in kinds.items() if number in numbers), "int")


sample = st.tuples(
    st.integers(1_000, 300_000),
    st.integers(-3000, 3000),
    st.integers(-(2**23), 2**23 - 1) | st.integers(2**25, 2**25 + 3),
)


def test_the_page_lists_every_field_and_no_other():
    assert {n: (name, kind(n)) for n, name in fields.FIELDS.items()} == FIELDS


def test_the_page_names_every_limit_and_code():
    page = PAGE.read_text(encoding="utf-8")
    for number in (protocol.LINE_MAX, protocol.FRAME_MIN, protocol.FRAME_MAX, protocol.SETS_PER_ANSWER):
        assert re.search(rf"\b{number}\b", page), number
    for name in dir(protocol):
        if name.startswith("ERR_"):
            assert f"`{getattr(protocol, name)}`" in page, name


@given(
    st.lists(st.tuples(st.binary(max_size=600), st.integers(0, 65534)), max_size=5), st.binary(max_size=20)
)
def test_frames_are_read_between_anything(payloads, noise):
    noise = noise.replace(b"\0", b"")
    stream = noise.join([b"", *(bytes(framing.frame(0x44, n, payload)) for payload, n in payloads), b""])
    assert read_frames(stream) == [(0x44, n, payload) for payload, n in payloads]


@settings(max_examples=40)
@given(st.lists(st.lists(sample, min_size=1, max_size=96), max_size=3), st.integers(1, 2**32 - 1))
def test_a_set_is_read_from_the_page(block_list, no):
    parts = [
        records.seal(records.TYPE_HEADER, 0, records.pack_header({"no": no, "rig": "é", "zero": -5}), no)
    ]
    encoder, t_us, count, expected = (
        blocks.BlockEncoder(bytearray(blocks.BYTES_MAX)),
        TICKS_PERIOD - 500_000,
        -7,
        [],
    )
    for block in block_list:
        for step_us, edges, code in block:
            t_us, count = t_us + step_us // 16 * 16, count + edges
            encoder.add(t_us // TICKS_PERIOD, t_us % TICKS_PERIOD, count, code)
            expected.append((t_us, count, code))
        parts.append(records.seal(records.TYPE_BLOCK, len(parts), encoder.pack(), no))
    parts.append(records.seal(records.TYPE_END, len(parts), fields.pack({"reason": "still", "lost": 3}), no))
    parts.append(records.seal(records.TYPE_NOTE, len(parts), fields.pack({"rpe": 7, "new_key": [1, 2]}), no))
    found = read_set(b"".join(parts))
    assert found["samples"] == expected and found["holes"] == 0
    assert found["header"] == {"no": no, "rig": "é", "zero": -5}
    assert found["end"] == {"reason": "still", "lost": 3}
    assert found["note"] == {"rpe": 7, "new_key": [1, 2]}
