"""Opening a board's serial port without resetting the board."""

from __future__ import annotations

import logging
import sys
from typing import Protocol, cast

import serial

from retrorig.discovery.candidates import ESPRESSIF_VID, candidates, vid_of
from retrorig.discovery.trouble import cannot_open, nothing_found
from retrorig.errors import InputError, NoRigError
from retrorig.link.trace import traced

log = logging.getLogger(__name__)

BAUD = 115200
WRITE_TIMEOUT_S = 2.0
"""A request takes 10 ms on the line; a port that does not take it for 2 s is dead."""

_EXCLUSIVE = None if sys.platform == "win32" else True
"""Two programs at one port take each other's bytes; Windows allows one anyway."""


class Port(Protocol):
    """What the client needs of a serial port; pyserial's Serial and the virtual rig's port have it."""

    timeout: float | None

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


def find_port() -> str:
    """The one port that may be a board's, whatever runs on it; NoRigError explains none or several."""
    found = [port.device for port in candidates()]
    if not found:
        raise NoRigError(nothing_found())
    if len(found) > 1:
        raise NoRigError(f"There are several USB serial ports ({', '.join(found)}): choose one with --port.")
    return found[0]


def open_port(url: str) -> Port:
    """Open the port `url`: anything pyserial opens.

    The usual auto-reset circuit pulls the board's reset when DTR and RTS differ, as they do for a moment
    when a port is opened with both set. Both are therefore low before opening.
    """
    try:
        port = serial.serial_for_url(
            url,
            do_not_open=True,
            baudrate=BAUD,
            timeout=0,
            write_timeout=WRITE_TIMEOUT_S,
            exclusive=_EXCLUSIVE,
        )
    except ValueError as error:
        raise InputError(f"{url} is no serial port or URL: {error}.") from None
    port.dtr = False
    port.rts = False
    try:
        port.open()
        if vid_of(url) == ESPRESSIF_VID:
            port.dtr = True
    except (OSError, ValueError) as error:
        raise NoRigError(cannot_open(url, error)) from None
    log.info("opened a port")
    return traced(cast("Port", port))
