"""The desk where the host's requests are taken: each is carried out once and answered.

A request that comes again because its answer was lost is answered from memory. A new request ends
whatever was still being sent for the one before.
"""

import json

from rigcore.flash_ring import StoreFull
from rigcore.framing import TYPE_ANSWER, frame
from rigcore.protocol import ERR_MEMORY, ERR_STORE, N_BAD_LINE, RequestError, parse_request

from .commands import carry_out
from .transfer import data_frames

FRAME_ROOM = 1064  # the longest data frame: 1024 bytes of sets with heads, codes and delimiters


class RequestHandler:
    def __init__(self, rig, link):
        self._rig = rig
        self._link = link
        self._line = b""
        self._answer = None  # kept for a repeat
        self._waiting = None  # still to be sent, after the frames
        self._frames = None
        self.request_n = 0
        self.live = None  # telemetry (app.live), while somebody listens; told where the line has nothing else to carry
        self._frame = bytearray(FRAME_ROOM)  # made once: later the heap may have no gap of this length

    def step(self):
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
    def is_sending(self):
        """Whether sets are on their way to the host."""
        return self._frames is not None

    def send_sets(self, position, offset, length, frame_bytes):
        """Bytes of sets go out before the answer to the current request."""
        self._frames = data_frames(
            self._rig.log, position, offset, length, frame_bytes, self.request_n, self._frame
        )

    def _take(self, line):
        self._frames = None
        if self.live:
            self.live.renew()
        is_repeat = line == self._line and not line.partition(b" ")[2].startswith(b"read ")
        if not is_repeat:
            self._line = line
            n, answer = self._carry_out(line)
            self._answer = frame(TYPE_ANSWER, n, json.dumps(answer).encode())
        self._waiting = self._answer

    def _carry_out(self, line):
        n = N_BAD_LINE
        try:
            n, verb, args = parse_request(line)
            self.request_n = n
            answer = carry_out(self._rig, verb, args, self.live)
        except RequestError as refusal:
            answer = {"err": refusal.args[0], "text": refusal.args[1]}
        except StoreFull:
            answer = {"err": ERR_STORE, "text": "The store has no room; pull the sets first."}
        except MemoryError:  # a borrowed module found no gap: no reason to stop measuring
            answer = {"err": ERR_MEMORY, "text": "The rig is short of memory; try again."}
        return n, answer

    def _next_frame(self):
        if self._frames is not None:
            for data in self._frames:
                return data
            self._frames = None
        waiting, self._waiting = self._waiting, None
        return waiting or self._telemetry()

    def _telemetry(self):
        live = self.live
        if not live or self._link.is_hearing:  # an answer would have to wait for the frame
            return None
        if live.is_over():
            self.live = None
            return None
        return live.due_frame(self._frame)
