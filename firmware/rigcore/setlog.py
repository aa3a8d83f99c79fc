"""The store of sets in a ring of sectors: what is written is found again, whatever happened to the power.

`rigcore.recovery` finds it. A set whose end is missing was cut off by a loss of power and is finished as
it stands.
"""

import struct

from . import TYPE_CHECKING, records
from .flash_ring import FlashRing, StoreFull
from .setindex import SetIndex

if TYPE_CHECKING:
    from typing import Any

    from .block_device import BlockDevice

SPARE_N = 1  # sectors that sample blocks leave for the end of the set and the host's confirmation


class SetLog:
    """Appends and reads sets, once `recovery.mount` has found what there is."""

    def __init__(self, device: "BlockDevice", sector_n: int = 0) -> None:
        """`sector_n`: how many of the device's sectors it has, from the first on; 0: all."""
        self.ring = FlashRing(device, sector_n or device.ioctl(4, 0))
        self.index = SetIndex()
        self.confirmed = 0
        self.last_no = 0
        self.damage: list[
            tuple[int, int, str]
        ] = []  # (sector, offset, words) of what is not as it was written
        self.fixed: dict[int, tuple[int, ...]] = {}  # at the start: headers of sectors that were mended
        self.guessed: list[int] = []  # at the start: sectors whose headers are lost
        self.takes_notes = False  # whether the newest set may get notes until the next begins
        self._is_confirmation_kept = True
        self.may_free = False  # whether the next step at standstill has back the room of what was no set

    # -- writing

    def next_no(self) -> int:
        """Number for the next set: one after any seen."""
        return self.last_no + 1

    def last_set_no(self) -> int:
        """Number of the newest set, whether the host has it already or not."""
        return max(self.confirmed, self.index.last_no())

    def begin(self, header: "dict[str, Any]", is_sure: bool = True) -> None:
        """Open a set; raises StoreFull when less than a sector is left for its samples.

        One that is not sure to be kept lies in sectors of its own.
        """
        if not self.ring.has_free(SPARE_N + 1):
            raise StoreFull("no room for a set")
        if not self._is_confirmation_kept:
            self._keep_confirmation(False)
        if is_sure or not self.may_free:
            self.ring.set_apart(not is_sure)
        self.may_free = False
        no = header["no"]
        body = records.pack_header(header, self.index.last_link())
        record = records.seal(records.TYPE_HEADER, 0, body, no)
        self.index.add(no, self._append(record, SPARE_N), record)
        self.index.is_open = True
        self.last_no = no

    def append(self, kind: int, body: "bytes | memoryview") -> None:
        """Add a block or the end to the open set; raises StoreFull."""
        is_end = kind == records.TYPE_END
        record = records.seal(kind, self.index.seq + 1, body, self.last_no)
        self._append(record, 0 if is_end else SPARE_N)
        self.index.grow(record)
        if is_end:
            self.close()

    def note(self, no: int, values: "dict[str, Any]") -> bool:
        """Add what was learnt after the newest set's end, such as effort and pain; False when it is too late."""
        if self.index.is_open or no != self.index.last_no() or self.index.seq < 0:
            return False
        record = records.seal(records.TYPE_NOTE, self.index.seq + 1, records.pack_fields(values), no)
        self._append(record, 0)
        self.index.grow(record)
        self.ring.sync()
        return True

    def close(self) -> None:
        """The open set is finished as it stands."""
        self.index.is_open = False
        self.ring.sync()
        if not self._is_confirmation_kept:
            self._keep_confirmation()

    def drop(self) -> None:
        """The set that was closed last turned out to be none: nobody wants it, and its room is the first to be used."""
        self.index.drop(len(self.index) - 1, len(self.index))
        self.may_free = len(self.index) > 0  # else all sectors before the head are free
        self.give_up()

    def confirm(self, no: int) -> None:
        """Remember for good that the host holds all sets up to `no`."""
        if no > self.confirmed:
            self.confirmed = no
            self.index.drop_to(no)
            self.may_free = self.may_free and len(self.index) > 0
            self.give_up()
            self._keep_confirmation()

    def _keep_confirmation(self, may_wait: bool = True) -> None:
        """Write it down where it has a place: a set's records lie together, with the notes that may still come.

        In a full store it waits for an erased sector.
        """
        self._is_confirmation_kept = False
        if self.index.is_open or may_wait and self.takes_notes and len(self.index):
            return
        self.may_free = False
        try:
            self._append(records.seal(records.TYPE_CONFIRM, 0, struct.pack("<I", self.confirmed), 0), 0)
            self.ring.sync()
            self._is_confirmation_kept = True
        except StoreFull:
            pass

    def _append(self, record: bytes, spare_n: int) -> int:
        return self.ring.append(record, (self.confirmed,) + self.index.last_link()[1:], spare_n)

    def told_damage(self) -> "list[list[int | str]]":
        """[sector, byte, words] of what is not as it was written; once told, it may be erased in its turn."""
        self.ring.kept.clear()
        self.give_up()
        return [list(place) for place in self.damage]

    def give_up(self) -> None:
        tail = self.index.address[0] // self.ring.sector_size if len(self.index) else self.ring.head
        self.ring.give_up_before(tail)

    def erase_step(self) -> bool:
        """At standstill: erase one sector that nobody needs; False when none is left."""
        if self.may_free:
            from . import remark_room

            remark_room.free_step(self)
            return True
        is_erased = self.ring.erase_step()
        if self.ring.fallen and not is_erased:
            from . import renewal

            is_erased = renewal.renew_step(self.ring)
        if is_erased and not self._is_confirmation_kept:
            self._keep_confirmation()
        return is_erased
