"""What the host may ask of the rig as a whole: who it is, how it is, its clock, its athlete, a tare.

commands.py loads this when one of its verbs is asked.
"""

import gc

from rigcore import TYPE_CHECKING, protocol
from rigcore.flash_ring import BAD, HEADER_SIZE, LIVE
from rigcore.protocol import RequestError
from rigcore.setlog import SPARE_N

from .commands import integer, itself
from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable

    from rigcore.session import Session
    from rigcore.setlog import SetLog

    from .commands import Answer, Verbs
    from .rig import Rig
    from .sampler import Sampler

LABEL_MAX = 24
BYTES_PER_MIN = 14_000  # of walking at 1 m/s, at 83 conversions a second
BYTES_PER_SET = 2_920  # of 10 m at 1 m/s, with its share of what is left empty at the ends of sectors


def hello(identity: "Answer", board_us: int) -> "Answer":
    answer: Answer = {
        "name": "retrorig",
        "protocol": protocol.PROTOCOL,
        "oldest": protocol.PROTOCOL_OLDEST,
        "line_max": protocol.LINE_MAX,
        "read_max": protocol.READ_MAX,
        "frame_max": protocol.FRAME_MAX,
    }
    answer.update(identity)
    answer["board_us"] = board_us
    return answer


def info(rig: "Rig", session: "Session", log: "SetLog") -> "Answer":
    room = room_bytes(log)
    answer: Answer = {
        "state": "running" if session.is_recording else "idle",
        "phase": session.state,
        "sets": log.index.finished_n(),
        "room_bytes": room,
        "room_min": room // BYTES_PER_MIN,
        "room_sets": room // set_bytes(log),
        "bad_sectors": log.ring.bad_n,
        "damaged": len(log.damage) + rig.plans.damaged_n,
        "lost": session.lost_n,
        "moved": transient_import("rigcore.moved").moved(session),
    }
    answer.update(_sensed(rig))
    return answer


def room_bytes(log: "SetLog") -> int:
    """Bytes that sample blocks can still fill, counting what only waits to be erased."""
    ring = log.ring
    free_n = -SPARE_N - 1
    for step in range(1, ring.sector_n + (ring.head < 0)):
        kind = ring.state[(ring.head + step) % ring.sector_n]
        if kind == LIVE:
            break
        free_n += kind != BAD
    rest = 0 if ring.is_left else ring.sector_size - ring.offset
    return max(0, free_n * (ring.sector_size - HEADER_SIZE) + rest)


def set_bytes(log: "SetLog") -> int:
    """About as many as a set takes: like those in the store, if there are any."""
    lengths = log.index.length
    return max(sum(lengths) // len(lengths) if len(lengths) else BYTES_PER_SET, 500)


def _sensed(rig: "Rig") -> "Answer":
    """What `info` tells of the rig besides its session and its store."""
    view, sampler = rig.view, rig.sampler
    return {
        "counts": rig.pulses.total,
        "force_mn": view.force_mn,
        "speed_mmps": view.speed_mmps,
        "heap_free": gc.mem_free(),
        "dropped": sampler.dropped_n,
        "faults": faults(sampler),
        "rate_mhz": sampler.watch.rate_mhz(),
        "doubt": rig.plausibility.doubt,
        "roller": (rig.geometry.counts_per_rev, rig.geometry.circumference_um),
        "calibration": rig.calibration["id"],
        "uptime_ms": rig.board_us() // 1000 - rig.boot_ms,
        "reset_cause": rig.reset_cause,
    }


def faults(sampler: "Sampler") -> "Answer":
    """How often the converter failed since boot, by name."""
    watch = sampler.watch
    return {
        "desync": watch.desync_n,
        "saturated": watch.saturated_n,
        "overlap": watch.overlap_n,
        "settling": watch.settling_n,
        "silent": watch.silent_n,
        "missed": watch.missed_n,
        "paused": watch.paused_n,
        "dropped": sampler.dropped_n,
        "restarts": sampler.restarts_n,
    }


def clock(set_clock: "Callable[[int], int]", unix_ms: str) -> "Answer":
    return {"board_us": set_clock(integer(unix_ms))}


def athlete(rig: "Rig", label: str = "") -> "Answer":
    if len(label) > LABEL_MAX or not all(c.isalpha() or c.isdigit() or c in "-_" for c in label):
        raise RequestError(protocol.ERR_ARGUMENT, "A label has up to 24 letters, digits, - or _.")
    rig.athlete = label
    return {"athlete": label}


def tare(take_zero: "Callable[[], int]") -> "Answer":
    return {"zero": take_zero()}


VERBS: "Verbs" = {
    "hello": (hello, lambda rig: (rig.identity, rig.board_us()), 0, 0),
    "info": (info, lambda rig: (rig, rig.session, rig.log), 0, 0),
    "clock": (clock, lambda rig: (rig.set_clock,), 1, 1),
    "athlete": (athlete, itself, 0, 1),
    "tare": (tare, lambda rig: (rig.tare,), 0, 0),
}
