"""Requests to a rig over a serial port: numbered, checked, sent again until answered."""

from __future__ import annotations

import logging
import struct
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from retrorig.discovery import silence
from retrorig.discovery.holders import holder
from retrorig.errors import InputError, LinkLostError, RigRefusedError
from retrorig.link.answers import Answer, accepted, answer_of
from retrorig.link.frames import TEXT_MAX, Deframer, Frame
from rigcore.framing import TYPE_ANSWER, TYPE_DATA, TYPE_TELEMETRY
from rigcore.protocol import N_BAD_LINE, PROTOCOL
from rigcore.request_encoding import build_request

if TYPE_CHECKING:
    from retrorig.link.ports import Port

log = logging.getLogger(__name__)

RESEND_S = 0.5
TRIES = 5
HELLO_TRIES = 12
"""A board that opening the port has reset needs a second before it says that it starts; then it is waited for."""

STARTING_MAX_S = 300.0
"""A board that starts again and again says so for ever."""

_PIECE = "<II"  # set number, offset
_PIECE_SIZE = 8

Take = Callable[[int, int, bytes], bool]
"""Called with (set number, offset, bytes) of each piece; False ends the reading."""


def _ignore(payload: bytes) -> None:
    pass


def _show(words: str) -> None:
    log.warning("The rig is starting: %s", words)


class _Refused(Exception):
    """A piece was not the one that was wanted."""


