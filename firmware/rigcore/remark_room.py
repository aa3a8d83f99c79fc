"""Has the room back of a movement that was written and turned out to be no walk; loaded only then.

It lies in sectors of its own behind the newest set (flash_ring.set_apart). They are erased, the newest first, and the
log goes on where it was before it.
"""

from . import TYPE_CHECKING
from .flash_ring import GIVEN_UP, HEADER_SIZE

if TYPE_CHECKING:
    from .flash_ring import FlashRing
    from .setlog import SetLog

_ZEROS = bytes(254)  # a sector has sixteen times as many bytes behind its header


def free_step(log: "SetLog") -> None:
    """Erase one of the sectors; `log.may_free` as long as there are more.

    Zeros go over the first of them before, so that no power cut leaves a part that looks whole.
    """
    ring = log.ring
    apart = ring.apart or []
    for sector in apart[:1] + apart[-1:]:
        if ring.read(sector, HEADER_SIZE, 2) != GIVEN_UP:
            _give_up(ring, sector)
    if apart:
        ring.erase(apart.pop())
        ring.sequence -= 1
    ring.head, ring.offset, ring.is_left = ring.place_before
    log.may_free = bool(apart)
    if apart:
        ring.head, ring.offset = apart[-1], ring.sector_size
    else:
        log.index.seq = log.index.seq_before


def _give_up(ring: "FlashRing", sector: int) -> None:
    for offset in range(HEADER_SIZE, ring.sector_size, len(_ZEROS)):
        ring.program(sector, offset, _ZEROS)
