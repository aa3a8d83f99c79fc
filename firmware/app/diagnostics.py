"""Raw facts for `retrorig doctor`, which judges them; nothing is judged here.

commands.py loads this for the moment when one of its verbs is asked.
"""

import gc
import sys

import machine

from rigcore import TYPE_CHECKING, bootguard, protocol
from rigcore.protocol import RequestError

from .transient import transient_import

if TYPE_CHECKING:
    from rigcore.average import CodeAverage
    from rigcore.history import History

    from .commands import Answer, Verbs
    from .plan_store import PlanStore
    from .rig import Parts

TRACE_N = 16  # samples in one answer
LOOKS_N = 40  # at the encoder's lines: some 0.4 ms
MEAN_N = 8


def evidence(parts: "Parts", calibration: "Answer") -> "Answer":
    """Facts about the chip, the parts and the store that do not change from moment to moment."""
    absent = getattr(parts.display, "is_absent", None)  # a panel on SPI can't be asked
    version = sys.implementation.version
    ring = parts.log.ring
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
        "damage": parts.log.told_damage(),
        "kept": _kept_damage(parts.plans),
        "files_free": parts.files_free,
        "restarts": parts.sampler.restarts_n,
        "calibration": calibration,
    }


def _kept_damage(plans: "PlanStore") -> "list[list[str]]":
    """[name or place, words] of what is kept besides sets and can't be read."""
    plans.is_told = False
    found = transient_import("rigcore.kept_damage").told(plans.opened())
    plans.is_told, plans.damaged_n = True, len(found)
    return found


def levels(parts: "Parts", counts: int, codes: "CodeAverage") -> "Answer":
    """Pressed buttons, how many of LOOKS_N readings of each encoder line were high, the count and the mean code."""
    first, second = parts.lines
    high_a = high_b = 0
    for _ in range(LOOKS_N):
        high_a += first.value()
        high_b += second.value()
    return {
        "buttons": [name for name, button in parts.buttons if button.is_down],
        "looks": [high_a, high_b, LOOKS_N],
        "counts": counts,
        "code": codes.latest(MEAN_N),
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
    "evidence": (evidence, lambda rig: (rig.parts, rig.calibration), 0, 0),
    "levels": (levels, lambda rig: (rig.parts, rig.pulses.total, rig.codes), 0, 0),
    "trace": (trace, lambda rig: (rig.session.history,), 1, 1),
}