class RigClient:
    """One rig at the other end of `port`.

    Time comes from `port.monotonic()` if the port has a clock of its own, as the virtual rig's has.
    A rig that stops answering raises LinkLostError, one that answers with an error RigRefusedError.
    While the rig says that it starts it is waited for; `on_starting` is given what it says.
    `on_telemetry` is given the payload of each such frame, whenever one arrives; `resent_n` counts the
    requests that had to be sent again. Bytes are read `gather_s` after the first of them, 0 for at once: on a slow
    line each byte would wake this process by itself.
    """

    def __init__(self, port: Port) -> None:
        self._port = port
        self.monotonic: Callable[[], float] = getattr(port, "monotonic", time.monotonic)
        self._deframer = Deframer()
        # Differs from session to session, so that the rig does not take a first request for a repeated last one.
        self._n = int(self.monotonic() * 1000) % N_BAD_LINE
        self.on_telemetry: Callable[[bytes], None] = _ignore
        self.on_starting: Callable[[str], None] = _show
        self.resent_n = 0
        self.gather_s = 0.0
        self._earlier = ""  # text that came before the request at hand

    def hello(self) -> Answer:
        """Identity, versions and limits; also finds the rig again after it restarted."""
        answer = self.request("hello", tries=HELLO_TRIES)
        spoken = answer.get("protocol", 0)
        if answer.get("oldest", spoken) > PROTOCOL:
            raise RigRefusedError(
                f"This rig needs protocol {answer.get('oldest', spoken)} and this program speaks {PROTOCOL}: "
                "update retrorig on this computer.",
                "protocol",
            )
        if spoken < PROTOCOL:
            raise RigRefusedError(
                f"This rig speaks protocol {spoken} and this program needs {PROTOCOL}: "
                "update the rig's firmware with `retrorig flash`.",
                "protocol",
            )
        return answer

    def info(self) -> Answer:
        """What the rig is doing right now."""
        return self.request("info")

    def clock(self, unix_ms: int) -> Answer:
        """Tell the rig the time; it answers with its own microseconds since boot."""
        return self.request("clock", unix_ms)

    def athlete(self, label: str) -> Answer:
        """Put a short label, never a name, into the header of the sets to come; an empty one clears it."""
        return self.request("athlete", label)

    def sets(self, from_no: int) -> Answer:
        """The oldest few stored sets numbered `from_no` or higher, as [number, bytes, crc32]."""
        return self.request("sets", from_no)

    def confirm(self, no: int, crc32: int) -> Answer:
        """Tell the rig that all sets up to `no`, whose checksum is given, are safe on disk here."""
        return self.request("confirm", no, crc32)

    def read(self, no: int, offset: int, length: int, frame_bytes: int, take: Take) -> Answer | None:
        """Have the rig send `length` bytes from `offset` of set `no` on, going over to the sets that follow it.

        Returns the rig's answer, None when `take` refused a piece or the line fell silent: ask again from there.
        """
        self._send(self._line("read", no, offset, length, frame_bytes))
        try:
            answer = self._await_answer(
                lambda data: take(*struct.unpack_from(_PIECE, data), data[_PIECE_SIZE:])
            )
        except _Refused:
            return None
        return None if answer is None else accepted("read", answer)

    def request(self, verb: str, *args: object, tries: int = TRIES) -> Answer:
        """Ask, and ask again with the same number until the rig answers."""
        line = self._line(verb, *args)
        self._earlier = (self._earlier + self._deframer.take_text())[-TEXT_MAX:]
        attempt, told, until_s = 0, "", self.monotonic() + STARTING_MAX_S
        while attempt < tries:
            if attempt:
                self.resent_n += 1
                log.info(
                    "%s: no answer within %s s, sent again (%d of %d)", verb, RESEND_S, attempt + 1, tries
                )
            self._send(line)
            answer = self._await_answer(None)
            if answer is not None:
                return accepted(verb, answer)
            attempt += 1
            latest = silence.starting(self._deframer.latest_text)
            if latest and latest != told and self.monotonic() < until_s:
                attempt, told = 0, latest  # it lives: whoever resets it now begins the start anew
                self.on_starting(latest)
        log.warning("%s: no answer to %d requests", verb, tries)
        raise LinkLostError(self._why_silent())

    def _why_silent(self) -> str:
        text, installed = self._deframer.flush_text(), ""
        if silence.is_prompt(text):
            self._send(silence.ASK_INSTALLED)
            self.listen(RESEND_S)
            installed = self._deframer.flush_text()
        url = getattr(self._port, "port", None)
        if not isinstance(url, str):
            return silence.explain(text, installed)
        return silence.explain(text, installed, holder(url), silence.is_virtual(url))

    def _line(self, verb: str, *args: object) -> bytes:
        self._n = (self._n + 1) % N_BAD_LINE
        try:
            return build_request(self._n, verb, *args)
        except ValueError as error:
            raise InputError(f"That is too long for the rig: {error}.") from None

    def listen(self, seconds: float) -> None:
        """Receive frames that come unasked, for so long."""
        deadline_s = self.monotonic() + seconds
        while (left_s := deadline_s - self.monotonic()) > 0:
            for _ in self._receive(left_s):
                pass

    @property
    def text(self) -> str:
        """Received text outside of frames: a banner, a traceback, damaged bytes."""
        return self._earlier + self._deframer.text

    def close(self) -> None:
        """Close the port."""
        self._port.close()

    def _await_answer(self, on_data: Callable[[bytes], bool] | None) -> Answer | None:
        """The answer to the running request; None after RESEND_S without any sign of it."""
        deadline_s = self.monotonic() + RESEND_S
        while (left_s := deadline_s - self.monotonic()) > 0:
            for frame in self._receive(left_s):
                if frame.kind == TYPE_ANSWER and frame.n == N_BAD_LINE:
                    return None  # the line arrived damaged: no use in waiting longer
                if frame.n != self._n:
                    continue
                if frame.kind == TYPE_ANSWER:
                    return answer_of(frame.payload)
                if frame.kind == TYPE_DATA and on_data and len(frame.payload) > _PIECE_SIZE:
                    if not on_data(frame.payload):
                        raise _Refused
                    deadline_s = self.monotonic() + RESEND_S
        return None

    def _receive(self, wait_s: float) -> Iterator[Frame]:
        try:
            self._port.timeout = wait_s
            data = self._port.read(max(1, self._port.in_waiting))
            if data and self.gather_s and self.monotonic is time.monotonic:
                time.sleep(self.gather_s)  # by another clock nothing would come meanwhile
                data += self._port.read(self._port.in_waiting)
        except OSError as error:  # pyserial's SerialException is one
            raise LinkLostError(
                f"The link to the rig broke ({error}): check the cable and try again."
            ) from None
        for frame in self._deframer.feed(data):
            if frame.kind == TYPE_TELEMETRY:
                self.on_telemetry(frame.payload)
            else:
                yield frame

    def _send(self, line: bytes) -> None:
        try:
            self._port.write(line)
        except OSError as error:
            raise LinkLostError(
                f"The link to the rig broke ({error}): check the cable and try again."
            ) from None
