"""A store whose headers are lost beyond mending: what is found again, and what is told meanwhile."""

import pytest

from nor import NorFlash
from rigcore import decode, recovery
from rigcore.flash_ring import HEADER_SIZE
from rigcore.setlog import SetLog
from stores import all_sets, mounted
from written_sets import write_set

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
