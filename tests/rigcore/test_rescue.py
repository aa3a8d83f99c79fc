"""A store whose headers are lost beyond mending: what is found again, and what is told meanwhile."""

from functools import cache

import pytest

from nor import NorFlash
from rigcore import decode, fields, records, recovery
from rigcore.flash_ring import BAD, DIRTY, HEADER_SIZE
from rigcore.setlog import SetLog
from stores import all_sets, mounted, read_at, read_set
from written_sets import erase_all, write_set

SIZE = 4096


def ruined(flash, place, bits_n=5):
    """So many bits from this byte on have flipped, one in each byte."""
    for i in range(bits_n):
        flash.bytes[place + i] ^= 1 << i % 8
    return flash


@pytest.mark.parametrize("sets_n", [1, 3])
def test_the_only_sector_of_a_store_is_found_when_its_header_is_lost(sets_n):
    flash = NorFlash()
    log = mounted(flash)
    for _ in range(sets_n):
        write_set(log, 60)
    before = all_sets(log)
    found = mounted(ruined(flash, 4))
    assert all_sets(found) == before
    assert [place[2] for place in found.damage] == ["header lost"]
    assert write_set(found, 60) == sets_n + 1 and len(all_sets(mounted(flash))) == sets_n + 1


@pytest.mark.parametrize("sector", range(6))
def test_a_sector_whose_header_is_lost_is_known_by_its_neighbours(sector):
    flash = NorFlash(12)
    log = mounted(flash)
    while log.ring.head < 5:
        write_set(log, 500)
    before = all_sets(log)
    found = mounted(ruined(flash, sector * SIZE + 4))
    after = all_sets(found)
    assert list(after) == list(before)
    assert all(decode.decode_set(blob).end for blob in after.values())
    if sector < 5:
        assert after == before and (sector, 0, "header lost") in found.damage
    assert all_sets(mounted(flash)) == after


def test_while_all_sectors_are_looked_through_each_sixteenth_is_told():
    flash = NorFlash(20)
    log = mounted(flash)
    while log.ring.head < 17:
        write_set(log, 700)
    before, told = all_sets(log), []
    ruined(flash, log.index.address[-3] + 20)
    again = SetLog(flash)
    recovery.mount(again, told.append)
    assert told == [f"log, sector {n} of 20" for n in (0, 16)]
    assert list(all_sets(again)) == list(before)
    told.clear()
    recovery.mount(SetLog(NorFlash(20)), told.append)
    assert told == [], "a sound store tells nothing"


def test_what_was_not_understood_is_kept_until_it_was_told():
    flash = NorFlash(8)
    log = mounted(flash)
    no = write_set(log, 700)
    address = log.index.address[0]
    found = mounted(ruined(flash, address + 700, 40))
    sector = (address + 700) // SIZE
    assert any(place[0] == sector and place[2] == "record lost" for place in found.damage) or not found.damage
    raw = decode.decode_set(all_sets(found)[no])
    assert raw.end == {"reason": "still"} and 0 < raw.lost_blocks <= 2
    found.confirm(no)
    while found.erase_step():
        pass
    found.told_damage()
    assert not found.ring.kept


