"""The deframer under every damage that a serial line can do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrorig.link.frames import PIECE_MAX, TEXT_MAX, Deframer, Frame
from rigcore.framing import frame

FRAMES = st.builds(
    Frame, st.sampled_from([0x41, 0x44, 0x54]), st.integers(0, 65535), st.binary(max_size=600).filter(len)
)


def encode(one: Frame) -> bytes:
    return bytes(frame(one.kind, one.n, one.payload))


def feed_in_pieces(data: bytes, cuts: list[int]) -> tuple[list[Frame], Deframer]:
    deframer = Deframer()
    found = []
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for low, high in zip(places, places[1:], strict=False):
        found += deframer.feed(data[low:high])
    return found, deframer


@given(
    st.lists(FRAMES, max_size=6),
    st.lists(st.integers(0, 10_000), max_size=20),
    st.text("abc >\r\n", max_size=40),
)
def test_frames_arrive_whole_whatever_the_pieces_and_the_text_between(
    frames: list[Frame], cuts: list[int], text: str
) -> None:
    data = b"".join(text.encode() + encode(one) for one in frames)
    found, deframer = feed_in_pieces(data, cuts)
    assert found == frames
    if frames and text:
        assert text in deframer.text


@given(st.lists(FRAMES, min_size=1, max_size=6), st.data())
def test_damage_costs_only_the_frames_it_touches(frames: list[Frame], data: st.DataObject) -> None:
    """A flipped, dropped or doubled byte: no wrong frame ever comes out, and the others all do."""
    hit = data.draw(st.integers(0, len(frames) - 1))
    encoded = [bytearray(encode(one)) for one in frames]
    place = data.draw(st.integers(0, len(encoded[hit]) - 1))
    how = data.draw(st.sampled_from(["flip", "drop", "double"]))
    if how == "flip":
        encoded[hit][place] ^= data.draw(st.integers(1, 255))
    elif how == "drop":
        del encoded[hit][place]
    else:
        encoded[hit].insert(place, encoded[hit][place])
    found, _ = feed_in_pieces(b"".join(map(bytes, encoded)), [])
    safe = [one for number, one in enumerate(frames) if number != hit]
    assert found in (frames, safe)


@given(st.binary(max_size=3000))
def test_noise_yields_no_frame_and_a_frame_after_it_is_found(noise: bytes) -> None:
    deframer = Deframer()
    assert deframer.feed(noise) == []
    assert deframer.feed(encode(Frame(0x41, 7, b"{}"))) == [Frame(0x41, 7, b"{}")]


def test_endless_noise_is_not_hoarded() -> None:
    deframer = Deframer()
    for _ in range(20):
        deframer.feed(b"x" * (PIECE_MAX // 2))
    assert 0 < len(deframer.text) <= TEXT_MAX
    assert deframer.feed(encode(Frame(0x41, 7, b"{}"))) == [Frame(0x41, 7, b"{}")]
