"""The ring of sectors by itself: what it calls erased, free and the end of a sector, and how its headers read."""

import binascii
import struct

import pytest

from nor import NorFlash
from rigcore.flash_ring import BAD, BLANK, DIRTY, ERASED, HEADER_SIZE, LIVE, FlashRing, NewerFormat, StoreFull
from rigcore.setlog import SetLog
from stores import all_sets, mounted
from written_sets import write_set

SIZE = 4096
STATE = (7, 8, 9, 10)


def fresh(sector_n=6, flash=None):
    ring = FlashRing(flash or NorFlash(sector_n), sector_n)
    ring.state[:] = bytes([ERASED] * sector_n)
    return ring


def filled(ring, sectors_n, record=b"r" * 1000):
    """So many sectors have records; the addresses of these."""
    places = []
    while len(places) < 4 * sectors_n:
        places.append(ring.append(record, STATE, 0))
    return places


@pytest.mark.parametrize("offset", [0, 1, 255, 256, 3839, 3840, 3841, 4095])
@pytest.mark.parametrize("at", [0, 1, 255, 256, 257, 3839, 3840, 4094, 4095])
def test_one_bit_anywhere_in_the_rest_of_a_sector_is_seen_and_none_before_it_nor_behind(offset, at):
    ring = fresh()
    assert ring.is_blank(1, offset)
    for sector, place, is_blank in ((1, at, at < offset), (2, SIZE - 1, True), (0, 0, True)):
        flash = NorFlash(6)
        flash.bytes[sector * SIZE + place] = 0xFE
        assert FlashRing(flash, 6).is_blank(1, offset) == (is_blank if sector == 1 else True)
    assert ring.is_blank(5, SIZE), "nothing is left"


def header(sequence, used, version=1, state=STATE):
    """As the page of the store's format has it: the word RRL1, then numbers, then their checksum."""
    head = b"RRL1" + struct.pack("<IHHIIII", sequence, used, version, *state)
    return head + struct.pack("<I", binascii.crc32(head))


def test_each_sector_begins_with_a_header_that_any_version_can_read():
    ring = fresh()
    filled(ring, 2)
    for sector, used in ((0, 0), (1, HEADER_SIZE + 4000)):
        assert ring.device.bytes[sector * SIZE :][:HEADER_SIZE] == header(sector + 1, used), sector


def test_a_store_of_a_newer_format_is_left_alone():
    flash = NorFlash(6)
    write_set(mounted(flash), 100)
    for version, is_newer in ((1, False), (2, True)):
        state = struct.unpack_from("<IIII", flash.bytes, 12)
        flash.bytes[:HEADER_SIZE] = header(1, 0, version, state)
        before = bytes(flash.bytes)
        if is_newer:
            with pytest.raises(NewerFormat):
                mounted(flash)
        else:
            assert list(all_sets(mounted(flash))) == [1]
        assert bytes(flash.bytes) == before


def test_records_follow_each_other_and_none_crosses_a_sector():
    ring = fresh()
    places = filled(ring, 3)
    assert places == [s * SIZE + HEADER_SIZE + i * 1000 for s in range(3) for i in range(4)]
    assert (ring.head, ring.offset, ring.sequence) == (2, HEADER_SIZE + 4000, 3)
    exact = ring.append(b"e" * (SIZE - HEADER_SIZE - 4000), STATE, 0)
    assert exact == 2 * SIZE + HEADER_SIZE + 4000 and ring.offset == SIZE, "it fits to the byte"
    assert ring.append(b"x", STATE, 0) == 3 * SIZE + HEADER_SIZE


def test_where_a_sectors_records_end_is_what_the_next_ones_header_says():
    ring = fresh()
    filled(ring, 3)
    ring.append(b"x" * 50, STATE, 0)
    assert [ring.end_of(sector) for sector in (0, 1, 2)] == [HEADER_SIZE + 4000] * 2 + [HEADER_SIZE + 4050]
    assert [ring.following(sector) for sector in range(6)] == [1, 2, 0, 0, 0, 0]
    ring.state[1] = DIRTY
    assert ring.following(0) == 2 and ring.end_of(1) == HEADER_SIZE + 4000
    ring.set_end(0, 99)
    assert ring.end_of(0) == 99 and ring.end_of(1) == HEADER_SIZE + 4000
    other = FlashRing(ring.device, 6)
    other.state[0], other.state[2], other.head = LIVE, LIVE, 2
    assert other.end_of(0) == SIZE, "the sector after it is not its successor"
    other.state[2] = DIRTY
    assert other.following(0) == 0


