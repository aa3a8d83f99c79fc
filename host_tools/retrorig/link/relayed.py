"""A rig's port through the program that watches it, so that others can look at the rig meanwhile.

The program that owns a port announces a loopback socket for it in a file that only this user can read. Over that
socket go the same requests and frames as over the cable (firmware/PROTOCOL.md), after a line with the file's token
and the owner's READY.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
import serial

CONNECT_S = 1.0
READ_MAX = 65536
READY = b"retrorig watch\n"
"""Answers the token: after a watch that was killed another program may listen at its number."""


@dataclass(frozen=True)
class Announced:
    """Where the owner of a port listens, and what a client must say first."""

    tcp_port: int
    token: str


def announcement(url: str) -> Path:
    """The file in which the owner of a serial port would announce itself."""
    name = hashlib.sha256(os.path.realpath(url).encode()).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("retrorig")) / f"watched-{name}.json"


def announce(url: str, announced: Announced) -> Path:
    """Write that file, for this user alone; returns its path. OSError when it can't be written."""
    path = announcement(url)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(announced), file)
    return path


def relayed(url: str) -> RelayedPort | None:
    """The port through its owner; None when nobody watches it."""
    try:
        announced = Announced(**json.loads(announcement(url).read_text(encoding="utf-8")))
        return RelayedPort(url, announced)
    except (OSError, ValueError, TypeError):
        return None  # never announced, or its program was killed


class RelayedPort:
    """The port of a watched rig, as far as a client needs one; OSError without its watch."""

    def __init__(self, url: str, announced: Announced) -> None:
        self.port = url
        self.timeout: float | None = 0.0
        self._socket = socket.create_connection(("127.0.0.1", announced.tcp_port), CONNECT_S)
        try:
            self._socket.sendall(announced.token.encode() + b"\n")
            if self._socket.recv(len(READY), socket.MSG_WAITALL) != READY:
                raise ConnectionError("no watch listens there")
            self._socket.settimeout(None)
        except OSError:
            self._socket.close()
            raise

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once."""
        return len(self._socket.recv(READ_MAX, socket.MSG_PEEK)) if self._is_readable(0) else 0

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes, as soon as there are some, or none after `timeout` seconds."""
        if not self._is_readable(self.timeout):
            return b""
        data = self._socket.recv(size)
        if not data:
            raise serial.SerialException("the watch has ended")
        return data

    def write(self, data: bytes) -> int:
        """Send to the owner of the port."""
        self._socket.sendall(data)
        return len(data)

    def close(self) -> None:
        """Leave the owner."""
        self._socket.close()

    def _is_readable(self, wait_s: float | None) -> bool:
        return bool(select.select([self._socket], [], [], wait_s)[0])
