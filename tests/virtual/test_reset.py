"""Resets of every kind, the prompt, Ctrl-C, and that the same seed gives the same rig."""

from __future__ import annotations

import pytest
from tests.walker_belt import WalkerBelt

from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

COUNTING = """
import machine, time
memory = machine.RTC().memory()
print('=', machine.reset_cause(), len(memory))
machine.RTC().memory(memory + b'x')
"""


def test_reset_causes_and_what_the_rtc_memory_survives(boot) -> None:
    booted = boot(COUNTING + "time.sleep_ms(100)\nif len(memory) == 0: machine.reset()\n")
    assert booted.values(1.5) == [2, 1]
    assert "POWERON_RESET" in booted.text
    assert "SW_CPU_RESET" in booted.text
    booted.rig.power_cut()
    booted.rig.power_on()
    booted.text = ""
    assert booted.values(0.35) == [1, 0]


def test_the_watchdog_bites_when_it_is_not_fed(boot) -> None:
    booted = boot(
        COUNTING + "dog = machine.WDT(timeout=1000)\n"
        "for _ in range(30):\n"
        "    time.sleep_ms(100)\n"
        "    dog.feed()\n"
        "print('fed')\n"
        "while True:\n"
        "    time.sleep_ms(100)\n"
    )
    booted.run(3.6)
    assert "fed" in booted.text
    assert booted.values(1.5)[0] == 3


def test_a_watchdog_given_a_long_time_leaves_the_prompt_in_peace(boot) -> None:
    booted = boot("import machine\nmachine.WDT(timeout=1000)\nmachine.WDT(timeout=3_600_000)\nprint('= 1')\n")
    booted.values(5)
    assert booted.text.count("rst:") == 1


@pytest.mark.parametrize("body", ["time.sleep_ms(5)", "pin.value()", "time.ticks_us()"])
def test_ctrl_c_in_the_main_loop_leads_to_the_prompt(boot, body: str) -> None:
    booted = boot(f"import time, machine\npin = machine.Pin(4)\nwhile True:\n    {body}\n")
    booted.run(0.1)
    booted.port.write(b"\x03")
    assert "KeyboardInterrupt" in booted.run(0.2)
    assert booted.text.endswith(">>> ")


def test_ctrl_c_reaches_code_that_calls_nothing(boot) -> None:
    booted = boot("while True:\n    pass\n")
    booted.run(0.4)
    booted.port.write(b"\x03")
    assert "KeyboardInterrupt" in booted.run(0.6)


def test_input_reads_the_line(boot) -> None:
    booted = boot("print('=', len(input('name: ')))\n")
    assert booted.run(0.3).endswith("name: ")
    booted.port.write(b"Ada\r")
    assert booted.values(0.5) == [3]


def test_ctrl_c_in_a_callback_is_swallowed(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "def busy(timer):\n"
        "    t = time.ticks_ms()\n"
        "    while time.ticks_diff(time.ticks_ms(), t) < 300:\n"
        "        pass\n"
        "timer = machine.Timer(0, mode=machine.Timer.ONE_SHOT, period=100, callback=busy)\n"
        "time.sleep_ms(1000)\n"
        "print('= 1')\n"
    )
    booted.run(0.25)
    booted.port.write(b"\x03")
    assert booted.values(1.5) == [1]
    assert "KeyboardInterrupt" in booted.text


def test_no_ctrl_c_is_lost_on_the_way_out_of_a_callback_that_calls_nothing(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "n = ticks = 0\n"
        "def tick(timer):\n"
        "    global ticks\n"
        "    ticks += 1\n"
        "timer = machine.Timer(0, period=1, callback=tick)\n"
        "while n < 60:\n"
        "    try:\n"
        "        time.sleep_ms(50)\n"
        "    except KeyboardInterrupt:\n"
        "        n += 1\n"
        "print('=', n)\n"
    )
    booted.run(0.25)
    for _ in range(60):
        booted.port.write(b"\x03")
        booted.run(0.0037)
    assert booted.values(0.1) == [60]