@pytest.mark.parametrize("bits_n", [2, 5])
def test_a_set_whose_own_header_is_lost_is_found_by_the_link_of_the_next_one(bits_n):
    flash = NorFlash(12)
    log = mounted(flash)
    for _ in range(4):
        write_set(log, 300)
    address = log.index.address[1]
    found = mounted(ruined(flash, address + 60, bits_n))
    assert list(found.index.no) == [1, 2, 3, 4]
    assert found.index.length == log.index.length and found.index.address == log.index.address
    assert (
        found.damage
        and found.damage[0][:2] == (address // SIZE, address % SIZE)
        and address % SIZE >= HEADER_SIZE
    )


def test_each_damaged_place_is_told_once_though_others_lie_at_the_same_byte_of_their_sectors():
    flash = NorFlash(12)
    log = mounted(flash)
    while log.ring.head < 5:
        write_set(log, 500)
    for sector in (1, 3):
        ruined(flash, sector * SIZE + 4)
    found = mounted(flash)
    assert sorted(found.damage) == [(1, 0, "header lost"), (3, 0, "header lost")]


@pytest.mark.parametrize("has_fallen", [False, True])
def test_a_bit_that_lost_its_charge_is_programmed_again_and_one_that_fell_takes_an_erase(has_fallen):
    flash = NorFlash()
    log = mounted(flash)
    write_set(log, 300)
    sound = bytes(flash.bytes)
    place = next(at for at in range(log.index.address[0] + 400, SIZE) if 0 < sound[at] < 0xFF)
    bit = next(1 << i for i in range(8) if bool(sound[place] >> i & 1) == has_fallen)
    flash.bytes[place] ^= bit
    found = mounted(flash)
    assert [where[2] for where in found.damage] == ["mended"] and len(found.ring.mended) == 1
    assert found.erase_step() and flash.erase_n == 0 and not found.ring.mended
    assert len(found.ring.fallen) == has_fallen
    while found.erase_step():
        pass
    assert not found.ring.fallen and flash.erases[0] == has_fallen
    assert flash.bytes[:SIZE] == sound[:SIZE]


def records_of(log, position):
    """(address, size) of each record of a set that lies in one sector."""
    address, found = log.index.address[position], []
    for _kind, _seq, _body, record in decode.iter_records(read_at(log, position)):
        found.append((address, len(record)))
        address += len(record)
    return found


@pytest.mark.parametrize(("lost_n", "looks_like"), [(1, b""), (2, b""), (1, b"\5\x10"), (1, b"\xff\xf7")])
def test_a_lost_record_is_told_once_where_it_begins_and_costs_nothing_behind_it(lost_n, looks_like):
    """Also one that looks like a header too short for its link, or like a record of an unknown kind."""
    flash = NorFlash()
    log = mounted(flash)
    assert log.note(write_set(log, 700), {"rpe": 5})
    sound, places = decode.decode_set(read_at(log, 0)), records_of(log, 0)
    assert len(places) > 6 and places[-1][0] < SIZE
    for first in range(1, len(places) - lost_n):
        copy = NorFlash(image=flash.bytes)
        for address, size in places[first : first + lost_n]:
            ruined(copy, address + size // 2)
            copy.bytes[address : address + len(looks_like)] = looks_like
        found = mounted(copy)
        assert found.damage == [(0, places[first][0], "record lost")]
        raw = decode.decode_set(read_at(found, 0))
        assert raw.lost_blocks == lost_n and (raw.end or first + lost_n == len(places) - 1)
        assert raw.note == sound.note and found.index.length == log.index.length


class Stuck(NorFlash):
    """One bit of it does not become 0."""

    stuck_at = 1 << 40

    def _clear(self, start, data):
        super()._clear(start, data)
        if start <= self.stuck_at < start + len(data):
            self.bytes[self.stuck_at] |= 1


def test_a_record_that_flash_did_not_take_counts_once_whatever_is_damaged_before_it():
    """It stands in the next sector; what was left behind could be mended, but is none."""
    flash = Stuck()
    log = mounted(flash)
    for no, blocks_n in ((1, 6), (2, 9)):
        log.begin({"no": no, "rig": "x"})
        for n in range(blocks_n):
            if (no, n) == (1, 4):
                flash.stuck_at = log.ring.offset + 100
            log.append(records.TYPE_BLOCK, bytes([n]) * 500)
            assert log.ring.head == (n >= 4) or no == 2, "the fifth block did not fit its place"
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    before, address = read_at(log, 0), log.index.address[0]
    ruined(flash, log.index.address[1] + 8)  # the newest set's header: all sectors are looked through
    ruined(flash, address + 900)
    found = mounted(flash)
    blob = read_at(found, 0)
    assert found.index.length[0] == len(blob) == len(before)
    assert [seq for _kind, seq, _body, _record in decode.iter_records(blob)] == [0, 1, 3, 4, 5, 6, 7]
    assert [place[0] for place in found.damage] == [1, 0] and len(found.index) == 2


@pytest.mark.parametrize("has_stood", [False, True])
def test_what_a_sector_held_is_never_written_over_what_it_holds_now(has_stood):
    """A set with a bit that fell was fetched, and its sector used again, before it could be written anew."""
    flash = NorFlash(4)
    log = mounted(flash)
    write_set(log, 600)
    at = next(at for at in range(400, SIZE) if 0 < flash.bytes[at] < 0xFF)
    flash.bytes[at] ^= next(1 << i for i in range(8) if flash.bytes[at] >> i & 1)
    log = mounted(flash)
    assert len(log.ring.mended) == 1
    if has_stood:
        assert log.erase_step() and len(log.ring.fallen) == 1 and flash.erase_n == 0
    while log.ring.sequence < 5:  # the first sector again
        log.confirm(write_set(log, 600))
    assert log.ring.head == 0 and flash.erases[0] == 1
    no = write_set(log, 100)
    blob, held = read_set(log, no), bytes(flash.bytes[:SIZE])
    erase_all(log)
    assert flash.erases[0] == 1 and flash.bytes[:SIZE] == held
    assert all_sets(mounted(flash))[no] == blob and log.ring.bad_n == 0


@cache
def _several_sectors(sector_n):
    flash = NorFlash(sector_n)
    log = mounted(flash)
    while log.ring.head < 5:
        write_set(log, 900)
    return bytes(flash.bytes)


def several_sectors(sector_n=12):
    """A store of which six sectors have records, and its log."""
    flash = NorFlash(sector_n, image=_several_sectors(sector_n))
    return flash, mounted(flash)


@pytest.mark.parametrize("sectors", [(0,), (2,), (5,), (5, 4, 1)])
@pytest.mark.parametrize("byte", [1, 5, 30])
def test_a_header_with_one_flipped_bit_is_as_it_was_and_the_log_goes_on_behind_the_newest(sectors, byte):
    flash, log = several_sectors()
    before = all_sets(log)
    for sector in sectors:
        ruined(flash, sector * SIZE + byte, 1)
    found = mounted(flash)
    assert all_sets(found) == before
    assert (found.ring.head, found.ring.offset, found.ring.sequence) == (5, log.ring.offset, 6)
    assert sorted(found.damage) == [(sector, 0, "mended") for sector in sorted(sectors)]
    found.ring.is_left = True
    no = write_set(found, 60)
    before[no] = read_set(found, no)
    assert found.ring.head == 6 and all_sets(mounted(flash)) == before


@pytest.mark.parametrize("sector", range(1, 5))
def test_a_sector_with_nothing_left_of_its_header_is_known_by_the_numbers_of_its_neighbours(sector):
    flash, log = several_sectors()
    before = all_sets(log)
    flash.bytes[sector * SIZE : sector * SIZE + HEADER_SIZE] = bytes(range(0xA0, 0xA0 + HEADER_SIZE))
    found = mounted(flash)
    assert all_sets(found) == before and found.damage == [(sector, 0, "header lost")]


def test_a_link_of_which_a_bit_was_mended_is_followed_and_no_sector_is_looked_through():
    flash, log = several_sectors(20)
    before, told = all_sets(log), []
    for address in log.index.address[1:]:
        ruined(flash, address + records.HEAD + 9, 1)
    found = SetLog(flash)
    recovery.mount(found, told.append)
    assert told == [] and {no: decode.mended(blob) for no, blob in all_sets(found).items()} == before


def test_what_follows_a_lost_record_and_then_a_lost_header_of_a_sector_is_found():
    flash, log = several_sectors()
    position = next(i for i in range(len(log.index)) if log.index.address[i] // SIZE == 4)
    before = all_sets(log)
    ruined(flash, records_of(log, position)[2][0])  # nor does it tell its length any more
    ruined(flash, 5 * SIZE + 4)
    after = all_sets(mounted(flash))
    assert list(after) == list(before)
    raws = {no: decode.decode_set(blob) for no, blob in after.items()}
    assert {no: len(after[no]) for no in after} == {no: len(before[no]) for no in before}
    assert [raw.lost_blocks for raw in raws.values()] == [i == position for i in range(len(before))]


def test_a_sector_that_was_passed_over_is_no_lost_one():
    """It took not even the zeros that say so; the numbers of its neighbours follow each other."""
    flash = NorFlash()
    log = mounted(flash)
    write_set(log, 100)
    flash.bytes[SIZE : SIZE + HEADER_SIZE] = bytes(range(0xA0, 0xA0 + HEADER_SIZE))
    log.ring.state[1] = BAD
    log.ring.is_left = True
    write_set(log, 100)
    assert log.ring.head == 2
    found = mounted(flash)
    assert all_sets(found) == all_sets(log) and found.damage == [] and found.ring.state[1] == DIRTY
