"""Flash that ages: several bits flip within one structure. Only what holds them may suffer, and it is told."""

from __future__ import annotations

import random
from collections.abc import Callable

from nor import NorFlash
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
