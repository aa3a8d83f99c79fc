"""Values as bits: read back, the same that every version wrote, and few of them."""

from hypothesis import example, given
from hypothesis import strategies as st

from rigcore import varbits
from rigcore.decode import BitReader
from rigcore.varbits import BitWriter

INT30 = st.integers(-(2**29), 2**29 - 1)


@given(st.lists(st.tuples(INT30, st.integers(0, 19))))
def test_rice_codes_read_back(pairs):
    writer = BitWriter(bytearray(8 * len(pairs) + 8))
    for value, k in pairs:
        writer.put_rices([value], 0, 1, k)
    reader = BitReader(writer.buf[: writer.finish()])
    assert [reader.get_rice(k) for _, k in pairs] == [value for value, _ in pairs]


@given(st.lists(st.tuples(INT30, st.integers(0, 19))))
def test_steep_codes_read_back(pairs):
    writer = BitWriter(bytearray(8 * len(pairs) + 8))
    for value, k in pairs:
        writer.put_steeps([value], 1, k)
    reader = BitReader(writer.buf[: writer.finish()])
    assert [reader.get_steep(k) for _, k in pairs] == [value for value, _ in pairs]


def _signed(value):
    width = (value if value >= 0 else ~value).bit_length() + 1
    return f"{width - 1:05b}{value & (1 << width) - 1:0{width}b}"


def _low(number, width):
    return f"{number & (1 << width) - 1:0{width}b}" if width else ""


@given(INT30 | st.integers(-5000, 5000), st.integers(0, 19))
@example(6 * 256 - 1, 8)
@example(6 * 256, 8)
@example(2047, 0)
@example(2048, 0)
def test_the_bits_of_a_value_are_those_that_every_version_reads(value, k):
    """Ones and a zero, or twelve ones and the value with its width: what was logged years ago is read by this."""
    folded = 2 * value if value >= 0 else -2 * value - 1
    far, high = "1" * 12 + _signed(value), (folded >> k) + 1
    rice = far if folded >> k >= 12 else "1" * (folded >> k) + "0" + _low(folded, k)
    width = high.bit_length() - 1
    steep = far if width >= 12 else "1" * width + "0" + _low(high, width) + _low(folded, k)
    for write, bits in (("put_rices", rice), ("put_steeps", steep), ("put_signed", _signed(value))):
        writer = BitWriter(bytearray(20))
        arguments = {"put_rices": ([value], 0, 1, k), "put_steeps": ([value], 1, k), "put_signed": (value,)}
        getattr(writer, write)(*arguments[write])
        found = "".join(f"{byte:08b}" for byte in writer.buf[: writer.finish()])
        assert found == bits + "0" * (-len(bits) % 8), write


@given(st.lists(st.integers(-16, 16), min_size=40, max_size=96), st.integers(0, 5), st.integers(50, 200))
def test_steep_codes_take_at_most_a_bit_a_value_more_than_with_the_best_parameter(near, far_n, far):
    values = near + [far] * far_n

    def length(k):
        writer = BitWriter(bytearray(1000))
        writer.put_steeps(values, len(values), k)
        return writer.finish()

    assert (
        length(varbits.good_steep_k(values, len(values))) <= min(map(length, range(8))) + len(values) / 8 + 1
    )


@given(st.lists(INT30))
def test_signed_values_read_back(values):
    writer = BitWriter(bytearray(6 * len(values) + 8))
    for value in values:
        writer.put_signed(value)
    reader = BitReader(writer.buf[: writer.finish()])
    assert [reader.get_signed() for _ in values] == values
