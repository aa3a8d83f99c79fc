"""Pulling sets against what the line can carry and against mpremote's copy, in the same virtual time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from mpremote.transport_serial import SerialTransport
from tests.bench.rows import Row, compare
from tests.faults.filled_log import SAMPLES_N, SETS_N, fill_log

from retrorig.firmware_build import sources
from retrorig.library import Library
from retrorig.link.client import RigClient
from retrorig.link.pull import greet, pull
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.parts import uart
from retrorig.virtual.port import RigPort
from retrorig.virtual.rig import VirtualRig

LINE_BYTES_PER_S = 11_520
LINE_GOAL = 0.95
LOG_GOAL, CSV_GOAL = 3.0, 12.0
FAST_BAUD = 921_600  # what MicroPython and every usual USB bridge can do
CSV_ROW = "1023456789,-123456,8123456\n"  # as long as the average row
COPIED_BYTES = 12_000  # with mpremote; its time grows evenly with the size


class _MpremotePort(RigPort):
    """Under the name that mpremote uses."""

    def inWaiting(self) -> int:
        return self.in_waiting


class _Pulled(NamedTuple):
    """Bytes of the sets; seconds from asking for the list to the last confirmation, and to the whole command's end."""

    sets_bytes: int
    confirmed_s: float
    whole_s: float


def rows() -> list[Row]:
    with VirtualRig(StillBelt(), seed=4) as rig:
        log_bytes, pull_s, whole_s = _filled_and_pulled(rig)
        copy_s_a_byte, csv_s_a_byte = _copy(rig)
    fast_s = _pull_at(FAST_BAUD)
    csv_bytes = SETS_N * SAMPLES_N * len(CSV_ROW)
    speed = log_bytes / pull_s
    return [
        compare("pull, line's capacity over its use", LINE_BYTES_PER_S, "bytes/s", "sets' bytes a second", speed,
                1 / LINE_GOAL),
        compare("pull and what the rig tells of itself, time", whole_s, "s", "pull", pull_s, None),
        compare("pull, time", pull_s, "s", "mpremote cp of the log", copy_s_a_byte * log_bytes, 1 / LOG_GOAL),
        compare("pull, time", pull_s, "s", "mpremote cp of a CSV", csv_s_a_byte * csv_bytes, 1 / CSV_GOAL),
        compare(f"pull at {FAST_BAUD} baud (not offered), time", fast_s, "s", "pull at 115200 baud", pull_s, None),
    ]  # fmt: skip


def _filled_and_pulled(rig: VirtualRig) -> _Pulled:
    """A pull of all that `fill_log` puts into the log."""
    rig.power_on()
    rig.run_for(3_500_000)
    rig.power_cut()
    fill_log(rig.board.flash.image.data)
    rig.power_on()
    rig.run_for(3_500_000)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder), create=True) as library:
        return _pull(rig, library)


def _pull_at(baud: int) -> float:
    """The same pull on a line so fast, by firmware that counts on it: up to 128 bytes a pass of the main loop."""
    files = sources()
    rate = b"BYTES_PER_10MS = 115 "
    assert rate in files["drivers/hostlink.py"]
    files["drivers/hostlink.py"] = files["drivers/hostlink.py"].replace(
        rate, b"BYTES_PER_10MS = %d " % (baud // 1000)
    )
    with (
        mock.patch.object(uart, "BYTE_NS", 10**10 // baud),
        VirtualRig(StillBelt(), seed=4, files=files) as rig,
    ):
        return _filled_and_pulled(rig).confirmed_s


def _pull(rig: VirtualRig, library: Library) -> _Pulled:
    client = RigClient(rig.open_port())
    hello = greet(client, library)
    before_us, confirmed_us = rig.now_us, 0
    confirm = client.confirm

    def timed(*which: int) -> object:
        nonlocal confirmed_us
        answer, confirmed_us = confirm(*which), rig.now_us
        return answer

    with mock.patch.object(client, "confirm", timed):
        result = pull(client, library, hello)
    assert len(result.new) == SETS_N, result
    sets_bytes = sum(len(library.blob(name)) for name in result.new)
    return _Pulled(sets_bytes, (confirmed_us - before_us) / 1e6, (rig.now_us - before_us) / 1e6)


def _copy(rig: VirtualRig) -> tuple[float, float]:
    """Seconds a byte of a copy of binary data, and of CSV, by mpremote's own code on a host that never waits."""
    transport = SerialTransport.__new__(SerialTransport)
    transport.serial = _MpremotePort(rig.board, rig.run_until_ns)
    transport.serial.timeout = 1
    transport.in_raw_repl, transport.use_raw_paste, transport.mounted = False, True, False
    transport.is_pty, transport.device_name = False, "virtual"
    transport.enter_raw_repl(soft_reset=False)
    transport.exec(
        f"import esp32\np=esp32.Partition.find(1,label='setlog')[0]\nb=bytearray({COPIED_BYTES})\n"
        "p.readblocks(0,b,0)\nf=open('/log.bin','wb')\nf.write(b)\nf.close()\ndel b\n"
        f"f=open('/log.csv','wb')\nfor i in range({COPIED_BYTES // len(CSV_ROW)}): f.write({CSV_ROW!r})\nf.close()\n"
    )
    found = []
    for name in ("/log.bin", "/log.csv"):
        before_us = rig.now_us
        data = transport.fs_readfile(name)
        found.append((rig.now_us - before_us) / 1e6 / len(data))
    return found[0], found[1]
