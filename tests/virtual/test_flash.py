"""The flash: NOR rules, stalls, torn operations, the file that is written through, LittleFS on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from random import Random

import pytest

from retrorig.errors import InputError
from retrorig.scratch import clear_left_over
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.clock import Clock
from retrorig.virtual.costs import MS
from retrorig.virtual.interrupts import Interrupts
from retrorig.virtual.parts.flash import SECTOR, Flash, FlashImage, PowerCut, partition_table
from retrorig.virtual.parts.nvs import Nvs
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

MB = 1 << 20
SETLOG = partition_table(4, True)[-1]


@pytest.fixture
def flash(clock: Clock, interrupts: Interrupts) -> Flash:
    image = FlashImage(MB)
    image.deliver()
    return Flash(image, clock, interrupts, Random(1))


def test_programming_only_clears_bits_and_erasing_sets_them(flash: Flash) -> None:
    flash.program(100, b"\xf0\x0f")
    flash.program(100, b"\x3c\xff")
    assert flash.read(100, 2) == b"\x30\x0f"
    flash.erase(0, SECTOR)
    assert flash.read(100, 2) == b"\xff\xff"


def test_stalls_take_the_chips_time(flash: Flash, clock: Clock) -> None:
    flash.program(0, bytes(256))
    assert 0.4 * MS <= clock.now_ns <= 1 * MS
    took = []
    for _ in range(50):
        before = clock.now_ns
        flash.erase(0, SECTOR)
        took.append(clock.now_ns - before)
    assert min(took) >= 30 * MS
    assert max(took) <= 80 * MS
    assert len(set(took)) > 40, "no two alike"


def test_during_a_stall_interrupts_are_latched_once_for_each_source(
    flash: Flash, clock: Clock, interrupts: Interrupts
) -> None:
    for i in range(1, 20):
        clock.after(i * MS, lambda: interrupts.post(7))
        clock.after(i * MS, lambda: interrupts.post(8))
    flash.erase(0, SECTOR)
    assert interrupts.next_signal() == 7
    interrupts.done()
    assert interrupts.next_signal() == 8
    interrupts.done()
    assert interrupts.next_signal() == 0


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.99])
def test_a_cut_in_a_program_leaves_a_prefix_and_never_sets_bits(flash: Flash, fraction: float) -> None:
    old, new = bytes(7 * n % 256 for n in range(256)), bytes([0x0F] * 256)
    both = bytes(a & b for a, b in zip(old, new, strict=True))
    flash.program(0, old)
    flash.cut_after(0, fraction)
    with pytest.raises(PowerCut):
        flash.program(0, new)
    found = flash.image.data[:256]
    done = int(256 * fraction)
    assert found[:done] == both[:done]
    assert all(a & ~b == 0 for a, b in zip(found, old, strict=True)), "a bit came back"
    assert all(a & b == b for a, b in zip(found, both, strict=True)), (
        "a bit was cleared that neither old nor new clears"
    )
    assert found[done + 16 :] == old[done + 16 :]


def test_a_cut_in_an_erase_leaves_garbage(flash: Flash) -> None:
    flash.program(0, bytes(SECTOR))
    flash.cut_after(0, 0.5)
    with pytest.raises(PowerCut):
        flash.erase(0, SECTOR)
    found = bytes(flash.image.data[:SECTOR])
    assert found not in (bytes(SECTOR), b"\xff" * SECTOR)
    flash.erase(0, SECTOR)
    assert flash.read(0, SECTOR) == b"\xff" * SECTOR


def test_the_cut_comes_in_the_operation_that_was_named(flash: Flash) -> None:
    flash.cut_after(2, 0.0)
    flash.program(0, b"a")
    flash.program(256, b"b")
    with pytest.raises(PowerCut):
        flash.program(512, b"c")
    assert bytes(flash.image.data[:1]) + bytes(flash.image.data[256:257]) == b"ab"
    flash.program(768, b"d")  # and only there


@pytest.mark.parametrize("setlog", [True, False])
def test_the_partition_table_fills_the_flash_without_overlap(setlog: bool) -> None:
    table = partition_table(4, setlog)
    for a, b in zip(table, table[1:], strict=False):
        assert a.address + a.size == b.address
    assert table[-1].address + table[-1].size == 4 * MB
    assert ("setlog" in [entry.label for entry in table]) == setlog


def test_nvs_keeps_what_was_committed_and_nothing_else(flash: Flash) -> None:
    store = Nvs(flash, 0x9000, 0x6000)
    store.set(b"i/rig/boot", b"\x07\0\0\0")
    store.commit()
    store.set(b"i/rig/boot", b"\x08\0\0\0")
    assert Nvs(flash, 0x9000, 0x6000).get(b"i/rig/boot") == b"\x07\0\0\0"


@pytest.mark.parametrize("operations", range(4))
def test_a_cut_nvs_commit_is_there_completely_or_not_at_all(flash: Flash, operations: int) -> None:
    store = Nvs(flash, 0x9000, 0x6000)
    store.set(b"x", bytes(range(256)) * 2)
    store.commit()
    store.set(b"x", b"new" * 200)
    flash.cut_after(operations, 0.5)
    with pytest.raises(PowerCut):
        store.commit()
    assert Nvs(flash, 0x9000, 0x6000).get(b"x") == bytes(range(256)) * 2


def test_a_rig_killed_in_the_factory_is_made_anew(tmp_path) -> None:
    path = tmp_path / "flash"
    half_made = FlashImage(MB, path)
    half_made.write(0, b"half a file system")
    half_made.close()
    again = FlashImage(MB, path)
    assert again.is_new
    again.write(0, b"a whole one")
    again.deliver()
    again.close()
    assert not FlashImage(MB, path).is_new
    assert path.read_bytes()[:11] == b"a whole one"


def test_the_file_is_refused_when_it_is_no_flash(tmp_path) -> None:
    (tmp_path / "short").write_bytes(b"hello")
    with pytest.raises(InputError, match="not 4 MB"):
        FlashImage(4 * MB, tmp_path / "short")
    with pytest.raises(InputError, match="can't be used"):
        FlashImage(4 * MB, tmp_path)


RAW = """
import esp32
part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='setlog')[0]
old = bytearray(4)
part.readblocks(3, old, 100)
print('=', len(old), old[0], part.ioctl(4), part.ioctl(5))
part.ioctl(6, 3)
part.writeblocks(3, b'abcd', 100)
"""


def test_the_firmware_reaches_the_raw_partition_and_finds_it_again(boot, tmp_path) -> None:
    path = tmp_path / "flash"
    booted = boot(RAW, flash=path)
    assert booted.values() == [4, 255, SETLOG.size // SECTOR, SECTOR]
    booted.rig.power_cut()
    assert path.stat().st_size == 4 * MB
    assert path.read_bytes()[SETLOG.address + 3 * SECTOR + 100 :][:4] == b"abcd"
    again = boot("", flash=path)  # main.py too is still the old one
    assert again.values() == [4, ord("a"), SETLOG.size // SECTOR, SECTOR]


def test_a_partition_is_not_left_by_its_calls(boot) -> None:
    booted = boot(
        "import esp32\n"
        "part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='nvs')[0]\n"
        "try:\n"
        "    part.readblocks(6, bytearray(1))\n"
        "except OSError:\n"
        "    print('= 1')\n"
    )
    assert booted.values() == [1]


def test_a_board_without_the_log_partition_says_so(boot) -> None:
    booted = boot(
        "import esp32, os\n"
        "print('=', len(esp32.Partition.find(esp32.Partition.TYPE_DATA, label='setlog')), os.statvfs('/')[2])\n",
        settings=RigSettings(setlog=False),
    )
    assert booted.values() == [0, 512]


def test_an_erase_by_the_firmware_collapses_the_timer_into_one_callback(boot) -> None:
    booted = boot(
        "import esp32, machine, time\n"
        "part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='setlog')[0]\n"
        "seen = []\n"
        "timer = machine.Timer(0, period=1, callback=lambda t: seen.append(1))\n"
        "t = time.ticks_us()\n"
        "part.ioctl(6, 0)\n"
        "took = time.ticks_diff(time.ticks_us(), t)\n"
        "timer.deinit()\n"
        "time.sleep_ms(2)\n"
        "print('=', len(seen), took)\n"
    )
    seen, took_us = booted.values()
    assert seen <= 2
    assert 30_000 <= took_us <= 82_000
    assert booted.rig.dropped_callbacks == 0


FILE_WRITER = """
import os
n = 0
while True:
    with open('new.txt', 'w') as file:
        file.write('generation %d %s' % (n, 'x' * 300))
    os.rename('new.txt', 'state.txt')
    n += 1
