"""What the host may ask: one function a verb.

A verb's row in VERBS names the function, what it needs of the rig, and how many arguments it takes. A function gets
these things and the arguments, and returns the answer as a dict, or a Reply when frames belong to it: it sends nothing.
Asking twice does no harm: a repeated request is answered from memory (see app.request_handler).
"""

from rigcore import TYPE_CHECKING, protocol
from rigcore.protocol import RequestError

from .transfer import data_frames
from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from rigcore.session import Session
    from rigcore.setlog import SetLog

    from .live import Live
    from .rig import Rig

    Answer = dict[str, Any]
    Verbs = dict[str, tuple[Callable[..., "Answer | Reply"], Callable[[Rig], tuple[Any, ...]], int, int]]

LABEL_MAX = 24


class Reply:
    """What a request comes to: the answer, set data that go before it, telemetry that goes on after it.

    `frames(n, out)` makes the frames of request `n` in the buffer `out`, one after the other.
    """

    def __init__(
        self,
        answer: "Answer",
        frames: "Callable[[int, bytearray], Iterator[memoryview]] | None" = None,
        telemetry: "Live | None" = None,
    ) -> None:
        self.answer = answer
        self.frames = frames
        self.telemetry = telemetry


def hello(rig: "Rig") -> "Answer":
    answer: Answer = {
        "name": "retrorig",
        "protocol": protocol.PROTOCOL,
        "oldest": protocol.PROTOCOL_OLDEST,
        "line_max": protocol.LINE_MAX,
        "read_max": protocol.READ_MAX,
        "frame_max": protocol.FRAME_MAX,
    }
    answer.update(rig.identity)
    answer["board_us"] = rig.board_us()
    return answer


def info(rig: "Rig", session: "Session", log: "SetLog") -> "Answer":
    answer: Answer = {
        "state": "running" if session.is_recording else "idle",
        "phase": session.state,
        "sets": log.index.finished_n(),
        "room_bytes": log.room_bytes(),
        "room_min": log.room_minutes(),
        "room_sets": log.room_sets(),
        "bad_sectors": log.ring.bad_n,
        "damaged": len(log.damage),
        "lost": session.lost_n,
        "moved": session.moved(),
    }
    answer.update(rig.facts())
    return answer


def clock(rig: "Rig", unix_ms: str) -> "Answer":
    return {"board_us": rig.set_clock(integer(unix_ms))}


def athlete(rig: "Rig", label: str = "") -> "Answer":
    if len(label) > LABEL_MAX or not all(c.isalpha() or c.isdigit() or c in "-_" for c in label):
        raise RequestError(protocol.ERR_ARGUMENT, "A label has up to 24 letters, digits, - or _.")
    rig.athlete = label
    return {"athlete": label}


def sets(log: "SetLog", settled: "Callable[[list[int]], list[int]]", first: str = "0") -> "Answer":
    index = log.index
    found = settled(index.finished_from(integer(first), protocol.SETS_PER_ANSWER))
    return {
        "first": index.no[0] if len(index) else log.next_no(),
        "next": log.next_no(),
        "sets": [[index.no[i], index.length[i], index.crc[i]] for i in found],
    }


def read(log: "SetLog", no: str, offset: str, length: str, frame_bytes: str = "1024") -> Reply:
    index = log.index
    position = index.position(integer(no))
    if position is None:
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not in the store." % no)
    start = integer(offset)
    there = sum(index.length[i] for i in range(position, index.finished_n())) - start
    size = min(integer(length), protocol.READ_MAX, max(there, 0))
    each = min(max(integer(frame_bytes), protocol.FRAME_MIN), protocol.FRAME_MAX)
    return Reply({"sent": size}, lambda n, out: data_frames(log, position, start, size, each, n, out))


def confirm(log: "SetLog", no: str, crc: str = "") -> "Answer":
    number = integer(no)
    index = log.index
    if number >= log.next_no() - (1 if index.is_open else 0):
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not finished." % no)
    position = index.position(number)
    if crc and position is not None and index.crc[position] != integer(crc):
        raise RequestError(protocol.ERR_CHANGED, "Set %s is not the one that was listed." % no)
    log.confirm(number)
    return {"confirmed": number}


def tare(rig: "Rig") -> "Answer":
    return {"zero": rig.tare()}


def itself(rig: "Rig") -> "tuple[Rig]":
    """Of a rig, all: for what asks the rig as a whole."""
    return (rig,)


def its_log(rig: "Rig") -> "tuple[SetLog]":
    return (rig.log,)


VERBS: "Verbs" = {  # verb: (function, what it needs, fewest arguments, most arguments)
    "hello": (hello, itself, 0, 0),
    "info": (info, lambda rig: (rig, rig.session, rig.log), 0, 0),
    "clock": (clock, itself, 1, 1),
    "athlete": (athlete, itself, 0, 1),
    "sets": (sets, lambda rig: (rig.log, rig.controls.settled), 0, 1),
    "read": (read, its_log, 3, 4),
    "confirm": (confirm, its_log, 1, 2),
    "tare": (tare, itself, 0, 0),
}

ELSEWHERE = (  # module and its verbs: loaded only while one of them is carried out
    ("app.upload", "put plan-save"),
    ("app.plan_commands", "plans plan-get plan-drop plan-choose do rate"),
    ("app.setup_commands", "calibration calibration-save settings settings-save setting raw"),
    ("app.live", "live"),
    ("app.diagnostics", "evidence levels trace"),
)


def carry_out(rig: "Rig", verb: str, args: "list[str]", at_hand: "Verbs") -> Reply:
    """What a request comes to; RequestError when it is refused. `at_hand`: verbs of a module that is loaded anyway."""
    found = at_hand.get(verb) or _found(verb)
    if found is None:
        raise RequestError(protocol.ERR_VERB, "This firmware does not know '%s'." % verb[:16])
    function, needs, fewest, most = found
    if not fewest <= len(args) <= most:
        raise RequestError(protocol.ERR_ARGUMENT, "%s takes %d to %d arguments." % (verb, fewest, most))
    reply = function(*(needs(rig) + tuple(args)))
    if not isinstance(reply, Reply):
        reply = Reply(reply)
    answer = {"ok": 1}
    answer.update(reply.answer)
    reply.answer = answer
    return reply


def _found(verb: str) -> "Any":
    for module, verbs in ELSEWHERE:
        if verb in verbs.split():
            return transient_import(module).VERBS[verb]
    return VERBS.get(verb)


def integer(text: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise RequestError(protocol.ERR_ARGUMENT, "A whole number is needed.")
    return int(text)
