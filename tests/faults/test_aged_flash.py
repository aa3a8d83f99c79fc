"""Flash that ages: several bits flip within one structure. Only what holds them may suffer, and it is told."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from nor import NorFlash, PowerCut
from rigcore import decode, fields, records, recovery
from rigcore.flash_ring import HEADER_SIZE, LIVE
from rigcore.setlog import SetLog
from stores import all_sets, mounted

SECTOR = 4096
SECTORS_N = 24
Place = tuple[int, int]
"""First byte and length of a structure."""


def write_set(log: SetLog, blocks_n: int) -> None:
    no = log.next_no()
    log.begin({"no": no, "rig": "aabbccddeeff", "start_us": 1_000_000 * no})
    for i in range(blocks_n):
        log.append(records.TYPE_BLOCK, bytes((no * 31 + i * 7 + j * j) % 256 for j in range(180 + i % 90)))
    log.append(records.TYPE_END, fields.pack({"reason": "still"}))
    log.note(no, {"rpe": 5})


def store(seed: int) -> NorFlash:
    """A store of a few dozen sets, laid round the ring, some of them confirmed and erased."""
    chance = random.Random(seed)
    flash = NorFlash(sector_n=SECTORS_N, seed=seed)
    log = mounted(flash)
    for _ in range(chance.randrange(1, 4)):
        for _ in range(chance.randrange(4, 16)):
            write_set(log, chance.randrange(1, 14))
        if chance.random() < 0.5:
            log.confirm(log.index.no[chance.randrange(log.index.finished_n())])
            for _ in range(chance.randrange(SECTORS_N)):
                log.erase_step()
    return flash


def sector_headers(flash: NorFlash, log: SetLog) -> list[Place]:
    return [(at * SECTOR, HEADER_SIZE) for at in range(SECTORS_N) if log.ring.state[at] == LIVE]


def set_records(flash: NorFlash, log: SetLog) -> list[Place]:
    """Every record of every listed set."""
    places = []
    for sector in range(SECTORS_N):
        at = HEADER_SIZE
        while (
            log.ring.state[sector] == LIVE
            and (record := recovery.record_at(log.ring, sector, at)) is not None
        ):
            places.append((sector * SECTOR + at, len(record)))
            at += len(record)
    return places


def links(flash: NorFlash, log: SetLog) -> list[Place]:
    return [(address + records.HEAD, records.LINK_SIZE) for address in log.index.address]


def struck(
    flash: NorFlash, places: list[Place], flips_n: int, chance: random.Random
) -> tuple[NorFlash, Place]:
    """A copy with so many bits flipped in one of the structures."""
    copy = NorFlash(image=flash.bytes, sector_n=SECTORS_N)
    address, length = place = chance.choice(places)
    for bit in chance.sample(range(length * 8), flips_n):
        copy.bytes[address + bit // 8] ^= 1 << bit % 8
    return copy, place


def holds(log: SetLog, no: int, place: Place) -> bool:
    """Whether the structure is one of the set's records."""
    i = list(log.index.no).index(no)
    first = log.index.address[i]
    after = log.index.address[i + 1] if i + 1 < len(log.index) else len(log.ring.state) * SECTOR
    return first <= place[0] < after or after < first and not after <= place[0] < first


def unhurt(before: SetLog, found: dict[int, bytes], clean: dict[int, bytes], place: Place) -> bool:
    """Whether all sets without the structure are as they were; the one with it keeps its other records."""
    for no, blob in clean.items():
        if not holds(before, no, place) or place[0] % SECTOR == 0:
            if decode.mended(found.get(no, b"")) != blob:
                return False
        elif no in found and not {place[0], place[0] - records.HEAD} & set(before.index.address):
            whole = {record for *_, record in decode.iter_records(blob)}
            left = {record for *_, record in decode.iter_records(found[no])}
            if len(whole - left) > 1:
                return False
        elif no not in found and place[0] + place[1] <= before.index.address[list(before.index.no).index(no)]:
            return False
    return True


def aged(places_of: Callable[[NorFlash, SetLog], list[Place]], seeds: range) -> None:
    for seed in seeds:
        chance = random.Random(seed)
        flash = store(seed)
        before = mounted(flash)
        clean = all_sets(before)
        if not clean:
            continue
        flips_n = (2, 3, 8)[seed % 3]
        copy, place = struck(flash, places_of(flash, before), flips_n, chance)
        log = mounted(copy)
        wanted = f"seed {seed}: {flips_n} bits at {place}"
        assert unhurt(before, all_sets(log), clean, place), wanted
        while log.erase_step():
            pass
        again = mounted(NorFlash(image=copy.bytes, sector_n=SECTORS_N))
        assert unhurt(before, all_sets(again), clean, place), f"{wanted}: erased"
        write_set(again, 5)
        last = mounted(NorFlash(image=again.ring.device.bytes, sector_n=SECTORS_N))
        assert unhurt(before, all_sets(last), clean, place), f"{wanted}: after the next set"
        assert last.last_no == again.last_no