"""


@pytest.mark.parametrize("operations", [1, 4, 9, 17, 30])
def test_littlefs_survives_a_cut_in_any_operation(boot, operations: int) -> None:
    booted = boot("import time\ntime.sleep(1)\n" + FILE_WRITER)
    booted.run(0.5)
    booted.rig.flash.cut_after(operations, 0.5)
    assert booted.rig.run_until(lambda: not booted.rig.is_powered, 60_000_000)
    image = booted.rig.board.flash.image
    booted.rig.close()
    checker = VirtualRig(StillBelt(), files={"main.py": b""})
    checker.board.flash.image.data[:] = image.data
    checker.board.flash.image.is_new = False
    with checker:
        checker.power_on()
        checker.run_for(200_000)
        port = checker.open_port()
        port.timeout = 0.3
        port.write(b"\x03")
        checker.run_for(50_000)
        port.write(b"import os; whole = lambda: open('state.txt').read()[-300:] == 'x' * 300\r")
        port.write(b"print('state.txt' not in os.listdir() or whole())\r")
        assert b"\r\nTrue" in port.read(4000)


KILLED = """
import sys
import time
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
main = b'''
import esp32
part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="setlog")[0]
for n in range(1, 200):
    part.writeblocks(0, bytes([n]), n)
    print("wrote", n)
'''
rig = VirtualRig(StillBelt(), files={"main.py": main}, flash=sys.argv[1])
rig.power_on()
print(rig.interpreter_pid)
while True:
    rig.run_for(5_000)
    print(rig.board.uart.host_read(9999).decode(), flush=True)
"""


def wait_gone(pid: int) -> None:
    """The interpreter must not outlive the rig; being told takes it a moment."""
    deadline = time.monotonic() + 20
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{pid}/stat") as file:
            if file.read().rsplit(")", 1)[1].split()[0] == "Z":  # gone, and nobody here to bury it
                return
        assert time.monotonic() < deadline, "the interpreter runs on"


def test_kill_9_is_a_power_cut_that_keeps_what_was_programmed(tmp_path, monkeypatch) -> None:
    path, temp = tmp_path / "flash", tmp_path / "temp"
    temp.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temp)},
    )
    assert child.stdout
    interpreter = int(child.stdout.readline())
    for line in child.stdout:
        if line.startswith("wrote 50"):
            os.kill(child.pid, signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    wait_gone(interpreter)
    assert path.read_bytes()[SETLOG.address + 1 :][:50] == bytes(range(1, 51))
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    (mine := temp / f"retrorig-{os.getpid()}-x").mkdir()
    assert len(list(temp.iterdir())) == 2
    clear_left_over()  # as the next start does
    assert list(temp.iterdir()) == [mine]
