"""The store keeps finished sets through power cuts, flipped bits and Ctrl-C."""

from unittest.mock import patch

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nor import NorFlash, PowerCut
from rigcore import decode
from rigcore.blocks import BLOCK_SAMPLES
from rigcore.setwriter import SetWriter
from rigcore.varbits import BitWriter
from stores import all_sets, mounted, read_set
from written_sets import PERIOD_US, erase_all, write_set


def session(flash, on_finished):
    """Four sets, a confirmation and the erasing between them, as the rig does it."""
    log = mounted(flash)
    erase_all(log)
    for n in (30, 100, 400, 250):
        no = write_set(log, n)
        on_finished(no, read_set(log, no))
        if no == 2:
            log.confirm(1)
        log.erase_step()


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 40), st.floats(0, 0.999), st.integers(0, 12), st.floats(0, 0.999))
def test_power_cut_at_any_operation_keeps_finished_sets(cut, torn, recovery_cut, recovery_torn):
    flash = NorFlash()
    flash.cut_after, flash.torn_fraction = cut, torn
    finished = {}
    try:
        session(flash, finished.__setitem__)
    except PowerCut:
        pass
    second = NorFlash(image=flash.bytes)
    second.cut_after, second.torn_fraction = recovery_cut, recovery_torn
    try:
        session(second, lambda no, blob: finished.setdefault(no, blob))
    except PowerCut:
        pass
    log = mounted(NorFlash(image=second.bytes))
    kept = all_sets(log)
    for no, blob in finished.items():
        assert kept.get(no) == blob or no <= log.confirmed
    for blob in kept.values():
        raw = decode.decode_set(blob)
        assert raw.lost_blocks == 0 and raw.end in (None, {"reason": "still"})
    assert second.bad_programs_n == 0


def test_an_interrupted_set_keeps_all_but_the_last_second():
    flash = NorFlash()
    log = mounted(flash)
    writer = SetWriter(log)
    writer.begin({"no": 1})
    for i in range(1000):
        writer.add(0, i * PERIOD_US, i * 120, 1000)
    raw = decode.decode_set(read_set(mounted(NorFlash(image=flash.bytes)), 1))
    assert raw.end is None
    lost_us = 999 * PERIOD_US - raw.t_us[-1]
    assert 0 <= lost_us < 1_000_000


def sectors_of(flash, log, no):
    """(first byte, length) of a set that lies in one piece."""
    position = log.index.position(no)
    return log.index.address[position], log.index.length[position]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1 << 30), st.integers(0, 7))
def test_any_flipped_bit_loses_nothing(where, bit):
    flash = NorFlash()
    log = mounted(flash)
    for n in (40, 640, 300):
        write_set(log, n)
    clean = {no: decode.decode_set(blob) for no, blob in all_sets(log).items()}
    flash.bytes[where % len(flash.bytes)] ^= 1 << bit
    after = mounted(flash)
    for no, blob in all_sets(after).items():
        raw = decode.decode_set(blob)
        assert vars(raw) == vars(clean.pop(no))
    assert not clean
    write_set(after, 100)
    assert [len(decode.decode_set(b).code) for b in all_sets(mounted(flash)).values()] == [40, 640, 300, 100]


def test_a_block_damaged_beyond_mending_costs_one_block_not_the_set():
    flash = NorFlash()
    log = mounted(flash)
    no = write_set(log, 640)
    address, length = sectors_of(flash, log, no)
    flash.bytes[address + length // 2] ^= 0x24
    raw = decode.decode_set(read_set(mounted(flash), no))
    assert raw.lost_blocks == 1 and 640 - BLOCK_SAMPLES <= len(raw.code) < 640
    assert raw.end == {"reason": "still"}


class Struck(NorFlash):
    """Ctrl-C strikes in one of its calls, before or after it did its work."""

    calls_left, is_after = 1 << 30, False

    def _strike(self, work, *args):
        self.calls_left -= 1
        if self.calls_left == 0 and not self.is_after:
            raise KeyboardInterrupt
        work(*args)
        if self.calls_left == 0:
            raise KeyboardInterrupt

    def readblocks(self, block, buf, offset=0):
        self._strike(super().readblocks, block, buf, offset)

    def writeblocks(self, block, buf, offset):
        self._strike(super().writeblocks, block, buf, offset)


def struck_set(calls=1 << 30, is_after=False, puts=1 << 30):
    """(samples of the set that is found after a restart, those that were measured until Ctrl-C, its end)."""
    flash = Struck()
    log = mounted(flash)
    writer = SetWriter(log)
    plain_put = BitWriter.put

    def put(bits, value, width):
        nonlocal puts
        puts -= 1
        if puts == 0:
            raise KeyboardInterrupt
        plain_put(bits, value, width)

    flash.calls_left, flash.is_after = calls, is_after
    measured = []
    try:
        with patch.object(BitWriter, "put", put):
            writer.begin({"no": 1, "rig": "x"})
            for i in range(500):
                measured.append((i * PERIOD_US, i * 120, 1000 + i * i % 77))
                writer.add(0, *measured[-1])
            writer.end({"reason": "still"})
        assume(False)  # it was done before
    except KeyboardInterrupt:
        flash.calls_left = puts = 1 << 30
        writer.end({"reason": "host"})
    again = mounted(NorFlash(image=flash.bytes))
    if not len(again.index):
        return [], measured, None
    raw = decode.decode_set(read_set(again, 1))
    assert raw.lost_blocks == 0
    return [(t, count, code) for t, count, code in zip(raw.t_us, raw.count, raw.code)], measured, raw.end


@given(st.integers(1, 25), st.booleans())
def test_ctrl_c_in_the_middle_of_writing_costs_a_second_at_most(calls, is_after):
    found, measured, end = struck_set(calls=calls, is_after=is_after)
    same_time = [(t // 16 * 16, count, code) for t, count, code in measured]
    assert found == same_time[: len(found)] and len(found) > len(measured) - 1_000_000 // PERIOD_US
    assert end in (None, {"reason": "host"}, {"reason": "still"})


@given(st.integers(1, 2500))
def test_ctrl_c_in_the_middle_of_packing_makes_no_wrong_samples(puts):
    found, measured, end = struck_set(puts=puts)
    same_time = [(t // 16 * 16, count, code) for t, count, code in measured]
    assert found == same_time[: len(found)] and len(found) > len(measured) - 1_000_000 // PERIOD_US
    assert end is None
