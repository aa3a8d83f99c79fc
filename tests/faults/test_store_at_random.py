"""Sets, kicks, notes, confirmations and erasing in any order, with cuts and flipped bits, on small stores."""

from __future__ import annotations

import binascii
import random
from collections.abc import Iterator

from nor import NorFlash, PowerCut
from rigcore import decode, fields, records
from rigcore.flash_ring import StoreFull
from rigcore.setlog import SetLog
from stores import mounted, read_at

NOTES = ({"rpe": 5}, {"rpe": 10, "pain": 0}, {"undone": 1})
BODIES = (12, 40, 200, 270)
STARTS_MAX = 8


class Rig:
    """Remembers what must be found at the next start: whatever was finished and is not confirmed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.flash = NorFlash(sector_n=self._chance.choice((6, 8, 12, 16)), seed=seed)
        self.finished: dict[int, bytes] = {}
        self.remarks: set[int] = set()
        self.confirmed = 0
        self.cuts_n = self.flips_n = 0

    def live(self) -> None:
        for start in range(self._chance.randint(2, STARTS_MAX)):
            self.flash = NorFlash(self.flash.sector_n, image=self.flash.bytes, seed=start)
            if not self.flips_n and self._chance.random() < 0.4:
                self.flips_n += 1
                self.flash.bytes[self._chance.randrange(len(self.flash.bytes))] ^= (
                    1 << self._chance.randrange(8)
                )
            log = self._started()
            if self._chance.random() < 0.85:
                self.flash.cut_after = self._chance.randrange(self._chance.choice((5, 40, 400)))
                self.flash.torn_fraction = self._chance.random()
            self._running: tuple[int, bytes] | None = None
            try:
                for _ in range(self._chance.randint(3, 60)):
                    self._chance.choice(DOINGS)(self, log)
            except PowerCut:
                self.cuts_n += 1
                self._look_for_the_running_set()
            assert self.flash.bad_programs_n == 0

    def _started(self) -> SetLog:
        log = mounted(self.flash)
        log.takes_notes = True
        kept = dict(found(log))
        assert log.confirmed <= self.confirmed and list(kept) == sorted(kept)
        for no, blob in self.finished.items():
            assert no <= self.confirmed or kept.get(no) == blob, f"set {no} was lost or changed"
        assert self.flips_n or not self.remarks & set(kept), "a kick came back as a set"
        assert log.next_no() > max((no for no in self.finished if no > log.confirmed), default=0)
        self.finished = {**kept, **self.finished}  # with what was cut off and is finished as it stands
        return log

    def _look_for_the_running_set(self) -> None:
        if self._running:
            no, blob = self._running
            now = dict(found(mounted(NorFlash(self.flash.sector_n, image=self.flash.bytes))))
            assert no <= self.confirmed or now.get(no, b"").startswith(blob), (
                f"of set {no} a written record is lost"
            )

    def _walk(self, log: SetLog) -> None:
        no = log.next_no()
        self.remarks.discard(no)  # free again where the room of a kick was
        try:
            self._running = no, b""
            log.begin({"no": no, "rig": "aabbccddeeff", "start_us": no * 1_000_000})
            for _ in range(self._chance.choice((0, 1, 5, 30, 90))):
                self._running = no, newest(log)
                log.append(records.TYPE_BLOCK, self._chance.randbytes(self._chance.choice(BODIES)))
                if self._chance.random() < 0.02:
                    self._confirm(log)
        except StoreFull:
            pass
        if log.index.is_open:
            self._running = no, newest(log)
            log.append(records.TYPE_END, fields.pack({"reason": "still"}))
            self.finished[no] = newest(log)
            assert binascii.crc32(self.finished[no]) == log.index.crc[-1]
        self._running = None

    def _kick(self, log: SetLog) -> None:
        """It is written, and turns out to be no set; its number is free again where its room is."""
        no = log.next_no()
        self.remarks.discard(no)
        self._running = None
        try:
            log.begin({"no": no, "rig": "aabbccddeeff", "start_us": no * 1_000_000}, is_sure=False)
            for _ in range(self._chance.choice((0, 5, 12, 40))):
                log.append(records.TYPE_BLOCK, self._chance.randbytes(self._chance.choice(BODIES)))
            log.append(records.TYPE_END, fields.pack({"reason": records.REMARK}))
            self.remarks.add(no)
            log.drop()
        except StoreFull:
            if log.index.is_open:
                log.close()
                self.finished[no] = newest(log)

    def _note(self, log: SetLog) -> None:
        no = log.index.last_no()
        if no:
            self._running = no, self.finished.pop(no)
            try:
                assert log.note(no, self._chance.choice(NOTES)) or self.remarks
            except StoreFull:
                pass
            self.finished[no], self._running = newest(log), None

    def _confirm(self, log: SetLog) -> None:
        numbers = log.index.no[: log.index.finished_n()]
        if numbers:
            no = self._chance.choice(numbers)
            self.confirmed = max(self.confirmed, no)
            log.confirm(no)

    def _erase(self, log: SetLog) -> None:
        for _ in range(self._chance.choice((1, 3, 20))):
            log.erase_step()


DOINGS = (Rig._walk, Rig._walk, Rig._kick, Rig._note, Rig._confirm, Rig._erase)


def newest(log: SetLog) -> bytes:
    return decode.mended(read_at(log, len(log.index) - 1))


def found(log: SetLog) -> Iterator[tuple[int, bytes]]:
    return ((log.index.no[i], decode.mended(read_at(log, i))) for i in range(log.index.finished_n()))


def test_sessions_in_any_order(thin, tried) -> None:
    cuts_n = flips_n = 0
    for seed in thin(range(3000), 45):
        rig = Rig(seed)
        rig.live()
        cuts_n, flips_n = cuts_n + rig.cuts_n, flips_n + rig.flips_n
    tried("power cuts in sessions of any order", cuts_n)
    tried("flipped bits in such stores", flips_n)
