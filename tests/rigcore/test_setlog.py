"""The store keeps finished sets through laps, a full ring, confirmations and notes."""

import binascii
from contextlib import suppress

import pytest

from app.rig_commands import room_bytes
from nor import Gathering, NorFlash, PowerCut
from rigcore import decode, fields, records
from rigcore.flash_ring import StoreFull
from rigcore.setindex import SetIndex
from rigcore.setwriter import SetWriter
from stores import all_sets, mounted, read_set
from written_sets import PERIOD_US, erase_all, write_set


def test_what_is_written_is_read_after_a_restart():
    flash = NorFlash()
    log = mounted(flash)
    for n in (1, 64, 65, 800):
        write_set(log, n)
    before = all_sets(log)
    after = all_sets(mounted(NorFlash(image=flash.bytes)))
    assert before == after and list(after) == [1, 2, 3, 4]
    assert [len(decode.decode_set(blob).code) for blob in after.values()] == [1, 64, 65, 800]
    assert flash.bad_programs_n == 0


def test_index_holds_length_and_checksum_of_each_set():

    flash = NorFlash()
    log = mounted(flash)
    for n in (10, 500):
        write_set(log, n)
    for index in (log.index, mounted(NorFlash(image=flash.bytes)).index):
        for i, no in enumerate(index.no):
            blob = read_set(log, no)
            assert (index.length[i], index.crc[i]) == (len(blob), binascii.crc32(blob))


def test_laps_round_the_ring_without_erasing_what_is_not_confirmed():
    log = mounted(NorFlash(sector_n=6))
    kept = {}
    for _ in range(60):
        try:
            no = write_set(log, 300)
        except StoreFull:
            oldest = min(kept)
            assert read_set(log, oldest) == kept.pop(oldest)
            log.confirm(oldest)
            erase_all(log)
            continue
        kept[no] = read_set(log, no)
        assert all_sets(log) == kept
    assert max(kept) > 20


class Hesitant(NorFlash):
    """Each sector's first erase is refused by the driver, or takes nothing."""

    def __init__(self, is_refused):
        super().__init__()
        self.is_refused = is_refused

    def _erase(self, sector):
        self.dead_erase = set() if self.erases[sector] else {sector}
        super()._erase(sector)
        if self.is_refused and sector in self.dead_erase:
            raise OSError(5)
        return 0


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_sector_that_fails_to_erase_once_is_not_lost(is_refused):
    flash = Hesitant(is_refused)
    log = mounted(flash)
    for lap in range(60):
        log.confirm(write_set(log, 800))
        erase_all(log)
        assert log.ring.bad_n == 0, lap
    assert min(flash.erases) >= 2, "every sector was erased"


def test_a_full_store_still_takes_the_confirmation_that_frees_it():
    log = mounted(NorFlash(sector_n=4))
    with pytest.raises(StoreFull):
        while True:
            write_set(log, 200)
    log.confirm(log.index.no[-1])
    erase_all(log)
    assert write_set(log, 200)


def test_a_set_that_outgrows_the_store_is_ended_and_kept():
    log = mounted(NorFlash(sector_n=4))
    writer = SetWriter(log)
    assert writer.begin({"no": 1})
    i = 0
    while not writer.full:
        writer.add(0, i * PERIOD_US, i * 120, 1000 + i * i % 977)
        i += 1
    writer.end({"reason": "fault"})
    raw = decode.decode_set(read_set(log, 1))
    assert raw.end == {"reason": "fault"}
    assert len(raw.code) > 1000 and raw.lost_blocks == 0


def write_remark(log, blocks_n):
    """What was written before it was known to be no set."""
    log.begin({"no": log.next_no(), "rig": "x" * 200}, is_sure=False)
    for _ in range(blocks_n):
        log.append(records.TYPE_BLOCK, bytes(700))
    log.append(records.TYPE_END, fields.pack({"reason": records.REMARK}))
    log.drop()


