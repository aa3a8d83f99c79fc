"""What a rig keeps by name: whatever fails, the old value or the new one is there; to keep one erases nothing."""

import binascii
import random

import pytest

from nor import Gathering, NorFlash, PowerCut
from rigcore.draft import HEAD_SIZE
from rigcore.kept import SECTORS_N, VALUE_MAX, KeptValues

NAMES = ("settings", "calibration", "plan/one", "plan/two")


def values(kept):
    return {name: kept.read(name) for name, _, _ in kept.names()}


def test_what_was_kept_last_is_there_and_each_name_has_its_own():
    flash, truth, chance = NorFlash(SECTORS_N), {}, random.Random(1)
    for _ in range(300):
        name = chance.choice(NAMES)
        kept = KeptValues(flash)
        truth[name] = chance.randbytes(chance.randrange(VALUE_MAX if name == "plan/two" else 400))
        kept.write(name, truth[name])
        assert values(kept) == truth
        assert values(KeptValues(flash)) == truth
        if kept.spare_n() < 4:
            while kept.erase_step() >= 0:
                pass
    assert flash.bad_programs_n == 0, "a byte was programmed that needed an erase"


def test_twelve_plans_as_long_as_they_may_be_fit_and_each_can_be_sent_anew_without_an_erase():
    flash = NorFlash(SECTORS_N)
    for n in range(12):
        KeptValues(flash).write(f"plan/{n}", bytes([n]) * VALUE_MAX)
    KeptValues(flash).write("settings", b"s" * 400)
    KeptValues(flash).write("calibration", b"c" * 250)
    for n in range(4):
        KeptValues(flash).write(f"plan/{n}", bytes([n + 100]) * VALUE_MAX)
    assert flash.erase_n == 0
    assert KeptValues(flash).read("plan/3") == bytes([103]) * VALUE_MAX


def test_a_hundred_calibrations_take_few_sectors():
    flash = NorFlash(SECTORS_N)
    for n in range(100):
        KeptValues(flash).write("calibration", b"%0200d" % n)
    assert flash.erase_n == 0 and KeptValues(flash).spare_n() >= SECTORS_N - 7


def test_a_hundred_calibrations_on_one_boot_take_no_more_sectors_than_on_a_hundred():
    once, anew = NorFlash(SECTORS_N), NorFlash(SECTORS_N)
    kept = KeptValues(once)
    for n in range(100):
        kept.write("calibration", b"%0200d" % n)
        KeptValues(anew).write("calibration", b"%0200d" % n)
    assert KeptValues(once).spare_n() == KeptValues(anew).spare_n()
    assert once.bytes == anew.bytes


def test_a_name_that_was_dropped_is_gone_for_ever():
    flash = NorFlash(SECTORS_N)
    for n in range(40):
        KeptValues(flash).write("plan/one", b"%0300d" % n)
    assert KeptValues(flash).drop("plan/one") and not KeptValues(flash).drop("plan/one")
    assert KeptValues(flash).names() == [] and KeptValues(flash).read("plan/one") is None


def test_a_piece_of_a_value_ends_with_it():
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).write("plan/one", bytes(range(200)))
    assert KeptValues(flash).piece("plan/one", 150, 300) == bytes(range(150, 200))
    assert KeptValues(flash).piece("plan/one", 900, 300) == b""


@pytest.mark.parametrize("torn", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("size", [30, 390, VALUE_MAX])
def test_power_may_fail_at_any_operation_while_a_value_is_kept_or_dropped_or_sectors_are_erased(size, torn):
    """Each step goes on from the flash as the cut left it; what is not touched stays."""
    flash, now, chance = NorFlash(SECTORS_N, seed=3), {"settings": b"units"}, random.Random(size)
    KeptValues(flash).write("settings", b"units")
    for n in range(160):
        flash.cut_after, flash.torn_fraction = flash.operations_n + chance.randrange(24), torn
        before, after = now.get("plan/one"), chance.randbytes(size)
        try:
            if n % 7 == 6:
                after = None
                KeptValues(flash).drop("plan/one")
            elif n % 3 == 0:
                draft = KeptValues(flash).draft()
                for at in range(0, size, 150):
                    draft.write(after[at : at + 150])
                KeptValues(flash).save(draft, "plan/one", binascii.crc32(draft.read()))
            else:
                KeptValues(flash).write("plan/one", after)
            while KeptValues(flash).erase_step() >= 0:
                pass
        except PowerCut:
            pass
        flash = NorFlash(SECTORS_N, image=flash.bytes, seed=n)
        found = values(KeptValues(flash))
        assert found.pop("plan/one", None) in (before, after), n
        assert found == {"settings": b"units"}
        now["plan/one"] = KeptValues(flash).read("plan/one")


def test_a_cut_between_the_new_value_and_the_end_of_the_old_leaves_nothing_to_come_back():
    """The old one is still valid: to drop the name takes both."""
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).write("plan/one", b"old")
    flash.cut_after, flash.torn_fraction = (
        flash.operations_n + 2,
        0.0,
    )  # the value, the head, then the old one's mark
    with pytest.raises(PowerCut):
        KeptValues(flash).write("plan/one", b"new")
    flash.cut_after = None
    assert KeptValues(flash).read("plan/one") == b"new"
    assert KeptValues(flash).drop("plan/one")
    assert KeptValues(flash).read("plan/one") is None


