"""From power-on to the first conversion taken, seconds on the chip's scale, for stores of a year's use.

The virtual rig charges what the chip does (virtual/costs.py); against the figures measured on an emulated chip it is
off by: `import app.wiring` 0 %, a collection 1 %, the mount of a fresh store -14 %, mem_free 0 %.
"""

from __future__ import annotations

import random

from tests.bench.rows import Row
from tests.faults_sensors import kept_in_turn, requests_set
from tests.rigcore.nor import NorFlash, PowerCut

from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings
from rigcore import fields, records, recovery
from rigcore.flash_ring import StoreFull
from rigcore.kept import SECTORS_N
from rigcore.setlog import SetLog

GOAL_S = 3.0
LIMIT_US = 60_000_000
LOST_MINUTES = 30.0
KEPT_TIMES = 100
SECTOR = 4096
YEARS = range(5)


def rows() -> list[Row]:
    kinds = {
        "start, fresh store": [None],
        "start, full store": [_filled(seed) for seed in YEARS],
        "start, after a pull and its erases": [_pulled(seed) for seed in YEARS],
        "start, after power cuts": [_cut(seed) for seed in YEARS],
    }
    found = [
        _row(name, max(seconds(image) for image in images), "s", GOAL_S) for name, images in kinds.items()
    ]
    lost = requests_set.lost(LOST_MINUTES)
    kept = kept_in_turn.missed(KEPT_TIMES)
    return [
        *found,
        _row("conversions lost, every request in turn", lost, "conversions", 0.0),
        _row(f"conversions lost, {KEPT_TIMES} of each thing kept in turn", kept, "conversions", 0.0),
    ]


def _row(name: str, value: float, unit: str, goal: float) -> Row:
    return Row(name, value, unit, "the goal", goal, value / goal if goal else value, 1.0, value <= goal)


def seconds(image: bytes | None, flash_mb: int = 4) -> float:
    """Virtual seconds from power-on to the first conversion, with these bytes as the sets' partition."""
    with VirtualRig(StillBelt(), RigSettings(flash_mb=flash_mb), seed=3) as rig:
        rig.power_on()  # the factory's start, which takes no time for the flash
        rig.run_until(lambda: rig.board.interrupts.served > 0, LIMIT_US)
        rig.power_cut()
        if image is not None:
            at = rig.board.partition("setlog").address
            rig.flash.image.data[at : at + len(image)] = image
        began_us, before = rig.now_us, rig.board.interrupts.served
        rig.power_on()
        assert rig.run_until(lambda: rig.board.interrupts.served > before, LIMIT_US), "it does not start"
        return (rig.now_us - began_us) / 1e6


def _sectors_n(flash_mb: int = 4) -> int:
    with VirtualRig(StillBelt(), RigSettings(flash_mb=flash_mb)) as rig:
        return rig.board.partition("setlog").size // SECTOR - SECTORS_N


def _mounted(flash: NorFlash) -> SetLog:
    log = SetLog(flash)
    recovery.mount(log)
    return log


def _session(log: SetLog, chance: random.Random, sets_n: int) -> None:
    """Sets of 10 m, as long as they usually are."""
    for _ in range(sets_n):
        no = log.next_no()
        log.begin({"no": no, "rig": "aabbccddeeff", "start_us": no * 1_000_000})
        for _ in range(10):
            log.append(records.TYPE_BLOCK, chance.randbytes(chance.randrange(200, 260)))
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))


def _year(seed: int) -> tuple[NorFlash, random.Random]:
    """Sessions, pulls and erases in any order, twice round the ring."""
    chance = random.Random(seed)
    flash = NorFlash(sector_n=_sectors_n(), seed=seed)
    log = _mounted(flash)
    while log.ring.sequence < 2 * flash.sector_n:
        try:
            _session(log, chance, chance.randrange(4, 20))
        except StoreFull:
            log.confirm(log.index.last_no())
        if chance.random() < 0.3:
            log.confirm(log.index.no[chance.randrange(log.index.finished_n())])
        for _ in range(chance.randrange(60)):
            log.erase_step()
        if chance.random() < 0.3:
            log = _mounted(flash)
    return flash, chance


def _filled(seed: int) -> bytes:
    flash, chance = _year(seed)
    log = _mounted(flash)
    log.confirm(log.index.last_no() - 1)
    try:
        _session(log, chance, 1000)
    except StoreFull:
        pass
    return bytes(flash.bytes)


def _pulled(seed: int) -> bytes:
    flash, chance = _year(seed)
    log = _mounted(flash)
    _session(log, chance, 6)
    log.confirm(log.index.last_no())
    while log.erase_step():
        pass
    return bytes(flash.bytes)


def _cut(seed: int) -> bytes:
    flash, chance = _year(seed)
    for _ in range(4):
        flash.cut_after = flash.operations_n + chance.randrange(40)
        flash.torn_fraction = chance.random()
        try:
            log = _mounted(flash)
            log.confirm(log.index.last_no())
            while True:
                _session(log, chance, 2)
                log.erase_step()
        except (PowerCut, StoreFull):
            flash = NorFlash(flash.sector_n, image=flash.bytes, seed=seed)
    return bytes(flash.bytes)
