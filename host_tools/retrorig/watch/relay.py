"""Requests of other programs to a rig under watch, on a loopback socket (link/relayed.py is their end)."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import socket
import threading
from functools import partial
from pathlib import Path
from typing import Any

from retrorig.errors import RetrorigError, RigRefusedError
from retrorig.link.relayed import READY, Announced, announce
from retrorig.live.stream import Event, Told
from retrorig.rig import Rig
from retrorig.shared_stream import SharedStream
from rigcore.framing import TYPE_ANSWER, TYPE_TELEMETRY, frame
from rigcore.protocol import ERR_BUSY, LINE_MAX, RequestError, parse_request

PULLING = ("sets", "read", "confirm")
"""Requests of a pull, which the watch makes itself."""

TOKEN_BYTES = 16
REQUEST_S = 2.0
"""A client gives up after 2.5 s: it is told before that the watch is busy with a pull."""


class Relay:
    """Announces itself while it runs; several programs may be connected at once."""

    def __init__(self, port: str, stream: SharedStream, period_ms: int) -> None:
        self._port, self._stream, self._period_ms = port, stream, period_ms
        self._token = secrets.token_hex(TOKEN_BYTES)
        self._server: socket.socket | None = None
        self._file: Path | None = None
        self._clients: set[socket.socket] = set()

    def start(self) -> None:
        """Listen; where that can't be announced, others are told that the port is in use."""
        self._server = socket.create_server(("127.0.0.1", 0))
        announced = Announced(self._server.getsockname()[1], self._token)
        with contextlib.suppress(OSError):
            self._file = announce(self._port, announced)
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def close(self) -> None:
        """Take the announcement back and let the clients go."""
        if self._file:
            self._file.unlink(missing_ok=True)
        for each in (*self._clients, *filter(None, [self._server])):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._clients.add(client)
        served = _Client(client, self._stream, self._period_ms)
        with contextlib.suppress(OSError), client, client.makefile("rb") as lines:
            token = lines.readline(LINE_MAX).strip()
            if hmac.compare_digest(token, self._token.encode()):
                client.sendall(READY)
                served.serve(lines)
        self._clients.discard(client)


class _Client:
    """One program at the socket."""

    def __init__(self, client: socket.socket, stream: SharedStream, period_ms: int) -> None:
        self._client, self._stream, self._period_ms = client, stream, period_ms
        self._sending = threading.Lock()
        self._last: tuple[int, bytes] = (-1, b"")

    def serve(self, lines: Any) -> None:
        """Answer its requests until it goes."""
        try:
            while line := lines.readline(LINE_MAX + 1):
                self._answer(line.rstrip(b"\r\n"))
        finally:
            self._stream.remove(self._take)
            self._ask("live", str(self._period_ms))

    def _answer(self, line: bytes) -> None:
        try:
            number, verb, arguments = parse_request(line)
        except RequestError:
            return  # it is sent again
        if number != self._last[0]:  # else it was sent again before its answer had come
            answer = self._ask(verb, *self._at_our_pace(verb, arguments))
            if answer is None:
                return
            self._last = (number, bytes(frame(TYPE_ANSWER, number, json.dumps(answer).encode())))
        self._send(self._last[1])

    def _at_our_pace(self, verb: str, arguments: list[str]) -> list[str]:
        """The watch wants telemetry itself: a client may have it more often, never less."""
        if verb != "live" or not arguments or not arguments[0].isdecimal():
            return arguments
        wanted_ms = int(arguments[0])
        self._stream.remove(self._take)
        if wanted_ms:
            self._stream.add(self._take)
        return [str(min(wanted_ms or self._period_ms, self._period_ms))]

    def _ask(self, verb: str, *arguments: str) -> dict[str, Any] | None:
        """The rig's answer, or its refusal; None while there is no rig: the client asks again."""
        if verb in PULLING:
            return {"err": ERR_BUSY, "text": _held()}
        waiting = self._stream.borrow(partial(_request, verb=verb, arguments=arguments))
        if waiting is None:
            return None
        try:
            return waiting.result(REQUEST_S)
        except RigRefusedError as error:
            return {"err": error.code, "text": str(error).removeprefix("The rig refused: ")}
        except TimeoutError:
            return {"err": ERR_BUSY, "text": "`retrorig watch` is pulling its sets: try again in a moment."}
        except RetrorigError:
            return None

    def _take(self, event: Event) -> None:
        if isinstance(event, Told):
            with contextlib.suppress(OSError):  # gone: `serve` ends
                self._send(bytes(frame(TYPE_TELEMETRY, 0, event.payload)))

    def _send(self, data: bytes) -> None:
        with self._sending:
            self._client.sendall(data)


def _request(rig: Rig, verb: str, arguments: tuple[str, ...]) -> dict[str, Any]:
    return rig.client.request(verb, *arguments)


def _held() -> str:
    return (
        f"`retrorig watch` (process {os.getpid()}) has this rig and pulls its sets by itself: "
        "they are in its library, or end it first"
    )
