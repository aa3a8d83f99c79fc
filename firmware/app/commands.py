"""What the host may ask: one function a verb, taking the rig and the arguments.

Each returns the answer as a dict. Asking twice does no harm: the rig answers a repeated request
from memory (see app.request_handler).
"""

from rigcore import protocol
from rigcore.protocol import RequestError

from .transient import transient_import

LABEL_MAX = 24


def hello(rig):
    answer = {
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


def info(rig):
    session = rig.session
    return {
        "state": "running" if session.is_recording else "idle",
        "phase": session.state,
        "counts": rig.pulses.total,
        "force_mn": rig.view.force_mn,
        "speed_mmps": rig.view.speed_mmps,
        "sets": rig.log.index.finished_n(),
        "room_bytes": rig.log.room_bytes(),
        "room_min": rig.log.room_minutes(),
        "room_sets": rig.log.room_sets(),
        "bad_sectors": rig.log.ring.bad_n,
        "heap_free": rig.heap_free(),
        "lost": session.lost_n,
        "dropped": rig.sampler.dropped_n,
        "faults": rig.sampler.faults(),
        "rate_mhz": rig.sampler.watch.rate_mhz(),
        "doubt": rig.plausibility.doubt,
        "calibration": rig.calibration["id"],
        "uptime_ms": rig.board_us() // 1000 - rig.boot_ms,
        "reset_cause": rig.reset_cause,
    }


def clock(rig, unix_ms):
    return {"board_us": rig.set_clock(integer(unix_ms))}


def athlete(rig, label=""):
    if len(label) > LABEL_MAX or not all(c.isalpha() or c.isdigit() or c in "-_" for c in label):
        raise RequestError(protocol.ERR_ARGUMENT, "A label has up to 24 letters, digits, - or _.")
    rig.athlete = label
    return {"athlete": label}


def sets(rig, first="0"):
    index = rig.log.index
    found = rig.controls.settled(index.finished_from(integer(first), protocol.SETS_PER_ANSWER))
    return {
        "first": index.no[0] if len(index) else rig.log.next_no(),
        "next": rig.log.next_no(),
        "sets": [[index.no[i], index.length[i], index.crc[i]] for i in found],
    }


def read(rig, no, offset, length, frame_bytes="1024"):
    index = rig.log.index
    position = index.position(integer(no))
    if position is None:
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not in the store." % no)
    offset = integer(offset)
    length = min(integer(length), protocol.READ_MAX)
    frame_bytes = min(max(integer(frame_bytes), protocol.FRAME_MIN), protocol.FRAME_MAX)
    there = sum(index.length[i] for i in range(position, index.finished_n())) - offset
    length = min(length, max(there, 0))
    rig.handler.send_sets(position, offset, length, frame_bytes)
    return {"sent": length}


def confirm(rig, no, crc=""):
    number = integer(no)
    index = rig.log.index
    if number >= rig.log.next_no() - (1 if index.is_open else 0):
        raise RequestError(protocol.ERR_NO_SET, "Set %s is not finished." % no)
    position = index.position(number)
    if crc and position is not None and index.crc[position] != integer(crc):
        raise RequestError(protocol.ERR_CHANGED, "Set %s is not the one that was listed." % no)
    rig.log.confirm(number)
    return {"confirmed": number}


def tare(rig):
    return {"zero": rig.tare()}


VERBS = {  # verb: (function, fewest arguments, most arguments)
    "hello": (hello, 0, 0),
    "info": (info, 0, 0),
    "clock": (clock, 1, 1),
    "athlete": (athlete, 0, 1),
    "sets": (sets, 0, 1),
    "read": (read, 3, 4),
    "confirm": (confirm, 1, 2),
    "tare": (tare, 0, 0),
}


ELSEWHERE = (  # module and its verbs: loaded only while one of them is carried out
    ("app.upload", "put plan-save"),
    ("app.plan_commands", "plans plan-get plan-drop plan-choose do rate"),
    ("app.setup_commands", "calibration calibration-save settings settings-save setting raw"),
    ("app.live", "live"),
    ("app.diagnostics", "evidence levels trace"),
)


def _found(verb, live):
    if live and verb in live.VERBS:  # its module is there as long as it tells
        return live.VERBS[verb]
    for module, verbs in ELSEWHERE:
        if verb in verbs.split():
            return transient_import(module).VERBS[verb]
    return VERBS.get(verb)


def carry_out(rig, verb, args, live):
    """The answer to a request; RequestError when it is refused. `live`: the telemetry that is told now, or None."""
    found = _found(verb, live)
    if found is None:
        raise RequestError(protocol.ERR_VERB, "This firmware does not know '%s'." % verb[:16])
    function, fewest, most = found
    if not fewest <= len(args) <= most:
        raise RequestError(protocol.ERR_ARGUMENT, "%s takes %d to %d arguments." % (verb, fewest, most))
    answer = {"ok": 1}
    answer.update(function(rig, *args))
    return answer


def integer(text):
    if not text.isdigit() or len(text) > 15:
        raise RequestError(protocol.ERR_ARGUMENT, "A whole number is needed.")
    return int(text)
