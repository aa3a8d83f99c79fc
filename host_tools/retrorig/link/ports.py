"""Finding a rig's serial port and opening it without resetting the board."""

from __future__ import annotations

import errno
from typing import Protocol, cast

import serial
from serial.tools import list_ports

from retrorig.errors import InputError, NoRigError

BAUD = 115200
WRITE_TIMEOUT_S = 2.0
"""A request takes 10 ms on the line; a port that does not take it for 2 s is dead."""

ESPRESSIF_VID = 0x303A
"""USB on the chip itself: it sends nothing until DTR says that someone listens."""


class Port(Protocol):
    """What the client needs of a serial port; pyserial's Serial and the virtual rig's port have it."""

    timeout: float | None

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


def find_port() -> str:
    """The one USB serial port; NoRigError explains none or several."""
    found = sorted(port.device for port in list_ports.comports() if port.vid is not None)
    if not found:
        raise NoRigError("No USB serial port was found: plug the rig in, or name its port with --port.")
    if len(found) > 1:
        raise NoRigError(f"There are several USB serial ports ({', '.join(found)}): choose one with --port.")
    return found[0]


def open_port(url: str | None = None) -> Port:
    """Open the port `url` (anything pyserial opens), or the one rig found.

    The usual auto-reset circuit pulls the board's reset when DTR and RTS differ, as they do for a moment
    when a port is opened with both set. Both are therefore low before opening.
    """
    url = url or find_port()
    try:
        port = serial.serial_for_url(
            url, do_not_open=True, baudrate=BAUD, timeout=0, write_timeout=WRITE_TIMEOUT_S
        )
    except ValueError as error:
        raise InputError(f"{url} is no serial port or URL: {error}.") from None
    port.dtr = False
    port.rts = False
    try:
        port.open()
        if _vid(url) == ESPRESSIF_VID:
            port.dtr = True
    except (OSError, ValueError) as error:
        raise NoRigError(_explain(url, error)) from None
    return cast("Port", port)


def _vid(url: str) -> int | None:
    return next((port.vid for port in list_ports.comports() if port.device == url), None)


def _explain(url: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT or isinstance(error, FileNotFoundError):
        return f"There is no port {url}: check the name and the cable."
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in str(error):
        return f"{url} may not be opened: it is in use, or you lack the right (on Linux: join the group dialout)."
    if number == errno.EBUSY:
        return f"{url} is in use by another program: close that first."
    reason = str(error).replace("\n", " ").rstrip(".")
    return f"{url} can't be opened as a serial port ({reason}): check the name and the cable."
