"""Raw facts for `retrorig doctor`, which judges them; nothing is judged here.

commands.py loads this for the moment when one of its verbs is asked.
"""

import gc
import sys

import machine

from rigcore import TYPE_CHECKING, bootguard, protocol
from rigcore.protocol import RequestError

if TYPE_CHECKING:
    from rigcore.flash_ring import FlashRing
    from rigcore.history import History

    from .commands import Answer, Verbs
    from .rig import Parts, Rig

TRACE_N = 16  # samples in one answer
LOOKS_N = 40  # at the encoder's lines: some 0.4 ms
MEAN_N = 8


def evidence(rig: "Rig", parts: "Parts", ring: "FlashRing") -> "Answer":
    """Facts about the chip, the parts and the store that do not change from moment to moment."""
    absent = getattr(parts.display, "is_absent", None)  # a panel on SPI can't be asked
    version = sys.implementation.version
    return {
        "micropython": "%d.%d.%d" % (version[0], version[1], version[2]),
        "chip": getattr(sys.implementation, "_machine", ""),
        "heap_free": gc.mem_free(),
        "crashes": bootguard.crashes(machine.RTC().memory()),
        "display": None if absent is None else not absent,
        "nominal_mhz": parts.chain["rate_mhz"],
        "sectors": ring.sector_n,
        "sequence": ring.sequence,
        "bad_sectors": ring.bad_n,
        "damage": rig.log.told_damage(),
        "files_free": parts.files_free,
        "restarts": rig.sampler.restarts_n,
        "calibration": rig.calibration,
    }


def levels(rig: "Rig", parts: "Parts") -> "Answer":
    """Pressed buttons, how many of LOOKS_N readings of each encoder line were high, the count and the mean code."""
    first, second = parts.lines
    high_a = high_b = 0
    for _ in range(LOOKS_N):
        high_a += first.value()
        high_b += second.value()
    return {
        "buttons": [name for name, button in parts.buttons if button.is_down],
        "looks": [high_a, high_b, LOOKS_N],
        "counts": rig.pulses.total,
        "code": rig.codes.latest(MEAN_N),
    }


def trace(history: "History", first: str) -> "Answer":
    """Samples from running number `first` on, as far as they are still held: ticks, counts, codes."""
    if not first.isdigit() or len(first) > 9:
        raise RequestError(protocol.ERR_ARGUMENT, "trace needs the number of a sample.")
    start = max(int(first), history.oldest())
    numbers = range(start, min(start + TRACE_N, history.n))
    return {
        "first": start,
        "end": history.n,
        "ticks": [history.ticks(number) for number in numbers],
        "counts": [history.count(number) for number in numbers],
        "codes": [history.code(number) for number in numbers],
    }


VERBS: "Verbs" = {
    "evidence": (evidence, lambda rig: (rig, rig.parts, rig.log.ring), 0, 0),
    "levels": (levels, lambda rig: (rig, rig.parts), 0, 0),
    "trace": (trace, lambda rig: (rig.session.history,), 1, 1),
}
