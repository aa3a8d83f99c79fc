"""Explains why a port can't be found or opened: one sentence each, with what to do.

Tried on Linux with pseudo-terminals and planted errors only. What Windows, macOS and USB chips really say was
taken from their documentation and from pyserial's source; nobody has tried those sentences on metal.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from retrorig.discovery.candidates import CHIPS, usb_ports, without_port
from retrorig.discovery.holders import holder


def nothing_found(platform: str = sys.platform) -> str:
    """The sentence for a computer without any port that may be a rig's."""
    others = usb_ports()
    if others:
        names = ", ".join(port.device for port in others)
        return f"None of the USB serial ports ({names}) looks like a rig's: name it with --port if one is."
    vid = without_port()
    if vid is not None:
        chip, driver = CHIPS[vid]
        return (
            f"A board with {chip} is plugged in, but Linux made no serial port of it: load its driver "
            f"(sudo modprobe {driver}), and remove the package brltty if it is installed, which takes such ports."
        )
    search = {
        "win32": "; if the Device Manager shows an unknown device, install the driver of the board's USB chip "
        "(CP210x or CH340)",
        "darwin": "; if System Information lists the board under USB, install the driver of its USB chip "
        "(CP210x or CH340)",
    }
    return (
        "No USB serial port was found: plug the rig in with a cable that carries data (many only charge), "
        f"or name its port with --port{search.get(platform, '')}."
    )


def cannot_open(url: str, error: Exception, platform: str = sys.platform) -> str:
    """The sentence for a port that failed to open with `error`."""
    text = str(error)
    number = getattr(error, "errno", None)
    if number == errno.ENOENT or isinstance(error, FileNotFoundError) or "FileNotFoundError" in text:
        return f"There is no port {url}: check the name and the cable."
    if number == errno.EBUSY or "exclusively lock" in text or "Resource busy" in text:
        return _held(url)
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text:
        # Windows says so of a port that is open elsewhere.
        return _held(url) if platform == "win32" else _forbidden(url, platform)
    if "semaphore timeout" in text or "not functioning" in text:
        return f"Windows can't use {url}: unplug the rig, plug it into another USB socket, and update its driver."
    reason = text.replace("\n", " ").rstrip(".")
    return f"{url} can't be opened as a serial port ({reason}): check the name and the cable."


def _held(url: str) -> str:
    who = holder(url)
    return (
        f"{url} is in use by {who or 'another program'}: close that first"
        f"{'' if who else ' (a serial monitor, Thonny, or another retrorig)'}."
    )


def _forbidden(url: str, platform: str) -> str:
    if platform == "darwin":
        return f"You may not use {url}: choose the port whose name begins with /dev/cu, or give yourself the right."
    group = _group(url)
    return (
        f"You may not use {url}: run `sudo usermod -aG {group} $USER`, log out and in again "
        "(until then: sudo chmod a+rw on the port)."
    )


def _group(url: str) -> str:
    """The group that may use a port: dialout on Debian, uucp on Arch."""
    try:
        import grp

        name = grp.getgrgid(os.stat(Path(url)).st_gid).gr_name
    except (ImportError, OSError, KeyError):
        return "dialout"
    return "dialout" if name == "root" else name
