"""The CPU: a MicroPython interpreter in a child process that asks for board calls over two pipes."""

from __future__ import annotations

import atexit
import fcntl
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
from functools import cache
from pathlib import Path

from retrorig.errors import InputError, MissingPackageError
from retrorig.extras import bringing
from retrorig.firmware_build import compiled
from retrorig.scratch import new_scratch_folder
from retrorig.virtual.ops import MPY_DIR

_REQUEST = struct.Struct("<11i")
_REPLY = struct.Struct("<8i")
Request = tuple[int, ...]


@cache
def _simulated_modules() -> str:
    """Folder with the start-up script and the simulated modules, compiled: that spares the firmware's heap."""
    folder = new_scratch_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in MPY_DIR.glob("*.py"):
        if path.name == "_boot.py":
            shutil.copy(path, folder)
        else:
            (folder / path.name).with_suffix(".mpy").write_bytes(compiled(path.name, path.read_bytes()))
    return str(folder)


def interpreter() -> str:
    """Path of the `micropython` command: RETRORIG_MICROPYTHON, beside this Python, or on the PATH."""
    named = os.environ.get("RETRORIG_MICROPYTHON")
    beside = Path(sys.executable).parent / "micropython"
    found = shutil.which(named or (str(beside) if beside.exists() else "micropython"))
    if found is None:
        if named:
            raise InputError(f"There is no MicroPython interpreter {named!r}: correct RETRORIG_MICROPYTHON.")
        raise MissingPackageError(
            f"The virtual rig needs the MicroPython interpreter: `{bringing('virtual')}` brings it "
            "(Linux x86-64 or macOS arm64)."
        )
    return found


class Cpu:
    """One run of the interpreter, from reset to reset.

    `stdout` bytes are collected in `text`; take them with `take_text()`. `flash` is the file of its flash's bytes.
    """

    def __init__(self, heap_kb: int, core: int | None, flash: int) -> None:
        request_r, request_w = os.pipe()
        reply_r, reply_w = os.pipe()
        # As a module, not a script: a script's folder lies in the heap, and with the length of its name all times move.
        command = [interpreter(), "-X", f"heapsize={heap_kb}k", "-i", "-m", "_boot"]
        self._process = subprocess.Popen(
            [
                *command,
                *(f"{fd:06}" for fd in (reply_r, request_w, flash)),
            ],  # of one length: they lie in the heap
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(reply_r, request_w, flash),
            bufsize=0,
            cwd=_simulated_modules(),  # so that tracebacks name the simulated modules without this computer's folders
            env={"TZ": "UTC0", "PATH": os.defpath},
            start_new_session=True,
        )
        os.close(reply_r)
        os.close(request_w)
        self._guard = _guard(self._process.pid)
        if core is not None:
            os.sched_setaffinity(self._process.pid, {core})
        self._request, self._reply = request_r, reply_w
        assert self._process.stdin and self._process.stdout
        self._stdin, self._stdout = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._poll = select.poll()
        # In this order: what was printed before a call is there when the system, having seen the call, looks for it.
        self._poll.register(self._request, select.POLLIN)
        self._poll.register(self._stdout, select.POLLIN)
        self._text = bytearray()
        self.pid = self._process.pid
        self.number = 0
        self.has_exited = False

    def fetch(self, wait_ms: int) -> Request | None:
        """The next board call, or None when none came within `wait_ms` of real time (or the CPU has exited).

        What was printed before a call is in `text` then.
        """
        ready = self._poll.poll(wait_ms)
        if not ready:
            return None
        if ready[-1][0] == self._stdout:
            self._drain()
        return self._take_request() if ready[0][0] == self._request else None

    def _take_request(self) -> Request | None:
        raw = os.read(self._request, _REQUEST.size)
        if not raw:
            self._drain_all()
            return None
        request = _REQUEST.unpack(raw)
        self.number = request[4]
        return request

    def has_output(self) -> bool:
        """Whether something waits to be fetched or drained."""
        return bool(self._poll.poll(0))

    def wait_ready(self, wait_ms: int) -> bool:
        """Wait, in real time, until something can be fetched or drained; whether there is."""
        return bool(self._poll.poll(wait_ms))

    def payload(self, n: int) -> bytes:
        """The bytes that follow a request."""
        data = os.read(self._request, n) if n else b""
        while len(data) < n:
            more = os.read(self._request, n - len(data))
            if not more:
                break
            data += more
        return data

    def answer(
        self,
        value: int,
        signal_id: int,
        ticks: int,
        foreseen: tuple[int, int, int, int],
        payload: bytes = b"",
    ) -> None:
        """Let the CPU go on; `ticks` is the clock as it will read it, `foreseen` the last words of a reply."""
        reply = _REPLY.pack(value, signal_id, self.number, ticks, *foreseen)
        try:
            os.write(self._reply, reply + payload)
        except BrokenPipeError:
            self._drain_all()

    def take_text(self) -> bytes:
        """What print() and tracebacks wrote since the last call."""
        text, self._text = bytes(self._text), bytearray()
        return text

    @property
    def has_text(self) -> bool:
        return bool(self._text)

    def type(self, data: bytes) -> None:
        """Characters for the interpreter's own prompt."""
        try:
            os.write(self._stdin, data)
        except BrokenPipeError:
            self._drain_all()

    def is_at_prompt(self) -> bool:
        """Whether it waits for a character: all typed ones are taken and the process sleeps."""
        left = fcntl.ioctl(self._stdin, termios.FIONREAD, b"\0\0\0\0")
        return left == b"\0\0\0\0" and _status(self.pid)[0][:1] in ("S", "I")

    def spent_s(self) -> float:
        """Processor time that it has used, seconds."""
        return _status(self.pid)[1]

    def interrupt(self) -> None:
        """Ctrl-C for code that makes no board calls."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Stop it at once, as a reset or power cut does."""
        for process in (self._guard, self._process):
            process.kill()
            process.wait()
        assert self._guard.stdin
        self._guard.stdin.close()
        for fd in (self._request, self._reply):
            os.close(fd)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def _drain(self) -> None:
        data = os.read(self._stdout, 65536)
        self._text += data
        if not data:
            self._poll.unregister(self._stdout)
            self.has_exited = True

    def _drain_all(self) -> None:
        while not self.has_exited:
            self._drain()


def _guard(pid: int) -> subprocess.Popen[bytes]:
    """A process that stops the interpreter when this one dies without doing so itself (kill -9)."""
    command = ["sh", "-c", 'read -r _; kill -9 "$0"', str(pid)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, start_new_session=True)


def _status(pid: int) -> tuple[str, float]:
    """State letter and processor seconds of a process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return fields[0], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except FileNotFoundError:  # no /proc (macOS)
        command = ["ps", "-o", "state=,cputime=", "-p", str(pid)]
        state, spent = subprocess.run(command, capture_output=True, text=True).stdout.split()
        minutes, _, seconds = spent.rpartition(":")
        return state, int(minutes.rpartition(":")[2] or 0) * 60 + float(seconds)
