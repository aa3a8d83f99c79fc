"""What a rig keeps by name, where bits have flipped: it is told, the one before is taken, nothing is erased unheard."""

import random

import pytest

from nor import NorFlash, PowerCut
from rigcore.draft import HEAD_SIZE
from rigcore.kept import SECTORS_N, VALUE_MAX, KeptValues
from rigcore.kept_damage import has_aged, is_sum_alone, told


def flipped(flash, sector, first, length, bits_n, chance):
    """A copy on which so many bits of a piece are others."""
    copy = NorFlash(SECTORS_N, image=flash.bytes)
    for bit in chance.sample(range(8 * length), bits_n):
        copy.bytes[sector * flash.sector_size + first + bit // 8] ^= 1 << bit % 8
    return copy


def pair_of_settings(text=b"b" * 300):
    """A store in which settings were kept twice, and something else before them; (flash, sector, place of the last)."""
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).write("plan/one", b"p" * 900)
    KeptValues(flash).write("settings", b"a" * 300)
    KeptValues(flash).write("settings", text)
    return flash, 1, HEAD_SIZE + 300


def all_erased(kept):
    start = 0
    while (start := kept.erase_step(start) + 1) > 0:
        pass


@pytest.mark.parametrize("bits_n", [2, 3, 8])
@pytest.mark.parametrize("seed", range(20))
def test_a_value_that_can_not_be_read_is_told_and_the_one_before_is_there(bits_n, seed):
    """Damage of its bytes, or of its head, which leaves no name."""
    flash, sector, place = pair_of_settings()
    chance = random.Random(seed)
    spot = (place + 2, HEAD_SIZE - 2) if seed % 2 else (place + HEAD_SIZE, 300)
    kept = KeptValues(flipped(flash, sector, *spot, bits_n, chance))
    assert not kept.read("settings") and kept.read("plan/one") == b"p" * 900
    assert kept.read("settings", True) == b"a" * 300
    assert [name for name, _ in told(kept)] == ["settings"]


@pytest.mark.parametrize("seed", range(20))
def test_of_all_that_was_given_up_the_newest_that_still_lies_there_is_taken(seed):
    """Sectors are taken in turn, so that an older value may lie behind a newer one."""
    flash, chance = NorFlash(SECTORS_N), random.Random(seed)
    texts = [b"%0*d" % (chance.choice((300, 1500, 2500)), n) for n in range(40)]
    for text in texts:
        kept = KeptValues(flash)
        kept.write("settings", text)
        kept.write("plan/one", text + bytes(VALUE_MAX - len(text)))
        if kept.spare_n() < 4:
            kept.erase_step(chance.randrange(SECTORS_N))
    still_there = [text for text in texts[:-1] if _lies_alone(flash, text)]
    assert KeptValues(flash).read("settings", True) == (still_there[-1] if still_there else None)


def _lies_alone(flash, text):
    """Whether the settings lie in flash, not only the plan that begins with them."""
    place = flash.bytes.find(text)
    while place >= 0 and flash.bytes[place + len(text) :][:100] == bytes(100):
        place = flash.bytes.find(text, place + 1)
    return place >= 0


@pytest.mark.parametrize("bits_n", [2, 3, 8])
@pytest.mark.parametrize("seed", range(20))
def test_no_sector_with_a_head_that_was_not_understood_is_erased_until_that_was_told(bits_n, seed):
    flash, sector, place = pair_of_settings()
    copy = flipped(flash, sector, place + 2, HEAD_SIZE - 2, bits_n, random.Random(seed))
    before = bytes(copy.bytes)
    all_erased(KeptValues(copy))
    KeptValues(copy).write("settings", b"c" * 300)
    for n in range(2 * SECTORS_N):
        KeptValues(copy).write("plan/one", bytes([n]) * VALUE_MAX)
        all_erased(KeptValues(copy))
    assert (
        copy.bytes[sector * 4096 :][: place + HEAD_SIZE + 300]
        == before[sector * 4096 :][: place + HEAD_SIZE + 300]
    )
    assert KeptValues(copy).read("settings") == b"c" * 300
    kept = KeptValues(copy)
    kept.strange.clear()
    all_erased(kept)
    assert copy.bytes[sector * 4096 :][:4096] == b"\xff" * 4096