def test_ctrl_c_can_be_switched_off(boot) -> None:
    booted = boot("import micropython, time\nmicropython.kbd_intr(-1)\ntime.sleep(1)\nprint('= 1')\n")
    booted.run(0.5)
    booted.port.write(b"\x03")
    assert booted.values(1.2) == [1]


def test_a_traceback_of_main_leads_to_the_prompt(boot) -> None:
    booted = boot("def f():\n    raise OSError(5)\nf()\n")
    text = booted.run(0.5)
    assert 'File "main.py", line 2, in f\r\nOSError' in text
    assert text.endswith(">>> ")


def test_ctrl_d_at_the_prompt_is_a_soft_reset(boot) -> None:
    booted = boot(COUNTING)
    booted.values(0.5)
    booted.port.write(b"\x04")
    booted.text = ""
    assert booted.values(0.6)[0] == 5
    assert "MPY: soft reboot\r\n" in booted.text


def test_a_soft_reset_from_the_raw_prompt_skips_main_and_stays_raw(boot) -> None:
    booted = boot("print('main ran')\n")
    assert "main ran" in booted.run(0.5)
    booted.port.write(b"\x03\x01")
    booted.run(0.2)
    booted.text = ""
    booted.port.write(b"\x04")
    text = booted.run(0.6)
    assert "main ran" not in text
    assert text.endswith("raw REPL; CTRL-B to exit\r\n>")
    booted.port.write(b"print(6*7)\x04")
    assert "OK42\r\n\x04\x04>" in booted.run(0.2)


def test_boot_py_runs_first_and_a_missing_main_is_no_error() -> None:
    with VirtualRig(StillBelt(), files={"boot.py": b"print('boot ran')\n"}) as rig:
        rig.power_on()
        rig.run_for(500_000)
        text = rig.board.uart.host_read(9999)
    assert b"boot ran\r\n" in text
    assert b"Traceback" not in text
    assert text.endswith(b">>> ")


def test_a_file_that_main_misses_is_an_error(boot) -> None:
    assert "OSError" in boot("open('nothing')\n").run(0.5)


WORK = """
import esp32, machine, time
from array import array
pin = machine.Pin(26, machine.Pin.IN)
stamps = array('i', [0] * 400)
n = 0
def ready(which):
    global n
    if n < 400:
        stamps[n] = time.ticks_us()
        n += 1
pin.irq(ready, machine.Pin.IRQ_FALLING)
part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='setlog')[0]
for block in range(20):
    part.ioctl(6, block)
    time.sleep_ms(50)
print(machine.unique_id(), n, stamps)
"""


def _fingerprint(seed: int, identity: bytes = b"") -> tuple[bytes, int]:
    rig = VirtualRig(WalkerBelt(), files={"main.py": WORK.encode()}, seed=seed, identity=identity)
    with rig:
        rig.power_on()
        rig.start_belt()
        rig.run_for(3_000_000)
        return rig.board.uart.host_read(1 << 20), rig.calls_n


def test_the_same_seed_gives_the_same_bytes_and_times() -> None:
    text, calls = _fingerprint(seed=5)
    assert b"array(" in text
    assert _fingerprint(seed=5) == (text, calls)
    assert _fingerprint(seed=6)[0] != text


def test_identity_changes_who_the_rig_is_but_not_what_it_does() -> None:
    a, b = _fingerprint(5, b"one")[0], _fingerprint(5, b"two")[0]
    assert a != b
    assert a.split(b"', ")[-1] == b.split(b"', ")[-1]


def test_what_the_firmware_is_told_of_its_calibration() -> None:
    settings = RigSettings(circumference_mm=251.0, counts_per_n=-2000.0)
    main = (
        b"import json\nc = json.load(open('calibration.json'))\n"
        b"print('=', c['circumference_um'], c['scale_nn'], len(c['id']))\n"
    )
    with VirtualRig(StillBelt(), settings, files={"main.py": main}) as rig:
        rig.power_on()
        rig.run_for(400_000)
        assert b"= 251000 -500000 8\r\n" in rig.board.uart.host_read(9999)