@pytest.mark.parametrize("at_once_n", [1, 3])
def test_an_hour_of_kicks_a_dozen_a_minute_takes_no_room_from_sets(at_once_n):
    """Each is written, some with no moment to erase in between; the store would hold twenty of them."""
    flash = NorFlash(sector_n=12)
    log = mounted(flash)
    for n in (300, 100):
        write_set(log, n)
    before, room = all_sets(log), room_bytes(log)
    for number in range(720 // at_once_n):
        for _ in range(at_once_n):
            write_remark(log, 12 if number % 50 == 0 else 2)
        erase_all(log)
        assert room_bytes(log) == room
    assert log.note(2, {"rpe": 5}), "the newest set takes notes again"
    after = all_sets(mounted(NorFlash(image=flash.bytes)))
    assert after.pop(1) == before.pop(1) and after.pop(2).startswith(before.pop(2)) and not after
    assert write_set(log, 300) and flash.bad_programs_n == 0


def test_a_sector_that_is_given_up_is_counted_once_at_once_and_after_the_next_start():
    flash = NorFlash(sector_n=8)
    log = mounted(flash)
    for bad_n, sector in enumerate((3, 5), 1):
        log.ring.condemn(sector)
        assert log.ring.bad_n == mounted(flash).ring.bad_n == bad_n


class Watched(NorFlash):
    """Knows the sectors that were written to."""

    written = frozenset()

    def writeblocks(self, block, buf, offset):
        self.written |= {block}
        super().writeblocks(block, buf, offset)


def test_a_step_at_standstill_that_frees_a_remark_is_over_soon():
    """Somebody may step on at any moment: a step erases one sector and writes zeros over two at most."""
    flash = Watched(sector_n=12)
    log = mounted(flash)
    write_set(log, 50)
    write_remark(log, 25)
    steps_n = 0
    while log.may_free:
        flash.written, erased_n = frozenset(), flash.erase_n
        assert log.erase_step()
        steps_n += 1
        assert len(flash.written) <= 2 and flash.erase_n - erased_n <= 1
    assert steps_n >= 5, "it had sectors enough to tell"


def test_a_note_never_lies_behind_a_remark():
    log = mounted(NorFlash(sector_n=12))
    for blocks_n in (1, 12):
        no = write_set(log, 50)
        write_remark(log, blocks_n)
        assert not log.note(no, {"rpe": 4})
        erase_all(log)
        assert log.note(no, {"rpe": 5})
        assert decode.decode_set(read_set(log, no)).note == {"rpe": 5}
    write_remark(log, 1)
    assert log.last_set_no() == no, "what was moved since is kept beside this number"
    log = mounted(NorFlash(sector_n=12, image=log.ring.device.bytes))
    assert log.last_set_no() == no
    blob = read_set(log, no)
    assert not log.note(no, {"rpe": 6}) and read_set(log, no) == blob, "after a loss of power it is too late"


@pytest.mark.parametrize("at", range(12))
def test_a_confirmation_during_a_set_neither_cuts_it_nor_is_forgotten(at):
    flash = NorFlash()
    log = mounted(flash)
    write_set(log, 300)
    confirmed = log.last_no
    writer, no = SetWriter(log), log.next_no()
    writer.begin({"no": no, "rig": "x"})
    for i in range(800):
        if i == at * 70:
            log.confirm(confirmed)
        writer.add(0, i * PERIOD_US, i * 120, i % 7)
    writer.end({"reason": "still"})
    for each in (log, mounted(NorFlash(image=flash.bytes))):
        raw = decode.decode_set(read_set(each, no))
        assert raw.end == {"reason": "still"} and len(raw.code) == 800 and raw.lost_blocks == 0
        position = each.index.position(no)
        assert each.index.crc[position] == binascii.crc32(read_set(each, no))
        assert each.confirmed == confirmed and each.index.position(confirmed) is None


@pytest.mark.parametrize("when", ["during", "after"])
def test_a_confirmation_before_the_athlete_has_answered_costs_no_answer(when):
    """The host pulls older sets while one runs, or before its effort and pain are known."""
    flash = NorFlash()
    log = mounted(flash)
    log.takes_notes = True
    write_set(log, 200)
    older = log.last_no
    writer, no = SetWriter(log), log.next_no()
    writer.begin({"no": no, "rig": "x"})
    for i in range(300):
        if i == 150 and when == "during":
            log.confirm(older)
        writer.add(0, i * PERIOD_US, i * 120, i % 7)
    writer.end({"reason": "still"})
    if when == "after":
        log.confirm(older)
    assert log.note(no, {"rpe": 7}) and log.note(no, {"undone": 1})
    for each in (log, mounted(NorFlash(image=flash.bytes))):
        blob = read_set(each, no)
        assert each.index.crc[each.index.position(no)] == binascii.crc32(blob)
        assert decode.decode_set(blob).note == {"rpe": 7, "undone": 1}
    write_set(log, 200)
    assert mounted(NorFlash(image=flash.bytes)).confirmed == older, "kept before the next set, at the latest"
    log.confirm(log.last_no)
    assert mounted(NorFlash(image=flash.bytes)).confirmed == log.last_no


@pytest.mark.parametrize("left", range(7, 16))
def test_the_shortest_note_at_the_very_end_of_a_sector_is_found_again(left):
    flash = NorFlash()
    log = mounted(flash)
    log.begin({"no": 1})
    end = fields.pack({"reason": "still"})
    while (gap := log.ring.sector_size - log.ring.offset - left - len(end) - 2 * records.OVERHEAD) > 300:
        log.append(records.TYPE_BLOCK, bytes(200))
    log.append(records.TYPE_BLOCK, bytes(gap))
    log.append(records.TYPE_END, end)
    assert log.ring.sector_size - log.ring.offset == left
    log.note(1, {"rpe": 5})
    assert decode.decode_set(read_set(mounted(NorFlash(image=flash.bytes)), 1)).note == {"rpe": 5}


@pytest.mark.parametrize("samples_n", [10, 700, 3000])
def test_what_turned_out_to_be_no_set_is_not_there_after_a_restart_and_costs_no_other(samples_n):
    flash = NorFlash()
    log = mounted(flash)
    before = write_set(log, 300)
    writer = SetWriter(log)
    writer.begin({"no": log.next_no(), "rig": "x"})
    for i in range(samples_n):
        writer.add(0, i * PERIOD_US, i * 3, 1000 + i * i % 977)
    writer.drop({"reason": records.REMARK, "remark": "shift"})
    dropped = log.last_no
    assert list(log.index.no) == [before]
    again = mounted(NorFlash(image=flash.bytes))
    assert list(again.index.no) == [before] and again.last_no == dropped
    for each in (log, again):
        after = write_set(each, 200)
        assert list(each.index.no) == [before, after] and after > dropped
    for each in (again, mounted(flash)):
        blobs = all_sets(each)
        assert [len(decode.decode_set(blob).code) for blob in blobs.values()] == [300, 200]
    log.confirm(log.last_no)
    assert not len(log.index)


@pytest.mark.parametrize("first", [0xFC, 0xFFFC, 0xFFFFFC])
def test_the_newest_sector_is_found_after_any_number_of_laps(first):
    flash = NorFlash(4)
    log = mounted(flash)
    log.ring.sequence = first
    for _ in range(9):
        log.ring.is_left = True
        no = write_set(log, 60)
        found = mounted(NorFlash(4, image=flash.bytes))
        assert (found.ring.head, found.ring.sequence) == (log.ring.head, log.ring.sequence)
        assert found.last_no == no and all_sets(found) == all_sets(log)
        log.confirm(no - 1)
        erase_all(log)
    assert log.ring.sequence == first + 9


def test_a_set_a_note_and_a_confirmation_are_saved_at_once_by_a_device_that_gathers():
    flash = Gathering()
    log = mounted(flash)
    for _ in range(2):
        no = write_set(log, 100)
        assert all_sets(mounted(NorFlash(image=flash.saved))) == all_sets(log)
    assert log.note(no, {"rpe": 5})
    assert all_sets(mounted(NorFlash(image=flash.saved))) == all_sets(log)
    log.confirm(1)
    assert mounted(NorFlash(image=flash.saved)).confirmed == 1


@pytest.mark.parametrize("size", range(490, 512, 3))
def test_however_full_samples_make_the_store_the_end_of_the_set_and_the_confirmation_fit(size):
    flash = NorFlash(4)
    log = mounted(flash)
    log.begin({"no": 1})
    with pytest.raises(StoreFull):
        while True:
            log.append(records.TYPE_BLOCK, bytes(size))
    end = fields.pack({"reason": "fault", "remark": "x" * size})
    log.append(records.TYPE_END, end)
    log.confirm(1)
    assert mounted(NorFlash(4, image=flash.bytes)).confirmed == 1


def test_a_note_is_taken_of_the_newest_finished_set_alone():
    flash = NorFlash()
    log = mounted(flash)
    assert not log.note(1, {"rpe": 5}), "there is none"
    for _ in range(2):
        write_set(log, 100)
    before = bytes(flash.bytes)
    assert not log.note(1, {"rpe": 5}) and not log.note(3, {"rpe": 5}) and flash.bytes == before
    log.begin({"no": 3})
    before = bytes(flash.bytes)
    assert not any(log.note(no, {"rpe": 5}) for no in (1, 2, 3)) and flash.bytes == before
    log.close()
    assert log.note(3, {"rpe": 5}) and decode.decode_set(read_set(log, 3)).note == {"rpe": 5}


@pytest.mark.parametrize("operations_n", range(0, 64, 5))
def test_power_may_fail_at_any_moment_while_the_room_of_what_was_no_set_is_had_back(operations_n):
    """No part of it comes back as a set, nor is any other lost."""
    flash = NorFlash(sector_n=12)
    log = mounted(flash)
    write_set(log, 300)
    before = all_sets(log)
    write_remark(log, 12)
    flash.cut_after = flash.operations_n + operations_n
    with suppress(PowerCut):
        erase_all(log)
    again = mounted(NorFlash(sector_n=12, image=flash.bytes))
    assert all_sets(again) == before and again.damage == []
    no = write_set(again, 60)
    assert list(all_sets(mounted(again.ring.device))) == [1, no]


@pytest.mark.parametrize("blocks_n", [0, 5, 6, 30])
def test_the_log_goes_on_after_what_was_no_set_as_if_it_had_not_been(blocks_n):
    flash = NorFlash(sector_n=12)
    log = mounted(flash)
    write_set(log, 300)
    before = log.ring.head, log.ring.offset, log.ring.sequence, log.ring.is_left
    write_remark(log, blocks_n)
    erase_all(log)
    assert (log.ring.head, log.ring.offset, log.ring.sequence, log.ring.is_left) == before
    log.begin({"no": log.next_no()})
    for n in range(12):
        log.append(records.TYPE_BLOCK, bytes([n]) * 700)
    log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    assert all_sets(mounted(NorFlash(sector_n=12, image=flash.bytes))) == all_sets(log)


@pytest.mark.parametrize("records_n", [1, 2, 6])
def test_the_set_before_is_known_to_its_latest_record_also_where_it_is_a_header_alone(records_n):
    index = SetIndex()
    for no, n in ((1, 4), (2, records_n), (3, 1)):
        index.add(no, 4096 * no, b"header")
        for _ in range(n - 1):
            index.grow(b"record")
    assert index.seq_before == records_n - 1
