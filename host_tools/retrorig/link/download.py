"""The stream of stored sets from a rig, put together and checked."""

from __future__ import annotations

import binascii
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from retrorig.errors import LinkLostError
from retrorig.library import Library
from retrorig.library.clocks import Numbers
from retrorig.link.client import RigClient
from rigcore.decode import mended
from rigcore.protocol import READ_MAX

log = logging.getLogger(__name__)

FRAME_BYTES = 1024
FRAME_BYTES_NOISY = 128
"""After damage on the line: more of the small frames get through whole."""

EMPTY_READS_MAX = 10
"""Reads in a row that bring nothing although the rig answers: the line loses every frame of data."""

WRONG_SUM_TRIES = 3

STALL_S, STALL_BYTES = 10.0, 512
"""A line that brings fewer new bytes in this time than it carries in a twentieth of a second brings no set home."""


@dataclass(frozen=True)
class Stored:
    """A finished set as the rig lists it."""

    no: int
    size_bytes: int
    crc32: int


Keep = Callable[[Stored, bytes], bool]
"""Given a complete set; False when it is no set, so that its bytes are kept aside."""


class Download:
    """Fetches sets in the rig's order; `last_done` is the newest that is safe on disk.

    What has arrived of an unfinished set is kept in the library, so that the next pull goes on at that byte.
    """

    def __init__(
        self,
        library: Library,
        numbers: Numbers,
        waiting: list[Stored],
        keep: Keep,
        report: Callable[[int, int], None],
    ) -> None:
        self._library, self._numbers, self._keep, self._report = library, numbers, keep, report
        self._waiting = deque(waiting)
        self._total = sum(stored.size_bytes for stored in waiting)
        self._done = 0
        self._blob = bytearray()
        self._kept_bytes = 0
        self._wrong: list[bytes] = []
        self._frame_bytes = FRAME_BYTES
        self._empty_n = 0
        self._new_bytes = 0
        self._pace: tuple[float, int] | None = None
        self._monotonic: Callable[[], float] = time.monotonic
        self.last_done: Stored | None = None
        self._told: Stored | None = None
        self._begin()

    def run(self, client: RigClient) -> bool:
        """Read on until at least one more set is complete, if none is yet; False when none was left."""
        self._monotonic = client.monotonic
        try:
            while self._waiting and self.last_done is self._told:
                self._read(client)
        finally:
            self._keep_partial()
        is_more, self._told = self.last_done is not self._told, self.last_done
        return is_more

    def _read(self, client: RigClient) -> None:
        offset, done = len(self._blob), self._done
        length = min(READ_MAX, self._consecutive_bytes() - offset)
        answer = client.read(self._waiting[0].no, offset, length, self._frame_bytes, self._take)
        if self._done > done or len(self._blob) > offset:
            self._empty_n = 0
            return
        if answer is not None and answer["sent"] == 0:
            self._complete()  # a sector that the rig can't read: the set is shorter than it was
            return
        self._empty_n += 1
        if self._empty_n >= EMPTY_READS_MAX:
            raise LinkLostError(
                f"No data of set number {self._waiting[0].no} arrives: check the cable and pull again."
            )

    def _consecutive_bytes(self) -> int:
        """Bytes of the sets that follow each other without one that the library has."""
        total, no = 0, self._waiting[0].no
        for stored in self._waiting:
            if stored.no != no or total > READ_MAX:
                break
            total, no = total + stored.size_bytes, no + 1
        return total

    def _take(self, no: int, offset: int, data: bytes) -> bool:
        """A piece of a set; False when one before it is missing."""
        self._check_pace()
        if not self._waiting or (no, offset) < (self._waiting[0].no, len(self._blob)):
            return True
        if (no, offset) > (self._waiting[0].no, len(self._blob)):
            log.info("set %d: a piece is missing at byte %d", self._waiting[0].no, len(self._blob))
            self._frame_bytes = FRAME_BYTES_NOISY
            return False
        self._blob += data
        self._new_bytes += len(data)
        self._report(self._done + len(self._blob), self._total)
        if len(self._blob) >= self._waiting[0].size_bytes:
            self._complete()
        return True

    def _check_pace(self) -> None:
        """Raise LinkLostError when almost no new bytes came for a long time, even if the line is busy."""
        now_s = self._monotonic()
        since_s, bytes_n = self._pace = self._pace or (now_s, self._new_bytes)
        if now_s - since_s < STALL_S:
            return
        if self._new_bytes - bytes_n < STALL_BYTES:
            raise LinkLostError(
                f"Only {self._new_bytes - bytes_n} new bytes of set number {self._waiting[0].no} came in "
                f"{now_s - since_s:.0f} s: what came is kept; check the cable and pull again."
            )
        self._pace = now_s, self._new_bytes

    def _complete(self) -> None:
        stored, blob = self._waiting[0], bytes(self._blob)
        log.info("set %d: %d of %d bytes are here", stored.no, len(blob), stored.size_bytes)
        if binascii.crc32(blob) != stored.crc32:
            log.warning("set %d: its sum differs from the rig's list", stored.no)
            blob = self._mended(stored, blob)
            if blob is None:
                self._start_again(stored)
                return
        if not self._keep(stored, blob):
            self._keep_partial()
        self._waiting.popleft()
        self._done += stored.size_bytes
        self.last_done = stored
        self._begin()

    def _mended(self, stored: Stored, blob: bytes) -> bytes | None:
        """The set as it was written; as it is now if it arrives like that twice; None to fetch it again."""
        whole = mended(blob)
        if binascii.crc32(whole) == stored.crc32:
            return whole
        is_same = blob in self._wrong
        self._wrong.append(blob)
        return blob if is_same else None

    def _start_again(self, stored: Stored) -> None:
        self._library.partials.drop(self._numbers, stored.no)
        if len(self._wrong) >= WRONG_SUM_TRIES:
            raise LinkLostError(
                f"Set number {stored.no} keeps arriving damaged: check the cable and pull again."
            )
        self._blob.clear()
        self._kept_bytes = 0

    def _begin(self) -> None:
        """Go on with the next set, where an earlier pull stopped."""
        self._wrong = []
        self._blob.clear()
        if self._waiting:
            stored = self._waiting[0]
            self._blob += self._library.partials.get(self._numbers, stored.no, stored.crc32)[
                : stored.size_bytes
            ]
        self._kept_bytes = len(self._blob)
        if self._waiting and len(self._blob) == self._waiting[0].size_bytes:
            self._complete()

    def _keep_partial(self) -> None:
        if self._waiting and len(self._blob) > self._kept_bytes:
            stored, piece = self._waiting[0], bytes(self._blob[self._kept_bytes :])
            self._library.partials.keep(self._numbers, stored.no, stored.crc32, self._kept_bytes, piece)
            self._kept_bytes = len(self._blob)
