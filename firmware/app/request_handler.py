"""Takes the host's requests: each is carried out once and answered.

A request that comes again because its answer was lost is answered from memory. A new request ends
whatever was still being sent for the one before. Commands know nothing of this: they return a Reply.
"""

import json

from rigcore import TYPE_CHECKING
from rigcore.flash_ring import StoreFull
from rigcore.framing import TYPE_ANSWER, frame, room
from rigcore.protocol import (
    ERR_MEMORY,
    ERR_STORE,
    FRAME_MAX,
    N_BAD_LINE,
    RequestError,
    parse_request,
)

from .commands import Reply, carry_out, verbs_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drivers.hostlink import HostLink

    from .commands import Verbs
    from .live import Live
    from .rig import Rig


ANSWER_KB = 4
NONE: "Verbs" = {}  # one for ever: a new one before each collection would lie amid what is free after it
KEPT_N = 3  # collections, seconds mostly, for which the latest request's module stays loaded
QUIET_LOOKS = 30  # of the main loop, 3 s, after which the host is thought to ask nothing more for now


class RequestHandler:
    """`step()` in every pass of the main loop."""

    def __init__(self, rig: "Rig", link: "HostLink") -> None:
        self._rig = rig
        self._link = link
        self._line = b""
        self._answer: memoryview | None = None  # kept for a repeat
        self._waiting: memoryview | None = None  # still to be sent, after the frames
        self._frames: Iterator[memoryview] | None = None
        self._telemetry: Live | None = None  # told where the line has nothing else to carry
        self._telemetry_n = 0
        self._verbs = NONE
        self._unused_n = 0
        self.looks_n = 0  # of the main loop since the latest request
        self.litter_kb = 0  # garbage that answers have left, about; whoever collects it sets it back
        self._frame = bytearray(
            room(8 + FRAME_MAX)
        )  # made once: later the heap may have no gap of this length

    def step(self) -> None:
        """Take a line if there is one, and move what is being sent."""
        line = self._link.read_line()
        if line is not None:
            self._take(line)
        while self._link.pump():
            following = self._next_frame()
            if following is None:
                return
            self._link.send(following)

    @property
    def is_sending(self) -> bool:
        """Whether sets are on their way to the host."""
        return self._frames is not None

    @property
    def is_quiet(self) -> bool:
        """Whether the host has asked nothing for some seconds."""
        return self.looks_n > QUIET_LOOKS

    def settle(self) -> None:
        """After a collection: let go of what the latest request needed, if it was the last for now.

        What is kept of it for a repeat is made anew where there is room: else it would lie amid what is free.
        """
        self._unused_n += 1
        if self._unused_n > KEPT_N and not self.is_sending:
            self._verbs = NONE
        self._line = bytes(memoryview(self._line))
        if self._answer and not self._waiting:
            self._answer = memoryview(bytes(self._answer))

    def _take(self, line: bytes) -> None:
        self._frames = None
        if self._telemetry:
            self._telemetry.renew()
        is_repeat = line == self._line and not line.partition(b" ")[2].startswith(b"read ")
        if not is_repeat:
            self._line = line
            self.litter_kb += ANSWER_KB
            n, reply = self._carry_out(line)
            self._answer = frame(TYPE_ANSWER, n, json.dumps(reply.answer).encode())
            if reply.frames:
                self._frames = reply.frames(n, self._frame)
            if reply.telemetry:
                self._telemetry, self._telemetry_n = reply.telemetry, n
        self._waiting = self._answer

    def _carry_out(self, line: bytes) -> "tuple[int, Reply]":
        n = N_BAD_LINE
        try:
            n, verb, args = parse_request(line)
            return n, carry_out(self._rig, verb, args, self._verbs_with(verb))
        except RequestError as refusal:
            answer = {"err": refusal.args[0], "text": refusal.args[1]}
        except StoreFull:
            answer = {"err": ERR_STORE, "text": "The store has no room; pull the sets first."}
        except MemoryError:  # a module loaded for the moment found no gap: no reason to stop measuring
            answer = {"err": ERR_MEMORY, "text": "The rig is short of memory; try again."}
        return n, Reply(answer)

    def _verbs_with(self, verb: str) -> "Verbs":
        if self._telemetry and verb in self._telemetry.verbs():
            return self._telemetry.verbs()
        self._unused_n = self.looks_n = 0
        if verb not in self._verbs:
            self._verbs = NONE  # first: one such module at a time is enough for the heap
            self._verbs = verbs_with(verb)
        return self._verbs

    def _next_frame(self) -> "memoryview | None":
        if self._frames is not None:
            for data in self._frames:
                return data
            self._frames = None
        waiting, self._waiting = self._waiting, None
        return waiting or self._next_telemetry()

    def _next_telemetry(self) -> "memoryview | None":
        telemetry = self._telemetry
        if not telemetry or self._link.is_hearing:  # an answer would have to wait for the frame
            return None
        if telemetry.is_over():
            self._telemetry = None
            return None
        return telemetry.due_frame(self._telemetry_n, self._frame)