@pytest.mark.parametrize("place", range(0, 8 * (HEAD_SIZE + 200), 7))
def test_a_flipped_bit_changes_no_value(place):
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).write("calibration", bytes(range(200)))
    flash.bytes[place // 8] ^= 1 << place % 8
    assert KeptValues(flash).read("calibration") == bytes(range(200))


@pytest.mark.parametrize("seed", range(60))
def test_two_flipped_bits_never_bring_back_what_was_replaced_nor_touch_others(seed):
    flash, chance = NorFlash(SECTORS_N), random.Random(seed)
    KeptValues(flash).write("settings", b"s" * 300)
    for n in range(3):
        KeptValues(flash).write("calibration", bytes([n]) * 100)
    start = flash.sector_size
    for _ in range(2):
        bit = chance.randrange(3 * 8 * (HEAD_SIZE + 100))
        flash.bytes[start + bit // 8] ^= 1 << bit % 8
    kept = KeptValues(flash)
    assert kept.read("calibration") in (bytes([2]) * 100, b"", None)
    assert kept.read("settings") == b"s" * 300


@pytest.mark.parametrize("kind", ["dead_erase", "dead_program"])
def test_worn_sectors_are_passed_over(kind):
    flash = NorFlash(SECTORS_N)
    for sector in (0, 1, 5):
        getattr(flash, kind).add(sector)
    for n in range(60):
        KeptValues(flash).write("plan/one", bytes([n]) * 3000)
        start = 0
        while (start := KeptValues(flash).erase_step(start) + 1) > 0:
            pass
    assert KeptValues(flash).read("plan/one") == bytes([59]) * 3000


@pytest.mark.parametrize("erases", [False, True])
def test_flash_that_takes_nothing_more_says_so_and_keeps_what_it_has(erases):
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).write("settings", b"old")
    flash.dead_program.update(range(SECTORS_N))
    flash.dead_erase.update(() if erases else range(SECTORS_N))
    with pytest.raises(OSError):
        KeptValues(flash).write("settings", b"n" * 3000)
    assert KeptValues(flash).read("settings") == b"old"


def test_what_is_put_together_is_not_erased_meanwhile_and_counts_only_once_saved():
    flash = NorFlash(SECTORS_N)
    draft = KeptValues(flash).draft()
    draft.write(b"first ")
    KeptValues(flash).write("settings", b"meanwhile")
    assert KeptValues(flash).erase_step(0, draft.sector) == -1
    draft.write(b"second")
    assert draft.read() == b"first second" and values(KeptValues(flash)) == {"settings": b"meanwhile"}
    KeptValues(flash).save(draft, "plan/one", binascii.crc32(draft.read()))
    assert values(KeptValues(flash)) == {"settings": b"meanwhile", "plan/one": b"first second"}


def test_a_draft_that_was_given_up_is_erased_in_its_turn():
    flash = NorFlash(SECTORS_N)
    KeptValues(flash).draft().write(b"never saved")
    assert KeptValues(flash).erase_step() == 0 and KeptValues(flash).erase_step() == -1
    assert flash.erase_n == 1


def test_sectors_before_the_first_are_others():
    flash = NorFlash(SECTORS_N + 10)
    KeptValues(flash, 10).write("settings", b"mine")
    while KeptValues(flash, 10).erase_step() >= 0:
        pass
    assert bytes(flash.bytes[: 10 * flash.sector_size]) == b"\xff" * (10 * flash.sector_size)
    assert KeptValues(flash, 10).read("settings") == b"mine"


def test_a_device_that_gathers_has_saved_a_draft_once_it_was_read_and_a_value_once_it_is_told_to():
    flash = Gathering(SECTORS_N)
    draft = KeptValues(flash).draft()
    draft.write(b"plan")
    assert draft.read() == b"plan" and b"plan" in flash.saved
    kept = KeptValues(flash)
    kept.save(draft, "plan/one", binascii.crc32(b"plan"))
    kept.write("settings", b"units")
    kept.sync()
    assert values(KeptValues(NorFlash(SECTORS_N, image=flash.saved))) == {
        "plan/one": b"plan",
        "settings": b"units",
    }


@pytest.mark.parametrize("seed", range(4))
def test_what_a_rig_knows_of_its_values_while_it_runs_is_what_its_next_start_finds(seed):
    flash, chance = NorFlash(SECTORS_N), random.Random(seed)
    kept = KeptValues(flash)
    for _ in range(40):
        name = chance.choice(NAMES)
        if chance.random() < 0.2:
            kept.drop(name)
        else:
            kept.write(name, chance.randbytes(chance.choice((30, 900, 3000))))
        if kept.is_short():
            assert kept.erase_step() >= 0
        found = KeptValues(flash)
        assert (sorted(found.names()), found.spare_n()) == (sorted(kept.names()), kept.spare_n())
        assert found.is_short() == kept.is_short() == (kept.spare_n() < 3)


class Timed(NorFlash):
    """Knows the most that was read between two moments in which something else could run."""

    since, most = 0, 0

    def between(self):
        self.most, self.since = max(self.most, self.read_bytes - self.since), self.read_bytes


def test_what_waits_can_run_after_each_sector_that_is_looked_through():
    flash = Timed(SECTORS_N)
    kept = KeptValues(flash, 0, flash.between)
    for n in range(14):
        kept.write(NAMES[n % 4], bytes([n]) * 3900)
    flash.most, flash.since = 0, flash.read_bytes
    while kept.erase_step() >= 0:
        pass
    kept.fresh()
    kept.damaged()
    KeptValues(flash, 0, flash.between)
    flash.between()
    assert 0 < flash.most <= 2 * flash.sector_size