@pytest.mark.parametrize("sectors_n", [0, 1, 3, 6])
def test_as_many_sectors_are_free_as_can_be_opened_before_one_with_records(sectors_n):
    ring = fresh()
    filled(ring, sectors_n)
    free_n = 6 - sectors_n
    assert [ring.has_free(n) for n in range(8)] == [n <= free_n for n in range(8)]
    if 1 <= sectors_n < 6:
        ring.state[5] = BAD
        assert [ring.has_free(n) for n in range(8)] == [n <= free_n - 1 for n in range(8)]
        ring.state[(ring.head + 2) % 6] = LIVE
        assert ring.has_free(1) == ((ring.head + 1) % 6 != 5) and not ring.has_free(2)


@pytest.mark.parametrize("spare_n", [0, 1, 2])
def test_a_record_leaves_as_many_sectors_free_as_it_must(spare_n):
    ring = fresh()
    taken = 0
    with pytest.raises(StoreFull):
        while True:
            ring.append(b"r" * 1000, STATE, spare_n)
            taken += 1
    assert taken == 4 * (6 - spare_n)
    ring.append(b"s" * (SIZE - HEADER_SIZE - 4000), STATE, spare_n)


def test_what_is_given_up_is_erased_from_the_oldest_on_and_counted():
    ring = fresh()
    filled(ring, 5)
    ring.has_work = False
    ring.kept.add(1)
    ring.give_up_before(3)
    assert bytes(ring.state) == bytes([DIRTY, LIVE, DIRTY, LIVE, LIVE, ERASED]) and ring.has_work
    assert (ring.next_of(ERASED), ring.next_of(DIRTY), ring.next_of(LIVE)) == (5, 0, -1)
    assert ring.erase_step() and not ring.erase_step() and not ring.has_work, (
        "what lies behind a kept one waits"
    )
    assert ring.device.erases == [1, 0, 0, 0, 0, 0] and ring.erased_n == 1
    ring.kept.clear()
    ring.give_up_before(ring.head)
    assert bytes(ring.state) == bytes([ERASED] + [DIRTY] * 3 + [LIVE, ERASED]), "the head stays"
    assert [ring.erase_step() for _ in range(4)] == [True] * 3 + [False]
    assert ring.device.erases == [1, 1, 1, 1, 0, 0] and ring.erased_n == 4


def test_a_sector_that_looks_blank_is_erased_only_if_something_is_in_it():
    flash = NorFlash(3)
    flash.bytes[SIZE + 3000] = 0
    ring = FlashRing(flash, 3)
    ring.state[:] = bytes([BLANK] * 3)
    while ring.erase_step():
        pass
    assert flash.erases == [0, 1, 0] and bytes(ring.state) == bytes([ERASED] * 3)


def test_a_sector_that_does_not_take_a_record_is_left_and_given_up_when_it_would_be_erased():
    flash = NorFlash(6)
    ring = fresh(flash=flash)
    filled(ring, 1)
    flash.dead_program.add(1)
    places = [ring.append(b"\0" * 1000, STATE, 0) for _ in range(4)]
    assert (
        places[:2] == [SIZE + HEADER_SIZE, SIZE + HEADER_SIZE + 1000] and places[2] == 2 * SIZE + HEADER_SIZE
    )
    assert ring.failing == {1} and ring.bad_n == 0 and ring.end_of(1) == HEADER_SIZE + 2000
    ring.give_up_before(2)
    while ring.erase_step():
        pass
    assert (
        ring.bad_n == 1 and ring.state[1] == BAD and flash.erases == [1, 0, 0, 0, 0, 0] and not ring.failing
    )


class Refusing(NorFlash):
    """Its driver raises an error."""

    def writeblocks(self, block, buf, offset):
        raise OSError(5)

    def ioctl(self, op, arg):
        if op in (3, 6):
            raise OSError(5)
        return super().ioctl(op, arg)


def test_a_driver_that_refuses_is_a_sector_that_does_not_take_it():
    ring = fresh(3, Refusing(3))
    assert not ring.program(0, 0, b"x") and not ring.blanked(0) and ring.erased_n == 0
    ring.sync()
    with pytest.raises(StoreFull):
        ring.append(b"x", STATE, 0)
    assert ring.bad_n == 3


def test_a_store_has_all_sectors_of_its_device_unless_it_is_told_how_many():
    assert SetLog(NorFlash(9)).ring.sector_n == 9 and SetLog(NorFlash(9), 4).ring.sector_n == 4


def test_all_sectors_of_a_full_ring_are_given_up_but_the_head():
    for head in (5, 2):
        ring = fresh()
        filled(ring, 6)
        ring.head = head
        ring.give_up_before(head)
        assert [ring.state[sector] for sector in range(6)] == [LIVE if s == head else DIRTY for s in range(6)]
