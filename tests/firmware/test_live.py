"""Telemetry as it leaves the board: each number under its name, the time from frame to frame, and its end."""

import struct

from app.live import Live, live
from rigcore import protocol
from rigcore.framing import room
from rigcore.protocol import RequestError

NAMES = (
    "version", "board_us", "set_no", "index", "of", "target", "amount", "speed_mmps", "force_mn", "distance_mm",
    "elapsed_ms", "wait_ms", "steps", "lost", "dropped", "skipped",
)  # fmt: skip


class Rig:
    """As much of a rig as is told; every number is another one."""

    def __init__(self):
        self.now_ms = 1000
        self.seen_n = 0
        self.is_recording, self.state, self.lost_n, self.steps_n = True, "running", 11, 12
        self.set_no, self.index, self.target, self.amount, self.due_ms, self.left_ms = (
            3,
            4,
            "time",
            5000,
            9000,
            2500,
        )
        self.done_n, self.sets_n, self.cadence_spm = 6, 7, None
        self.speed_mmps, self.force_mn, self.distance_mm, self.elapsed_ms = 801, -902, 10_003, 4004
        self.dropped_n, self.athlete, self.trouble, self.doubt = 13, "anna", "No load cell", "Odd"
        self.session = self.view = self.plan_runner = self.progress = self.steps = self.sampler = (
            self.plausibility
        ) = self

    def get(self, name):
        return {"target": "distance", "amount": 20_000}[name]

    def rest_left_ms(self):
        return self.left_ms

    def see(self):
        self.seen_n += 1

    def board_us(self):
        return 1 << 40


OUT = bytearray(room(8 + protocol.FRAME_MAX))


def taken(made):
    """(numbers by name, words) of the frame that is due; None when none is."""
    frame = made.due_frame(9, OUT)
    if frame is None:
        return None
    plain = decoded(bytes(frame))
    numbers = struct.unpack_from(protocol.TELEMETRY, plain)
    return dict(zip(NAMES, numbers)), plain[protocol.TELEMETRY_BYTES :].decode().split("\t")


def decoded(frame):
    """A frame's payload: COBS and the checksum taken away, by hand."""
    body = frame.strip(b"\0")
    out, at = b"", 0
    while at < len(body):
        n = body[at]
        out += body[at + 1 : at + n]
        at += n
        if n < 255 and at < len(body):
            out += b"\0"
    return out[PAYLOAD_HEAD:-4]


PAYLOAD_HEAD = 3  # kind and number of the request


def test_each_number_stands_under_its_name():
    rig = Rig()
    numbers, words = taken(Live(rig, 100))
    assert numbers == {
        "version": 1, "board_us": 1 << 40, "set_no": 3, "index": 4, "of": 7, "target": ord("t"), "amount": 5000,
        "speed_mmps": 801, "force_mn": -902, "distance_mm": 10_003, "elapsed_ms": 4004, "wait_ms": 2500, "steps": 12,
        "lost": 11, "dropped": 13, "skipped": 0,
    }  # fmt: skip
    assert words == ["running", "anna", "No load cell", "Odd", ""] and rig.seen_n == 1
    rig.now_ms, rig.cadence_spm = 1100, 97
    assert taken(Live(rig, 100))[1][4] == "97"


def test_between_sets_it_tells_of_the_next_one():
    rig = Rig()
    rig.is_recording, rig.state, rig.force_mn = False, "resting", None
    numbers, _ = taken(Live(rig, 100))
    assert (numbers["target"], numbers["amount"], numbers["index"]) == (ord("d"), 20_000, 6)
    assert numbers["force_mn"] == protocol.NOT_MEASURED and numbers["wait_ms"] == 2500
    rig.state = "countdown"
    assert taken(Live(rig, 100))[0]["wait_ms"] == 9000 - 1000
    rig.now_ms, rig.done_n = 9100, -1
    numbers, _ = taken(Live(rig, 100))
    assert numbers["wait_ms"] == 0 and numbers["index"] == 0


def test_frames_come_at_once_and_then_on_a_grid_and_those_the_line_had_no_room_for_are_counted():
    rig = Rig()
    made = Live(rig, 100)
    assert taken(made) and taken(made) is None
    rig.now_ms = 1099
    assert taken(made) is None
    rig.now_ms = 1100
    assert taken(made)[0]["skipped"] == 0
    rig.now_ms = 1450  # 1200 and 1300 were missed, 1400 is late
    assert taken(made)[0]["skipped"] == 2
    rig.now_ms = 1499
    assert taken(made) is None
    rig.now_ms = 1500
    assert taken(made)[0]["skipped"] == 2


def test_it_ends_five_seconds_after_the_last_request_and_at_once_when_nobody_wants_it():
    rig = Rig()
    made = Live(rig, 100)
    rig.now_ms += protocol.LEASE_MS
    assert not made.is_over()
    made.renew()
    rig.now_ms += protocol.LEASE_MS
    assert not made.is_over()
    rig.now_ms += 1
    assert made.is_over() and Live(rig, 0).is_over()


def test_the_line_carries_no_more_than_twenty_frames_a_second_and_a_word_is_no_time():
    rig = Rig()
    for wanted, given in (("0", 0), ("1", protocol.LIVE_MIN_MS), ("50", 50), ("51", 51), ("99999", 99_999)):
        answer = live(rig, wanted).answer
        assert answer["period_ms"] == given and answer["lease_ms"] == protocol.LEASE_MS
    for wrong in ("", "-1", "1.5", "100000", "fast"):
        try:
            live(rig, wrong)
        except RequestError:
            continue
        raise AssertionError(wrong)


def test_long_words_are_cut_to_what_the_frame_holds():
    rig = Rig()
    rig.trouble = "x" * 500
    _, words = taken(Live(rig, 100))
    assert 100 < len("\t".join(words)) <= 200 and words[0] == "running"
