"""The board's MicroPython prompt, by way of mpremote's transport."""

from __future__ import annotations

import ast
import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from retrorig.errors import LinkLostError, RigRefusedError
from retrorig.extras import require
from retrorig.link.ports import Port

Report = Callable[[float, float], None]
"""Called with (done, of)."""

READ_S = 1.0
PROMPT_S = 5.0
"""So long Ctrl-C may take; a board that was starting did not hear it and is asked again."""

INSTALL_S = 120.0
CHUNK = 768
"""Bytes in one command; as base64 it fills four windows of the prompt."""

_LIST = """
import os
def _walk(folder):
    for name, kind, *_ in os.ilistdir(folder or "/"):
        path = folder + "/" + name
        if kind & 0x4000:
            try:
                _walk(path)
            except (OSError, AttributeError):
                pass  # modules mounted out of one file: not files of their own
        else:
            print(repr((path[1:], os.stat(path)[6])))
_walk("")
"""

_HASHES = """
import hashlib, binascii
_part = memoryview(bytearray(512))
def _hash(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        n = file.readinto(_part)
        while n:
            found.update(_part[:n])
            n = file.readinto(_part)
    print(repr((path, binascii.hexlify(found.digest()).decode())))
"""


class Repl:
    """The prompt of a board whose program is stopped; main.py does not run until `start()`."""

    def __init__(self, port: Port) -> None:
        self._port = port
        port.timeout = READ_S
        self._transport = _transport(port)
        with _link_watched(), redirect_stdout(StringIO()):  # mpremote prints what it got instead
            self._transport.enter_raw_repl(soft_reset=False, timeout_overall=PROMPT_S)
        self.restart()

    def run(self, code: str) -> str:
        """Have the board carry out `code`; returns what it prints. RigRefusedError with the board's complaint."""
        with _link_watched():
            return self._transport.exec(code).decode()

    def value(self, expression: str) -> Any:
        """A literal that the board computes."""
        return ast.literal_eval(self.run(f"print(repr({expression}))"))

    def files(self) -> dict[str, int]:
        """Size of every file, by path without the leading slash."""
        return dict(map(ast.literal_eval, self.run(_LIST).splitlines()))

    def hashes(self, paths: list[str], report: Report) -> dict[str, str]:
        """SHA-256 of files, computed by the board, by path."""
        self.run(_HASHES)
        found = {}
        for done, path in enumerate(paths):
            report(done, len(paths))
            found.update([ast.literal_eval(self.run(f"_hash({path!r})"))])
        return found

    def read(self, path: str) -> bytes:
        """A whole file."""
        with _link_watched():
            return bytes(self._transport.fs_readfile("/" + path))

    def write(self, path: str, content: bytes, report: Report) -> None:
        """Write a file; as base64 it takes less than half of what quoting each byte does."""
        self.run(f"from binascii import a2b_base64 as _d\n_f = open({path!r}, 'wb')\n_w = _f.write")
        for start in range(0, len(content), CHUNK):
            report(start, len(content))
            text = base64.b64encode(content[start : start + CHUNK]).decode()
            self.run(f"_w(_d('{text}'))")
        self.run("_f.close()")

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        self.run(f"import os\ntry:\n os.remove({path!r})\nexcept OSError:\n pass")

    def rename(self, old: str, new: str) -> None:
        """Rename a file, over another one if need be: one operation, done or not done when power fails."""
        self.run(f"import os\nos.rename({old!r}, {new!r})")

    def free_blocks(self) -> int:
        """Free blocks of the file system."""
        return self.value("__import__('os').statvfs('/')[3]")

    def restart(self) -> None:
        """Reset the interpreter, with boot.py and without main.py: puts an update in place."""
        with _link_watched(), redirect_stdout(StringIO()):
            self._transport.enter_raw_repl(soft_reset=True, timeout_overall=INSTALL_S)

    def start(self) -> None:
        """Leave the prompt and start the firmware."""
        with _link_watched():
            self._port.write(b"\r\x02\x04")

    def close(self) -> None:
        self._port.close()


def _transport(port: Port) -> Any:
    """mpremote's transport on a port that is open already, opened in our own way: without a reset."""
    serial_module = require("mpremote.transport_serial", "flash")

    class Transport(serial_module.SerialTransport):
        def __init__(self) -> None:
            self.in_raw_repl = self.mounted = False
            self.use_raw_paste = True
            self.device_name = ""
            self.is_pty = True  # read with a timeout instead of looking every 10 ms
            self.serial = _Line(port)

    return Transport()


class _Line:
    """A port by the names that mpremote uses."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self.write = port.write

    def inWaiting(self) -> int:
        return self._port.in_waiting

    def read(self, size: int = 1) -> bytes:
        """Exactly so many bytes, unless the board falls silent."""
        data = b""
        until_s = time.monotonic() + READ_S
        while len(data) < size and (more := self._port.read(size - len(data)) or time.monotonic() < until_s):
            data += more if isinstance(more, bytes) else b""
        return data


@contextmanager
def _link_watched() -> Iterator[None]:
    """mpremote's and the port's errors as ours."""
    transport = require("mpremote.transport", "flash")
    try:
        yield
    except transport.TransportExecError as error:
        raise RigRefusedError(f"The board complains: {_last_line(error.error_output)}.", "board") from None
    except (transport.TransportError, OSError, IndexError) as error:
        raise LinkLostError(
            f"The board stopped answering ({_last_line(str(error)) or 'silence'}): "
            "check the cable and give the same command again."
        ) from None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
