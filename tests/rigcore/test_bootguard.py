"""Crashes are counted in a memory that survives them and holds noise after power-up."""

from hypothesis import given
from hypothesis import strategies as st

from rigcore.bootguard import crashes, keep


@given(st.integers(0, 400))
def test_what_was_kept_is_read_and_a_byte_holds_no_more_than_255(crash_n):
    assert crashes(keep(crash_n)) == min(crash_n, 255)
    assert crashes(bytearray(keep(crash_n))) == min(crash_n, 255), "as the chip's memory gives it"


@given(st.binary(max_size=16) | st.sampled_from([keep(9)[:-1], keep(9) + b"\0", b"X" + keep(9)[1:]]))
def test_noise_is_no_crash(memory):
    assert crashes(memory) == 0 or memory == keep(memory[-1])
    assert crashes(b"") == crashes(bytes(2048)) == 0