def test_bits_in_the_header_of_a_sector_cost_no_set(thin, tried) -> None:
    seeds = thin(range(3000), 90)
    aged(sector_headers, seeds)
    tried("stores with two, three or eight bits flipped in the header of a sector", len(seeds))


def test_bits_in_a_record_cost_that_record(thin, tried) -> None:
    seeds = thin(range(3000), 90)
    aged(set_records, seeds)
    tried("stores with two, three or eight bits flipped in a record", len(seeds))


def test_bits_in_a_link_cost_no_other_set(thin, tried) -> None:
    seeds = thin(range(3000), 90)
    aged(links, seeds)
    tried("stores with two, three or eight bits flipped in the link to the set before", len(seeds))


# -- written anew

TORN = (0.0, 0.02, 0.5, 0.97)


def read_at_start(flash: NorFlash, log: SetLog) -> list[Place]:
    """What each start reads of every set and sector, so that it notices one flipped bit."""
    sizes = [len(recovery.record_at(log.ring, at // SECTOR, at % SECTOR) or b"") for at in log.index.address]
    return sector_headers(flash, log) + list(zip(log.index.address, sizes, strict=True))


def fallen(image: bytes, place: Place, chance: random.Random) -> bytes:
    """With one programmed bit more: only an erase brings it back."""
    address, length = place
    bits = [i for i in range(length * 8) if image[address + i // 8] >> i % 8 & 1]
    bit = chance.choice(bits)
    copy = bytearray(image)
    copy[address + bit // 8] ^= 1 << bit % 8
    return bytes(copy)


def of(image: bytes) -> NorFlash:
    return NorFlash(image=image, sector_n=SECTORS_N)


def stood(log: SetLog) -> None:
    """Let the belt stand until nothing is left to do."""
    for _ in range(10 * SECTORS_N):
        if not log.erase_step():
            return
    raise AssertionError("there is always something left to do")


def worn(seed: int) -> tuple[NorFlash, dict[int, bytes], Place, random.Random] | None:
    """A store that was told all about its damage, its sets, and a structure of it."""
    flash, chance = store(seed), random.Random(seed)
    log = mounted(flash)
    stood(log)
    clean = all_sets(log)
    return (flash, clean, chance.choice(read_at_start(flash, log)), chance) if clean else None


def test_a_bit_that_fell_is_written_anew_so_that_a_second_one_costs_nothing(thin, tried) -> None:
    seeds = thin(range(2000), 60)
    for seed in seeds:
        if (made := worn(seed)) is None:
            continue
        flash, clean, place, chance = made
        for _ in range(3):
            aged = of(fallen(bytes(flash.bytes), place, chance))
            log = mounted(aged)
            assert log.damage == [(place[0] // SECTOR, place[0] % SECTOR, "mended")], f"seed {seed}"
            stood(log)
            assert all_sets(log) == clean, f"seed {seed}: {place}"
            assert aged.bytes[place[0] : sum(place)] == flash.bytes[place[0] : sum(place)], (
                f"seed {seed}: {place}"
            )
            again = mounted(of(bytes(aged.bytes)))
            assert not again.damage and all_sets(again) == clean, f"seed {seed}: {place}"
            flash = aged
    tried("stores with a bit that fell, three times in one structure", len(seeds))


def test_a_bit_that_fell_in_the_only_set_since_the_pull_costs_nothing(tried) -> None:
    flash = NorFlash(sector_n=SECTORS_N)
    log = mounted(flash)
    for _ in range(3):
        write_set(log, 3)
    log.confirm(3)
    write_set(log, 3)
    clean, address = all_sets(log), log.index.address[0]
    length = len(recovery.record_at(log.ring, address // SECTOR, address % SECTOR) or b"")
    for bit in range(length * 8):
        aged = of(bytes(flash.bytes))
        aged.bytes[address + bit // 8] ^= 1 << bit % 8
        found = mounted(aged)
        assert as_the_host_has_them(found) == clean and found.damage, f"bit {bit}"
    tried("each bit of the header of the only set since the pull", length * 8)


def test_power_may_fail_at_any_moment_of_the_writing_anew(thin, tried) -> None:
    cuts_n = 0
    for seed in thin(range(200), 2):
        if (made := worn(seed)) is None:
            continue
        flash, clean, place, chance = made
        image = fallen(bytes(flash.bytes), place, chance)
        whole = of(image)
        stood(mounted(whole))
        for operation in range(whole.operations_n):
            for torn in TORN:
                cut = of(image)
                found = cut_at(cut, operation, torn)
                cuts_n += 1 + recovered(found, clean, f"seed {seed}: {place}, cut {operation} at {torn}")
    tried("power cuts while a sector was written anew, and at the start after it", cuts_n)


def cut_at(flash: NorFlash, operation: int, torn: float) -> bytes:
    """What the flash holds after power went in this operation of a start and the stand after it."""
    flash.cut_after, flash.torn_fraction = operation, torn
    with pytest.raises(PowerCut):
        stood(mounted(flash))
    return bytes(flash.bytes)


def recovered(image: bytes, clean: dict[int, bytes], where: str) -> int:
    """Every set is there, also when power goes again in each operation of that start; how many those are."""
    flash = of(image)
    log = mounted(flash)
    started_n = flash.operations_n
    assert as_the_host_has_them(log) == clean, where
    stood(log)
    last = mounted(of(bytes(flash.bytes)))
    assert all_sets(last) == clean and not last.damage, where
    assert set(all_sets(walked_at_once(image))) >= set(clean), f"{where}, then a set before the belt stood"
    for again in range(started_n):
        found = cut_at(of(image), again, 0.5)
        assert as_the_host_has_them(mounted(of(found))) == clean, f"{where}, then cut {again}"
    return started_n


def walked_at_once(image: bytes) -> SetLog:
    """The start after a set that was written right after a start."""
    flash = of(image)
    log = mounted(flash)
    is_room = log.ring.has_free(3)
    if is_room:
        write_set(log, 5)
    found = mounted(of(bytes(flash.bytes)))
    assert not is_room or found.index.last_no() == log.last_no
    return found


def as_the_host_has_them(log: SetLog) -> dict[int, bytes]:
    return {no: decode.mended(blob) for no, blob in all_sets(log).items()}


def test_sectors_that_do_not_erase_or_take_no_copy_lose_nothing(thin, tried) -> None:
    seeds = thin(range(500), 12)
    for seed in seeds:
        if (made := worn(seed)) is None:
            continue
        flash, clean, place, chance = made
        image = fallen(bytes(flash.bytes), place, chance)
        for dying in ({place[0] // SECTOR}, set(range(0, SECTORS_N, 2))):
            aged = of(image)
            aged.dead_erase, aged.dead_program = set(dying), set(dying) - {place[0] // SECTOR}
            stood(mounted(aged))
            assert as_the_host_has_them(mounted(of(bytes(aged.bytes)))) == clean, (
                f"seed {seed}: {place}, {dying}"
            )
    tried("stores with a bit that fell in flash that dies", 2 * len(seeds))


def test_a_sector_that_was_not_understood_is_not_even_written_anew_before_somebody_was_told(thin) -> None:
    for seed in thin(range(500), 12):
        flash, chance = store(seed), random.Random(seed)
        log = mounted(flash)
        stood(log)
        if len(log.index) < 3:
            continue
        address = log.index.address[0]  # the oldest set's header: no older one hangs on its link
        sector = address // SECTOR
        image = fallen(bytes(flash.bytes), (sector * SECTOR, HEADER_SIZE), chance)
        aged, _place = struck(of(image), [(address + records.HEAD, records.LINK_SIZE)], 3, chance)
        image = bytes(aged.bytes)
        log = mounted(aged)
        stood(log)
        content = slice(sector * SECTOR, (sector + 1) * SECTOR)
        assert sector in log.ring.kept and aged.bytes[content] == image[content], f"seed {seed}"
        log.told_damage()
        stood(log)
        assert log.ring.state[sector] != LIVE or not log.ring.fallen, f"seed {seed}"


def test_a_sector_of_which_a_bit_was_mended_is_erased_in_its_turn_before_anybody_was_told(thin) -> None:
    """Only what was not understood is kept; else a store that nobody asks would fill up."""
    tried_n = 0
    for seed in thin(range(500), 12):
        flash, chance = store(seed), random.Random(seed)
        log = mounted(flash)
        lost = log.index.address[0] if len(log.index) else -1
        others = [place for place in sector_headers(flash, log) if place[0] // SECTOR != lost // SECTOR]
        if len(log.index) < 3 or not others:
            continue
        image = fallen(bytes(flash.bytes), mended := chance.choice(others), chance)
        aged, _place = struck(of(image), [(lost + records.HEAD, records.LINK_SIZE)], 3, chance)
        kept = mounted(aged).ring.kept
        assert lost // SECTOR in kept and mended[0] // SECTOR not in kept, f"seed {seed}"
        tried_n += 1
    assert tried_n
