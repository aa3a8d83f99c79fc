"""The store's logic under power cuts at every flash operation, torn operations, flipped bits and dying sectors."""

from __future__ import annotations

import binascii
import random

import pytest

from nor import NorFlash, PowerCut
from rigcore import decode, fields, records
from rigcore.flash_ring import BAD, StoreFull
from rigcore.setlog import SetLog
from stores import all_sets, mounted, read_at

FRACTIONS = (0.0, 0.02, 0.5, 0.97)
SETS = (1, 14, 40, 3, 25)  # blocks of each set; the third fills more than two sectors


class Session:
    """An afternoon on one rig. Knows what must have survived a cut at any moment."""

    def __init__(self, flash: NorFlash) -> None:
        self.flash = flash
        self.finished: dict[int, bytes] = {}
        self.running = b""
        self.confirming = 0

    def run(self) -> None:
        log = mounted(self.flash)
        self.finished.update(all_sets(log))
        while log.erase_step():
            pass
        for blocks_n in SETS:
            self._write_set(log, blocks_n)
            if blocks_n == 40:
                self.confirming = log.index.no[0]
                log.confirm(self.confirming)
            log.erase_step()

    def _write_set(self, log: SetLog, blocks_n: int) -> None:
        no = log.next_no()
        try:
            log.begin({"no": no, "rig": "aabbccddeeff", "start_us": 1_000_000 * no})
        except StoreFull:
            return
        for i in range(blocks_n):
            log.append(
                records.TYPE_BLOCK, bytes((no * 31 + i * 7 + j * j) % 256 for j in range(180 + i % 90))
            )
            self.running = read_at(log, len(log.index) - 1)
        log.append(records.TYPE_END, fields.pack({"reason": "still"}))
        blob = read_at(log, len(log.index) - 1)
        assert binascii.crc32(blob) == log.index.crc[-1]
        self.finished[no], self.running = blob, b""
        log.note(no, {"rpe": 5})
        self.finished[no] = read_at(log, len(log.index) - 1)


def check(sessions: list[Session], image: bytes) -> None:
    """All finished sets are there and unchanged; the running one up to its last complete record."""
    flash = NorFlash(image=image)
    log = mounted(flash)
    kept = all_sets(log)
    confirmed = max(session.confirming for session in sessions)
    assert log.confirmed <= confirmed
    for session in sessions:
        for no, blob in session.finished.items():
            whole = decode.mended(kept.get(no, b""))  # a bit of it may have been programmed once more
            assert no <= confirmed or whole.startswith(decode.mended(blob)), f"set {no} was lost or changed"
        if session.running:
            assert any(blob.startswith(session.running) for blob in kept.values()), (
                "a written record was lost"
            )
    for i, blob in enumerate(kept.values()):
        whole = decode.mended(blob)  # a torn record may lack no more than one bit
        assert (log.index.length[i], log.index.crc[i]) == (len(whole), binascii.crc32(whole))
    assert flash.operations_n == 0, "recovery writes nothing"


def cut_run(image: bytes | None, cut: int, fraction: float, seed: int) -> tuple[Session, NorFlash]:
    flash = NorFlash(sector_n=12, image=image, seed=seed)
    flash.cut_after, flash.torn_fraction = cut, fraction
    session = Session(flash)
    with pytest.raises(PowerCut):
        session.run()
    assert flash.bad_programs_n == 0, "a bit was programmed that needed an erase"
    return session, flash


def operations_of_a_session() -> int:
    flash = NorFlash(sector_n=12)
    Session(flash).run()
    return flash.operations_n


def test_power_cut_at_every_operation(thin, tried) -> None:
    points = [(cut, f) for cut in range(operations_of_a_session()) for f in FRACTIONS]
    chosen = thin(points, 200)
    for cut, fraction in chosen:
        session, flash = cut_run(None, cut, fraction, seed=cut)
        check([session], flash.bytes)
    tried("power cuts in the store, torn at 0, 2, 50 and 97 %", len(chosen))


def test_power_cut_again_and_again(thin, tried) -> None:
    """Up to four cuts in a row, the later ones early in the session that recovers."""
    chosen = thin(range(4000), 80)
    for seed in chosen:
        chance, image, sessions = random.Random(seed), None, []
        for turn in range(4):
            cut = chance.randrange(operations_of_session if turn == 0 else 30)
            try:
                session, flash = cut_run(image, cut, chance.random(), seed)
            except pytest.fail.Exception:
                break  # the session had fewer operations
            sessions.append(session)
            image = flash.bytes
            check(sessions, image)
    tried("rows of up to four power cuts in the store", len(chosen))


operations_of_session = operations_of_a_session()


def test_dying_sectors_are_marked_and_skipped(thin, tried) -> None:
    chosen = thin(range(400), 25)
    for seed in chosen:
        chance = random.Random(seed)
        flash = NorFlash(sector_n=16, seed=seed)
        flash.dead_erase = set(chance.sample(range(16), 2))
        flash.dead_program = set(chance.sample(range(16), 2))
        kept: dict[int, bytes] = {}
        for _ in range(5):
            session = Session(flash)
            session.run()
            log = mounted(flash)
            kept = {no: blob for no, blob in {**kept, **session.finished}.items() if no > log.confirmed}
            assert all_sets(log) == kept
            log.confirm(max(kept))
            while log.erase_step():
                pass
        assert log.ring.bad_n == list(log.ring.state).count(BAD) >= len(flash.dead_erase)
        assert all(log.ring.state[sector] == BAD for sector in flash.dead_erase if flash.erases[sector] > 1)
    tried("stores with four dying sectors, five sessions each", len(chosen))


def test_flipped_bits(thin, tried) -> None:
    """One bit anywhere: every set is put right. Eight bits: no set but those that were hit is touched."""
    flash = NorFlash(sector_n=12)
    session = Session(flash)
    session.run()
    clean = all_sets(mounted(flash))
    chosen = thin(range(4000), 150)
    for seed in chosen:
        chance = random.Random(seed)
        copy = NorFlash(image=flash.bytes, sector_n=12)
        flips_n = 1 if seed % 2 else 8
        for _ in range(flips_n):
            copy.bytes[chance.randrange(len(copy.bytes))] ^= 1 << chance.randrange(8)
        after = all_sets(mounted(copy))
        if flips_n == 1:
            assert {no: decode.mended(blob) for no, blob in after.items()} == clean
        assert sum(decode.mended(after.get(no, b"")) != blob for no, blob in clean.items()) <= flips_n - 1
    tried("stores with one or eight flipped bits", len(chosen))


def test_wear_is_spread_evenly(tried) -> None:
    flash = NorFlash(sector_n=12)
    for _ in range(60):
        session = Session(flash)
        session.run()
        log = mounted(flash)
        log.confirm(log.index.last_no())
        while log.erase_step():
            pass
    assert max(flash.erases) - min(flash.erases) <= 1
    tried(
        "erasures of the most worn sector in 60 sessions, the least worn one less at most", max(flash.erases)
    )
