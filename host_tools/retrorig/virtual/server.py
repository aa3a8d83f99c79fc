"""The virtual rig as a serial device: a pseudo-terminal in front of it, virtual time tied to the wall clock."""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from retrorig.errors import InputError
from retrorig.virtual.costs import MS, S
from retrorig.virtual.rig import VirtualRig

_SLICE_S = 0.002
_LAG_MAX_S = 0.25  # a rig that the computer can't keep up with runs slower rather than ever later


def serve(
    rig: VirtualRig,
    link_path: str | Path | None = None,
    rate: float = 1.0,
    announce: Callable[[str], None] = lambda name: None,
    stop: threading.Event | None = None,
    watch: Callable[[VirtualRig], None] = lambda rig: None,
) -> None:
    """Run a powered rig as a serial device until `stop` is set (for ever without it).

    `announce` is given the device's name once it can be opened; `link_path` becomes a symbolic link to it
    and is removed at the end. `rate` is virtual seconds a second. Clients may come and go.
    `watch` is called every few milliseconds.
    """
    stop = stop or threading.Event()
    device = _Device(link_path)
    try:
        announce(device.name)
        _run(rig, device, rate, stop, watch)
    finally:
        device.close()


def _run(
    rig: VirtualRig, device: _Device, rate: float, stop: threading.Event, watch: Callable[[VirtualRig], None]
) -> None:
    port = rig.open_port()
    clock = rig.board.clock
    wall, virtual_ns = time.monotonic(), clock.now_ns
    while not stop.is_set():
        received = device.receive(_SLICE_S)
        if received:
            port.write(received)
        due_ns = virtual_ns + int((time.monotonic() - wall) * rate * S)
        if due_ns - clock.now_ns > _LAG_MAX_S * rate * S:
            wall, virtual_ns = time.monotonic(), clock.now_ns
            due_ns = clock.now_ns + MS
        rig.run_until_ns(due_ns)
        device.send(rig.board.uart.host_read(65536))
        watch(rig)


class _Device:
    """The pseudo-terminal; holds its other end open so that clients may come and go."""

    def __init__(self, link_path: str | Path | None) -> None:
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise InputError(
                f"No pseudo-terminal can be had here ({error.strerror}): use `retrorig replay`."
            ) from None
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.name = os.ttyname(self._slave)
        self._unsent = bytearray()
        self._link = Path(link_path) if link_path else None
        if self._link:
            self._make_link(self._link)

    def _make_link(self, link: Path) -> None:
        try:
            if link.is_symlink():
                link.unlink()
            link.symlink_to(self.name)
        except OSError as error:
            self._link = None
            self.close()
            raise InputError(
                f"The link {link} can't be made ({error.strerror}): choose another path."
            ) from None

    def receive(self, wait_s: float) -> bytes:
        """What a client wrote, after waiting for it a moment."""
        if not select.select([self._master], [], [], wait_s)[0]:
            return b""
        try:
            return os.read(self._master, 4096)
        except OSError:
            return b""

    def send(self, data: bytes) -> None:
        """Hand over to the client what fits; like a cable, the rest waits but never for ever."""
        self._unsent += data
        del self._unsent[:-65536]
        try:
            while self._unsent:
                del self._unsent[: os.write(self._master, self._unsent)]
        except BlockingIOError:
            pass

    def close(self) -> None:
        if self._link and self._link.is_symlink():
            self._link.unlink()
        os.close(self._master)
        os.close(self._slave)
