"""Frames and requests on the line against independent oracles, undamaged and damaged."""

import binascii
import struct

import cobs.cobs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rigcore import framing, protocol, request_encoding

payloads = st.binary(max_size=1000) | st.integers(0, 1000).map(lambda n: b"x" * n)


@given(payloads, st.integers(0, 255), st.integers(0, 65535))
def test_frames_are_cobs_with_a_crc(payload, kind, n):
    frame = bytes(framing.frame(kind, n, payload))
    assert frame[0] == frame[-1] == 0 and 0 not in frame[1:-1]
    plain = cobs.cobs.decode(frame[1:-1])
    assert plain[:-4] == struct.pack("<BH", kind, n) + payload
    assert struct.unpack("<I", plain[-4:])[0] == binascii.crc32(plain[:-4])


texts = st.text(max_size=3)


@given(st.integers(0, 65534), st.lists(texts, max_size=2))
def test_requests_read_back(n, args):
    line = request_encoding.build_request(n, "verb", *args)
    assert line[-1:] == b"\n" and all(32 <= b < 127 for b in line[:-1])
    assert protocol.parse_request(line[:-1]) == (n, "verb", args)


@given(st.integers(0, 65534), st.lists(texts, max_size=2), st.data())
def test_a_damaged_request_is_refused(n, args, data):
    line = bytearray(request_encoding.build_request(n, "verb", *args)[:-1])
    position = data.draw(st.integers(0, len(line) - 1))
    line[position] ^= 1 << data.draw(st.integers(0, 6))
    try:
        assert protocol.parse_request(bytes(line)) == (n, "verb", args)  # upper case in the checksum
    except protocol.RequestError as refusal:
        assert refusal.args[0] == protocol.ERR_FORM


@given(st.binary(max_size=130))
def test_any_line_is_parsed_or_refused(line):
    try:
        n, verb, args = protocol.parse_request(line)
    except protocol.RequestError:
        return
    assert request_encoding.build_request(n, verb, *args)


def test_an_overlong_request_is_refused():
    with pytest.raises(ValueError, match="120"):
        request_encoding.build_request(1, "athlete", "x" * 120)
