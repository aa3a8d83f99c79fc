"""Record, bit and line codecs against independent oracles, undamaged and damaged."""

import binascii
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rigcore import (
    bit_repair,
    blocks,
    decode,
    field_reader,
    fields,
    records,
)
from rigcore.force import FAULT_BASE
from rigcore.ticks import TICKS_PERIOD, LongClock

INT30 = st.integers(-(2**29), 2**29 - 1)


@given(st.lists(st.integers(-(2**20), 2**20), min_size=1, max_size=64), st.integers(0, 4))
def test_differences_invert(values, order):
    out = list(values)
    blocks.difference(out, len(out), order)
    decode.undifference(out, order)
    assert out == values


samples = st.lists(
    st.tuples(
        st.integers(5_000, 200_000),
        st.integers(-2000, 2000),
        st.integers(-(2**23), 2**23 - 1) | st.integers(FAULT_BASE, FAULT_BASE + 3),
    ),
    min_size=1,
    max_size=blocks.BLOCK_SAMPLES,
)


def packed(deltas, start_ticks=TICKS_PERIOD - 300_000, turns=2):
    """(encoder's body, expected samples) for time and count steps."""
    encoder, clock, expected = blocks.BlockEncoder(bytearray(blocks.BYTES_MAX)), LongClock(start_ticks), []
    clock.turns = turns
    ticks, count = start_ticks, 7
    for dt, dc, code in deltas:
        ticks = (ticks + dt) % TICKS_PERIOD
        count += dc
        clock.feed(ticks)
        encoder.add(clock.turns, ticks, count, code)
        expected.append((clock.board_us(ticks) // blocks.STEP_US * blocks.STEP_US, count, code))
    return encoder.pack(), expected


@given(st.lists(st.integers(0, 200), min_size=2, max_size=96), st.integers(1000, 9000))
def test_the_line_through_a_block_leaves_only_the_jitter(jitter_us, period_us):
    t_us = [i * period_us + j - jitter_us[0] for i, j in enumerate(jitter_us)]
    rest = list(t_us)
    offset_us, period_64us = blocks.flatten(rest, len(rest))
    assert [offset_us + (i * period_64us >> 6) + r for i, r in enumerate(rest)] == t_us
    spread = max(jitter_us) - min(jitter_us)
    assert sum(abs(r) for r in rest) <= 1.1 * len(rest) * (spread + 2)


@given(samples)
def test_blocks_read_back_across_the_wrap(deltas):
    body, expected = packed(deltas)
    assert decode.unpack_block(body) == expected


@given(st.integers(200_000, 4_000_000), st.lists(st.integers(0, 20_000), min_size=2, max_size=96))
def test_readings_slower_than_the_blocks_line_can_say_keep_their_times(period_us, late_us):
    """A quarter of a second is the most; a converter that fails gives one each second."""
    body, expected = packed([(period_us + late, 3, 1000) for late in late_us])
    assert decode.unpack_block(body) == expected


@pytest.mark.parametrize("late_us", [3008, -3008])
def test_a_first_reading_on_the_other_side_of_the_wrap_than_its_blocks_line_keeps_its_time(late_us):
    """The line through a block starts where its first reading was due: before the wrap for one read late after it."""
    period_us = 12_512
    first_us = late_us // 3  # after the wrap, or before it
    deltas = [(period_us, 0, 5), (period_us - late_us, 1, 5)] + [(period_us, 1, 5)] * 60
    body, expected = packed(deltas, start_ticks=(first_us - period_us) % TICKS_PERIOD)
    assert decode.unpack_block(body) == expected


@pytest.mark.parametrize("counts", [-2900, -1600, -1501, -1500, -1400, 1400, 1499, 1500, 1600, 2900])
@pytest.mark.parametrize("n", [2, 12, 40])
def test_a_belt_faster_than_the_blocks_line_can_say_keeps_every_count(n, counts):
    """Two counts a step of 16 us, 1500 from reading to reading, are all that its slope holds, either way; here every
    other reading is late."""
    body, expected = packed([(12_000 + 640 * (-1) ** i, counts, 0) for i in range(n)])
    assert decode.unpack_block(body) == expected


def test_a_block_begins_with_its_samples_its_start_and_its_period():
    """Times in steps of 16 us, the period in 1/64 step: what was logged years ago is read by this."""
    start_us, period_us = 5 * 12_512, 160_000
    body, _ = packed([(period_us, 0, 0)] * 40, start_ticks=start_us, turns=3)
    bits = "".join(f"{byte:08b}" for byte in body)
    start, period = (start_us + period_us) // 16, period_us * 64 // 16
    assert bits.startswith(f"{39:07b}{3:016b}{start:026b}{0:05b}{period:020b}" + 40 * "0" + f"{0:012b}")


def test_a_set_as_the_first_version_wrote_it_is_read():
    def record(kind, seq, body):
        head = struct.pack("<HB", kind << 12 | len(body), seq) + body
        return head + struct.pack("<I", binascii.crc32(head, 17))

    parts = [records.pack_header({"no": 17, "rig": "r"}), packed([(12_512, 1, 5)] * 9)[0]]
    parts += [fields.pack({"reason": "still"}), fields.pack({"rpe": 5})]
    blob = b"".join(record(kind, seq, body) for seq, (kind, body) in enumerate(zip((1, 2, 3, 5), parts)))
    raw = decode.decode_set(blob)
    assert (raw.header["no"], raw.end, raw.note) == (17, {"reason": "still"}, {"rpe": 5})
    assert raw.count == list(range(8, 17)) and raw.code == [5] * 9 and raw.lost_blocks == 0


def a_set(blocks, no=17, end=True):
    parts = [records.seal(records.TYPE_HEADER, 0, records.pack_header({"no": no, "rig": "r"}), no)]
    parts += [records.seal(records.TYPE_BLOCK, i + 1, packed(b)[0], no) for i, b in enumerate(blocks)]
    if end:
        parts.append(records.seal(records.TYPE_END, len(blocks) + 1, fields.pack({"reason": "still"}), no))
    return parts


few = st.lists(samples, min_size=1, max_size=3)


@given(few, st.data())
def test_a_flipped_bit_is_mended(blocks, data):
    parts = a_set(blocks)
    victim = data.draw(st.integers(0, len(parts) - 1))
    damaged = bytearray(parts[victim])
    position = data.draw(st.integers(0, len(damaged) - 1))
    damaged[position] ^= 1 << data.draw(st.integers(0, 7))
    assert bit_repair.mend(damaged, 17) == parts[victim]
    assert bit_repair.mend(parts[victim], 17) == parts[victim]


@given(few, st.data())
def test_a_badly_damaged_block_is_left_out_and_counted(blocks, data):
    parts = a_set(blocks)
    clean = decode.decode_set(b"".join(parts))
    assert clean.lost_blocks == 0 and clean.end == {"reason": "still"}
    assert clean.count == [c for b in blocks for _, c, _ in packed(b)[1]]
    victim = data.draw(st.integers(1, len(blocks)))
    damaged = bytearray(parts[victim])
    for bit in data.draw(
        st.lists(st.integers(16, len(damaged) * 8 - 1), min_size=2, max_size=3, unique=True)
    ):
        damaged[bit // 8] ^= 1 << bit % 8  # the length stays readable
    raw = decode.decode_set(b"".join(parts[:victim]) + bytes(damaged) + b"".join(parts[victim + 1 :]))
    assert raw.lost_blocks == 1
    kept = [b for i, b in enumerate(blocks, 1) if i != victim]
    assert raw.code == [code for b in kept for _, _, code in b]


values = st.fixed_dictionaries(
    {},
    optional={
        "rig": st.text(max_size=20), "start_us": st.integers(-(2**50), 2**50), "athlete": st.text(max_size=40),
        "zero": st.integers(-(2**23), 2**23), "rpe": st.none() | st.integers(0, 10),
        "later": st.lists(st.integers(), max_size=30),
        "rest_counts": st.lists(st.integers(-(2**40), 2**40), max_size=4),
        "target": st.lists(st.integers() | st.text(max_size=9), max_size=3),
    },
)  # fmt: skip


@given(values)
def test_fields_read_back(found):
    assert field_reader.unpack(fields.pack(found)) == {k: v for k, v in found.items() if v is not None}


@given(values, st.integers(67, 126), st.binary(max_size=300))
def test_fields_of_a_newer_board_are_skipped(found, number, body):
    stranger = bytes((number, len(body) & 127 | 128, len(body) >> 7)) + body
    assert field_reader.unpack(stranger + fields.pack(found)) == field_reader.unpack(fields.pack(found))


@given(values, st.data())
def test_fields_cut_short_are_refused_or_fewer(found, data):
    packed_fields = fields.pack(found)
    cut = packed_fields[: data.draw(st.integers(0, len(packed_fields)))]
    try:
        fewer = field_reader.unpack(cut)
    except ValueError:
        return
    assert fewer.items() <= field_reader.unpack(packed_fields).items()


@given(st.lists(samples, min_size=1, max_size=3), st.data())
def test_a_set_cut_anywhere_keeps_its_complete_records(blocks, data):
    parts = a_set(blocks)
    blob = b"".join(parts)
    cut = data.draw(st.integers(len(parts[0]), len(blob)))
    raw = decode.decode_set(blob[:cut])
    complete = 0
    while complete < len(parts) and len(b"".join(parts[: complete + 1])) <= cut:
        complete += 1
    assert len(raw.code) == sum(len(b) for b in blocks[: complete - 1])
    assert (raw.end is not None) == (cut == len(blob))


@given(st.binary(max_size=300))
def test_garbage_is_refused_not_decoded(blob):
    with pytest.raises(ValueError):
        decode.decode_set(blob)


def test_a_record_of_another_set_is_not_taken():
    parts = a_set([[(12_500, 1, 5)]])
    stranger = records.seal(records.TYPE_BLOCK, 1, packed([(12_500, 1, 9)])[0], 18)
    assert decode.decode_set(parts[0] + stranger + parts[2]).code == []


def test_a_set_of_a_newer_format_is_refused_with_what_to_do():
    header = records.pack_header({"no": 1, "schema": records.SCHEMA + 1})
    with pytest.raises(ValueError, match="update retrorig"):
        decode.decode_set(records.seal(records.TYPE_HEADER, 0, header, 1))


def read_from(blob):
    return lambda size: blob[:size]


@settings(max_examples=10)
@given(samples, st.integers(0, 2**32 - 1), st.binary(max_size=40))
def test_a_record_is_found_with_any_one_of_its_bits_flipped_by_the_number_of_its_set(deltas, no, behind):
    record = records.seal(records.TYPE_BLOCK, 3, packed(deltas)[0], no)
    others = (no ^ 5, no)
    for bit in (
        *range(24),
        *range(24, 8 * len(record), 397),
        *range(8 * len(record) - 32, 8 * len(record), 5),
    ):
        damaged = bytearray(record + behind)
        damaged[bit // 8] ^= 1 << bit % 8
        assert bit_repair.find(read_from(damaged), len(damaged), others) == record, bit
    whole = record + behind
    assert bit_repair.find(read_from(whole), len(whole), others) == record
    assert bit_repair.find(read_from(record), len(record) - 1, others) is None, "there is no room for it"
    assert bit_repair.find(read_from(b"\xff" * 40), 40, others) is None, "erased flash"
    assert bit_repair.find(read_from(record), records.OVERHEAD - 1, others) is None


@given(st.lists(st.integers(-(2**16), 2**16), min_size=5, max_size=96))
@example([7, -7] * 20)
@example([5 * i for i in range(40)])
@example([i * i for i in range(40)])
@example([i * i * i for i in range(40)])
@example([i * i * (80 - i) * (80 - i) // 100 for i in range(40)])
def test_a_column_is_written_with_the_differences_that_are_least(column):
    sums = [sum(map(abs, _differences(column, order)[blocks.ORDER_MAX :])) for order in range(5)]
    assert blocks.best_order(column, len(column)) == (sums.index(min(sums)), 2 * min(sums))


def _differences(column, order):
    """By the definition; the first `order` have fewer before them."""
    found = list(column)
    for _ in range(order):
        found = [after - before for after, before in zip(found, [0, *found])]
    return found


@pytest.mark.parametrize("counts", [-200, -3, 0, 3, 120, 700])
def test_a_late_reading_of_an_even_belt_costs_only_its_time(counts):
    """What the belt has moved on meanwhile follows from the time: two bits a sample for its rounding."""
    late_us = [640 * (i * 37 % 13) for i in range(96)]
    times = [i * 12_512 + late for i, late in enumerate(late_us)]
    even, stood = ([], [])
    for i in range(1, 96):
        step_us = times[i] - times[i - 1]
        moved = times[i] * counts // 12_512 - times[i - 1] * counts // 12_512
        even.append((step_us, moved, 5))
        stood.append((step_us, 0, 5))
    assert len(packed(even)[0]) <= len(packed(stood)[0]) + 95 * 3 // 8 + 8


def test_a_header_has_its_sets_number_beside_the_link_to_the_one_before():
    body = records.pack_header({"no": 17, "rig": "r"}, (16, 4096, 300, 99))
    assert field_reader.unpack_header(body) == {"no": 17, "rig": "r"}
    record = records.seal(records.TYPE_HEADER, 0, body, 17)
    assert records.unpack_link(record) == (17, 16, 4096, 300, 99)
    assert decode.decode_set(record).header["no"] == 17


def test_a_remark_is_known_by_its_end():
    for reason, is_remark in (("remark", True), ("still", False), ("target", False)):
        assert (
            records.is_remark(records.seal(records.TYPE_END, 4, fields.pack({"reason": reason}), 3))
            == is_remark
        )