def test_a_head_that_power_left_without_its_sum_is_no_damage():
    flash, sector, place = pair_of_settings()
    torn = NorFlash(SECTORS_N, image=flash.bytes)
    start = sector * flash.sector_size
    torn.bytes[start : start + 2] = flash.bytes[
        start + place : start + place + 2
    ]  # the value before still counts
    torn.bytes[start + place + HEAD_SIZE - 4 : start + place + HEAD_SIZE] = b"\xff" * 4
    kept = KeptValues(torn)
    assert kept.read("settings") == b"a" * 300 and told(kept) == []


def test_a_head_whose_name_is_no_text_is_never_believed_by_its_sum():
    """Else a start would end in an error of its letters."""
    flash, sector, place = pair_of_settings()
    start = sector * flash.sector_size + place
    for at in range(16, 16 + len("settings")):
        for bit in range(8 * 2, 8 * HEAD_SIZE):
            head = bytearray(flash.bytes[start : start + HEAD_SIZE])
            head[bit // 8] ^= 1 << bit % 8
            head[at] |= 0x80
            assert not is_sum_alone(head), (at, bit)


@pytest.mark.parametrize("place", range(0, 8 * (HEAD_SIZE + 300), 37))
def test_a_flipped_bit_is_mended_in_flash_before_a_second_one_joins_it(place):
    flash, sector, first = pair_of_settings()
    flash.bytes[sector * 4096 + first + place // 8] ^= 1 << place % 8
    all_erased(KeptValues(flash))
    kept = KeptValues(NorFlash(SECTORS_N, image=flash.bytes))
    assert kept.read("settings") == b"b" * 300 and told(kept) == []
    chance = random.Random(place)
    if place >= 16:  # the mark is no part of what is checked
        copy = flipped(flash, sector, first + place // 8, 1, 1, chance)
        assert KeptValues(copy).read("settings") == b"b" * 300, "what is read is another copy by now"


def test_sound_values_are_not_written_anew_at_standstill_nor_is_what_a_power_cut_left_called_damage():
    for torn in (0.0, 0.5, 1.0):
        for operations_n in range(8):
            flash, _, _ = pair_of_settings()
            flash.cut_after, flash.torn_fraction = flash.operations_n + operations_n, torn
            try:
                KeptValues(flash).write("settings", b"c" * 300)
                KeptValues(flash).drop("plan/one")
                all_erased(KeptValues(flash))
            except PowerCut:
                pass
            flash = NorFlash(SECTORS_N, image=flash.bytes)
            assert told(KeptValues(flash)) == [], (torn, operations_n)
    flash, _, _ = pair_of_settings()
    operations_n = flash.operations_n
    all_erased(KeptValues(flash))
    assert flash.operations_n == operations_n


def a_head():
    flash, sector, place = pair_of_settings()
    return bytearray(flash.bytes[sector * flash.sector_size + place :][:HEAD_SIZE])


@pytest.mark.parametrize("seed", range(6))
def test_a_head_with_eight_flipped_bits_is_taken_for_one_and_chance_is_not(seed):
    chance = random.Random(seed)
    for places in (
        range(16),
        range(8 * 30, 8 * 44),
        range(8 * 40, 8 * 48),
        [*range(16), *range(8 * 16 + 7, 8 * 44, 8)],
    ):
        head = a_head()
        for bit in chance.sample(list(places), 8):
            head[bit // 8] ^= 1 << bit % 8
        assert has_aged(head), places
    for _ in range(50):
        assert not has_aged(chance.randbytes(HEAD_SIZE))
        assert not has_aged(a_head()[:16] + bytes(chance.randrange(128, 256) for _ in range(HEAD_SIZE - 16)))


def test_a_sum_of_which_eight_bits_have_flipped_costs_nothing():
    flash, sector, place = pair_of_settings()
    for seed in range(10):
        copy = flipped(flash, sector, place + HEAD_SIZE - 4, 4, 8, random.Random(seed))
        kept = KeptValues(copy)
        assert kept.read("settings") == b"b" * 300 and told(kept) == []


class Full(NorFlash):
    def writeblocks(self, block, buf, offset):
        raise OSError(5)


def test_where_flash_takes_no_more_a_flipped_bit_is_mended_when_read_and_nothing_goes_on_for_ever():
    flash, sector, place = pair_of_settings()
    full = Full(SECTORS_N, image=flash.bytes)
    full.bytes[sector * full.sector_size + place + HEAD_SIZE + 9] ^= 4
    kept = KeptValues(full)
    assert kept.erase_step() == -1 and kept.read("settings") == b"b" * 300
