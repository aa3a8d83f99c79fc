"""`sys` of the board: its standard streams are the serial line."""

from io import IOBase
from sys import *
from sys import path
from micropython import const
from rig_link import call, get, put

_OP_RX_READY = const(60)
_OP_RX_READ = const(61)
_OP_TX = const(62)
_CHUNK = const(2048)
_POLL_REQUEST = const(3)

platform = "esp32"
maxsize = 2147483647


class _RawIn(IOBase):
    def readinto(self, into):
        """Blocks until all is there; callbacks run meanwhile."""
        if len(into) == 1:  # without garbage, as on the chip
            return self._take(into)
        view = memoryview(into)
        n = 0
        while n < len(into):
            n += self._take(view[n : n + 1])
        return n

    def _take(self, into):
        while not call(_OP_RX_READY, 1):
            pass
        return get(_OP_RX_READ, 0, into)

    def read(self, n=1):
        into = bytearray(n)
        self.readinto(into)
        return bytes(into)

    def ioctl(self, request, flags):
        return call(_OP_RX_READY) & flags if request == _POLL_REQUEST else 0


class _In(_RawIn):
    def __init__(self):
        self.buffer = _RawIn()

    def read(self, n=1):
        return self.buffer.read(n).decode().replace("\r", "\n")

    def readline(self):
        line = ""
        while not line.endswith("\n"):
            line += self.read(1)
        return line


class _RawOut(IOBase):
    def write(self, data):
        view = memoryview(data)
        for start in range(0, len(view), _CHUNK):
            put(_OP_TX, 0, view[start : start + _CHUNK])
        return len(view)


class _Out(_RawOut):
    def __init__(self):
        self.buffer = _RawOut()

    def write(self, data):
        raw = data.encode() if isinstance(data, str) else bytes(data)
        self.buffer.write(raw.replace(b"\n", b"\r\n"))
        return len(data)

    def flush(self):
        pass


stdin = _In()
stdout = stderr = _Out()
