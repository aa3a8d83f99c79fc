"""Finishes an update that is complete, and makes the modules reachable.

No more: on the ESP32-S3 the USB serial port starts only after this file.
"""

import binascii
import io
import os
import struct
import sys

import machine
import vfs

try:  # to list the folder would take five times as long
    update = open("/next", "rb")  # begins with the length of the code that puts it in place, and that code
except OSError:
    pass
else:
    with update:
        exec(update.read(int(update.readline())), {"update": update})
    os.remove("/next")  # only now: after a loss of power the above is done once more


class Module(io.IOBase):
    """A module while it is loaded, in pieces of 5 ms between which callbacks run: as one it would cost conversions."""

    def __init__(self, file, at):
        self._file = file
        self._at = at

    def readinto(self, into):
        machine.idle()
        self._file.seek(self._at)
        n = self._file.readinto(into)
        self._at += n
        return n

    def ioctl(self, request, argument):
        return 250 if request == 11 else 0  # the piece that is asked for


class Pack:
    """All modules in one file, laid over the file system: what it does not hold is taken from beside it.

    How it is made tells host_tools/retrorig/firmware_build/pack.py. A module that was opened can be read past its end.
    """

    def __init__(self, path):
        self._file = open(path, "rb")  # and left so: to open a file takes as long as to load a small module
        self._index = self._file.read(int(self._file.readline().split()[0]))

    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        place = self._place(path)
        if place < 0:
            raise OSError(2)
        return (0x8000 if place else 0x4000,) + (0,) * 9

    def open(self, path, mode):
        place = self._place(path)
        if place < 0:
            return open(path, mode)
        return Module(self._file, place)

    def _place(self, path):
        key = struct.pack("<I", binascii.crc32(path))
        at = self._index.find(key)
        while at >= 0 and at % 8:
            at = self._index.find(key, at + 1)
        return struct.unpack_from("<I", self._index, at + 4)[0] if at >= 0 else -1


try:
    pack = Pack("/firmware.pack")
except OSError:
    pass
else:
    vfs.mount(pack, "/f")
    sys.path.insert(0, "/f")  # short: the path of every module stays in memory
