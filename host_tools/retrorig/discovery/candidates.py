"""Serial ports that may be a rig's, by the USB chips that such boards have."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from serial.tools import list_ports

ESPRESSIF_VID = 0x303A
"""USB on the chip itself: it sends nothing until DTR says that someone listens."""

CHIPS = {  # USB vendor: what the chip is called, its Linux driver
    ESPRESSIF_VID: ("the ESP32's own USB", "cdc_acm"),
    0x10C4: ("CP210x", "cp210x"),
    0x1A86: ("CH340", "ch341"),
    0x0403: ("FTDI", "ftdi_sio"),
}

SYSFS = Path("/sys/bus/usb/devices")


class UsbPort(NamedTuple):
    """A serial port and the vendor of its USB chip."""

    device: str
    vid: int | None


def usb_ports() -> list[UsbPort]:
    """All serial ports on USB, in order of their names."""
    seen = (UsbPort(port.device, port.vid) for port in list_ports.comports())
    return sorted(port for port in seen if port.vid is not None)


def candidates() -> list[UsbPort]:
    """Ports with a USB chip that boards have; a lone port with another chip is one too."""
    ports = usb_ports()
    known = [port for port in ports if port.vid in CHIPS]
    return known or (ports if len(ports) == 1 else [])


def vid_of(url: str) -> int | None:
    """USB vendor of a port, also under another name for it; None when it is not on USB."""
    real = os.path.realpath(url)
    return next((port.vid for port in list_ports.comports() if port.device in (url, real)), None)


def without_port(sysfs: Path = SYSFS) -> int | None:
    """USB vendor of a board that Linux sees but made no serial port of; None when there is none."""
    if not sys.platform.startswith("linux"):
        return None
    with_port = {port.vid for port in usb_ports()}
    for file in sorted(sysfs.glob("*/idVendor")):
        try:
            vid = int(file.read_text(), 16)
        except (OSError, ValueError):
            continue
        if vid in CHIPS and vid not in with_port:
            return vid
    return None
