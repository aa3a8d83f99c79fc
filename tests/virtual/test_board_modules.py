"""`machine`, `esp32`, `time` as the firmware finds them: same errors, clock that wraps, no allocation."""

from __future__ import annotations

import pytest
from tests.stretches import Stretches

from retrorig.firmware_build import sources
from retrorig.virtual import costs
from retrorig.virtual.machine import Machine
from retrorig.virtual.parts.uart import BYTE_NS

REFUSED = [
    ("TypeError", "machine.Pin(4).irq(print, hard=True)"),
    ("TypeError", "machine.Timer(0, period=1, callback=print, hard=True)"),
    ("TypeError", "machine.Timer(0).init(period=1, callback=print, hard=False)"),
    ("ValueError", "machine.Timer(4)"),
    ("ValueError", "machine.Timer(-1)"),
    ("ValueError", "machine.Pin(40)"),
    ("ValueError", "machine.Pin(24)"),
    ("ValueError", "machine.Pin(28)"),
    ("ValueError", "machine.Pin(31)"),
    ("ValueError", "machine.SPI(3)"),
    ("ValueError", "esp32.PCNT(8)"),
    ("ValueError", "esp32.PCNT(0, channel=2)"),
    ("ValueError", "esp32.PCNT(0, filter=1024)"),
    ("ValueError", "machine.RTC().memory(bytes(2049))"),
    ("OSError", "machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21)).writeto(0x3D, b'x')"),
    ("OSError", "esp32.NVS('rig').get_i32('nothing')"),
    ("AttributeError", "machine.Encoder"),
]


@pytest.mark.parametrize(("error", "call"), REFUSED)
def test_refuses_what_the_chip_refuses(boot, error: str, call: str) -> None:
    booted = boot(f"import machine, esp32\ntry:\n    {call}\nexcept {error}:\n    print('= 1')\n")
    assert booted.values(0.6) == [1]


_LOG = "esp32.Partition.find(esp32.Partition.TYPE_DATA, label='setlog')[0]"

NUMBERED = [
    (-4354, "esp32.NVS('rig').erase_key('nothing')"),
    (-4361, "esp32.NVS('rig').set_i32('sixteen_letters_', 1)"),
    (-258, f"{_LOG}.readblocks(100_000, bytearray(4096))"),
    (-260, f"{_LOG}.readblocks({_LOG}.ioctl(4, 0) - 1, bytearray(8192))"),
    (-260, f"{_LOG}.writeblocks(0, bytes(100))"),
]


@pytest.mark.parametrize(("number", "call"), NUMBERED)
def test_says_why_by_the_number_that_the_chip_gives(boot, number: int, call: str) -> None:
    booted = boot(f"import esp32\ntry:\n    {call}\nexcept OSError as error:\n    print('=', error.errno)\n")
    assert booted.values(0.6) == [number]


def test_accepts_what_the_chip_accepts(boot) -> None:
    booted = boot(
        "import esp32, machine\n"
        "machine.Timer(0).init(period=0, mode=machine.Timer.ONE_SHOT, callback=lambda timer: None)\n"
        f"print('=', int({_LOG}.ioctl(7, 0) is None))\n"
    )
    assert booted.values(0.6) == [1]


def test_pins_are_one_object_each(boot) -> None:
    booted = boot("from machine import Pin\nprint('=', int(Pin(4) is Pin(4)), int(Pin(4) is Pin(5)))\n")
    assert booted.values(0.6) == [1, 0]


def test_ticks_wrap_at_2_to_the_30_soon_after_boot(boot) -> None:
    booted = boot(
        "import time\n"
        "start = last = time.ticks_us()\n"
        "wraps = 0\n"
        "while time.ticks_diff(time.ticks_us(), start) < 40_000_000:\n"
        "    time.sleep_ms(50)\n"
        "    t = time.ticks_us()\n"
        "    wraps += t < last\n"
        "    last = t\n"
        "print('=', start, wraps, last, max([time.ticks_us() for _ in range(40)]))\n"
    )
    start, wraps, last, highest = booted.values(41)
    assert (1 << 30) - 23_000_000 < start < 1 << 30
    assert wraps == 1
    assert 15_000_000 < last <= highest < 26_000_000


def test_reading_the_clock_takes_its_time_and_never_goes_back(boot) -> None:
    booted = boot(
        "import time\n"
        "t0 = last = time.ticks_us()\n"
        "back = 0\n"
        "for _ in range(1000):\n"
        "    t = time.ticks_us()\n"
        "    back += time.ticks_diff(t, last) < 0\n"
        "    last = t\n"
        "print('=', back, time.ticks_diff(last, t0))\n"
    )
    back, took_us = booted.values(0.6)
    assert back == 0
    assert took_us == pytest.approx(1100, rel=0.02)  # 1.1 us a reading


def test_reading_a_button_and_looking_at_the_line_take_their_time(boot) -> None:
    booted = boot(
        "import machine, select, sys, time\n"
        "pin = machine.Pin(18, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "poll = select.poll()\n"
        "poll.register(sys.stdin, select.POLLIN)\n"
        "t0 = time.ticks_us()\n"
        "for _ in range(1000): pin.value()\n"
        "t1 = time.ticks_us()\n"
        "for _ in range(1000): poll.poll(0)\n"
        "t2 = time.ticks_us()\n"
        "print('=', time.ticks_diff(t1, t0), time.ticks_diff(t2, t1))\n"
    )
    assert booted.rig.board.pins.PIN_BTN_START == 18
    pins_us, looks_us = booted.values()
    assert pins_us == pytest.approx(1000 * costs.PIN / costs.US, abs=costs.TICKS / costs.US + 1)
    assert looks_us == pytest.approx(1000 * costs.POLL / costs.US, abs=costs.TICKS / costs.US + 1)


@pytest.mark.parametrize("ms", [3, 3.0317, 20])
def test_who_looks_all_the_time_sees_a_press_and_a_byte_when_they_come(boot, ms: float) -> None:
    """What the interpreter answers itself, it answers only while nothing happens."""
    booted = boot(
        "import machine, select, sys, time\n"
        "pin = machine.Pin(18, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "poll = select.poll()\n"
        "poll.register(sys.stdin, select.POLLIN)\n"
        "while pin.value(): pass\n"
        "t0 = time.ticks_us()\n"
        "while not poll.poll(0): pass\n"
        "print('=', t0, time.ticks_us())\n"
    )
    rig = booted.rig
    rig.run_for(600_000 + int(ms * 1000))
    rig.buttons["start"].hold()
    pressed_us = rig.board.uptime_us
    rig.run_for(10_000 + int(ms * 1000))
    booted.port.write(b"x")
    sent_us = rig.board.uptime_us
    seen_us, read_us = booted.values(0.1)
    look_us = (costs.PIN + costs.POLL + 2 * costs.TICKS) // costs.US
    assert 0 <= seen_us - pressed_us <= look_us
    assert 0 <= read_us - sent_us - BYTE_NS // costs.US <= look_us


def test_a_press_in_a_sleep_is_seen_after_it(boot) -> None:
    booted = boot(
        "import machine, time\n"
        "pin = machine.Pin(18, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "while pin.value():\n    time.sleep_ms(5)\n"
        "t1 = time.ticks_us()\n"
        "while not pin.value():\n    time.sleep_ms(5)\n"
        "print('=', t1, time.ticks_us())\n"
    )
    booted.rig.run_for(600_000)
    pressed_us = booted.rig.board.uptime_us
    booted.rig.buttons["start"].press(100)
    seen_us, let_go_us = booted.values(0.3)
    assert 0 <= seen_us - pressed_us < 10_000
    assert 0 <= let_go_us - pressed_us - 100_000 < 10_000


def test_a_busy_wait_on_the_clock_ends_and_serves_callbacks(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "seen = []\n"
        "timer = machine.Timer(0, period=1, callback=seen.append)\n"
        "t0 = time.ticks_us()\n"
        "while time.ticks_diff(time.ticks_us(), t0) < 50_000:\n"
        "    pass\n"
        "print('=', len(seen))\n"
    )
    assert 47 <= booted.values(0.6)[0] <= 51


def test_who_paints_without_a_pause_pays_for_passes_and_samples_strip_by_strip(boot) -> None:
    """Else the first sleep after seconds of painting would last for seconds."""
    booted = boot(
        "import machine, time\n"
        "def write_us():\n"
        "    t = time.ticks_us()\n"
        "    spi.write(strip)\n"
        "    return time.ticks_diff(time.ticks_us(), t)\n"
        "sck, mosi, miso = machine.Pin(18), machine.Pin(23), machine.Pin(19)\n"
        "spi, strip = machine.SPI(1, 20_000_000, sck=sck, mosi=mosi, miso=miso), bytes(1000)\n"
        "timer = machine.Timer(0)\n"
        "timer.init(period=10, callback=lambda t: None)\n"
        "time.sleep_ms(5)\n"
        "t0 = time.ticks_us()\n"
        "while time.ticks_diff(time.ticks_us(), t0) < 50_000:\n"
        "    pass\n"
        "timer.deinit()\n"
        "print('=', write_us(), write_us())\n"
    )
    first_us, second_us = booted.values(0.6)
    assert 4 * costs.SAMPLE <= (first_us - second_us) * costs.US <= 6 * costs.SAMPLE
    way_to_panel_us = 1_000
    assert costs.PASS <= second_us * costs.US <= costs.PASS + way_to_panel_us * costs.US


@pytest.mark.parametrize("ms", [1, 7, 100, 1234])
def test_sleep_is_exact_to_the_call(boot, ms: int) -> None:
    booted = boot(
        f"import time\nt = time.ticks_us()\ntime.sleep_ms({ms})\nprint('=', time.ticks_diff(time.ticks_us(), t))\n"
    )
    late_us = (
        costs.PASS + costs.SLEEP_CALL
    ) // costs.US  # what a pass of the main loop takes is charged with it
    assert 0 <= booted.values(2)[0] - ms * 1000 <= late_us + 10


def test_a_long_sleep_goes_beyond_the_half_range_of_ticks(boot) -> None:
    booted = boot("import time\ntime.sleep(700)\nprint('= 1')\n")
    booted.run(699)
    assert "=" not in booted.text
    assert booted.values(3) == [1]


SAMPLING = """
import time, machine, esp32, micropython
from array import array
pin = machine.Pin(26, machine.Pin.IN)
count = esp32.PCNT(0, min=-32000, max=32000)
spi = machine.SPI(1, baudrate=1_000_000, sck=machine.Pin(27), mosi=machine.Pin(25), miso=machine.Pin(26))
out, into = bytes(7), bytearray(7)
ticks_us, ticks_diff = time.ticks_us, time.ticks_diff
times = array('i', [0] * 4)
done = 0

def sample(which):
    global done
    pin.irq(handler=None)
    state = machine.disable_irq()
    times[0] = ticks_us()
    times[1] = count.value()
    times[2] = pin.value()
    times[3] = ticks_diff(ticks_us(), times[0])
    machine.enable_irq(state)
    spi.write_readinto(out, into)
    pin.irq(sample, 2)
    done += 1

timer = machine.Timer(0, period=10, callback=sample)
n = 0
micropython.heap_lock()
while n < 200_000 and done < 20:
    ticks_us()
    n += 1
micropython.heap_unlock()
print('=', done)
"""


def test_the_sampling_path_allocates_nothing(boot) -> None:
    booted = boot(SAMPLING)
    assert booted.values(2)[0] >= 20, booted.text
    assert "MemoryError" not in booted.text


def test_the_fakes_are_small_and_say_how_small(boot) -> None:
    booted = boot("import gc\ngc.collect()\nprint('=', gc.mem_alloc())\n")
    used = booted.values(0.6)[0]
    assert 5_000 < booted.rig.fake_heap_bytes < 34_000
    assert used - booted.rig.fake_heap_bytes < 12_000, "what is left is the file system and the interpreter"


def test_free_heap_is_told_as_the_chip_would(boot) -> None:
    booted = boot("import gc\ngc.collect()\nprint('=', gc.mem_free())\n")
    assert 150_000 < booted.values(0.6)[0] < 164_500


TIMED = """
import gc, time
kept = bytearray({kept})
gc.collect()
t = time.ticks_us()
{call}
print('=', time.ticks_diff(time.ticks_us(), t))
"""


@pytest.mark.parametrize(("kept", "least_us", "most_us"), [(10, 400, 900), (160_000, 8_500, 11_000)])
def test_a_collection_takes_time_by_the_heap_in_use(boot, kept: int, least_us: int, most_us: int) -> None:
    """On the chip 0.4-0.8 ms with an empty heap, 10.2-10.5 ms with the 121 KB of the firmware."""
    booted = boot(TIMED.format(kept=kept, call="gc.collect()"))
    assert least_us <= booted.values(0.8)[0] <= most_us


def test_looking_at_the_heap_takes_three_milliseconds(boot) -> None:
    assert boot(TIMED.format(kept=10, call="gc.mem_free()")).values(0.6)[0] == pytest.approx(2900, abs=30)


JSON_TIMED = """
import io, json, machine, time
class Bytes(io.IOBase):
    at = 0
    def readinto(self, into):
        if self.at == len(text): return 0
        into[0] = text[self.at]
        self.at += 1
        return 1
paces = [0]
def pace(timer): paces[0] += 1
text = b"[" + b",".join([b'{"kind": "work"}'] * 200) + b"]"
machine.Timer(1).init(period=5, mode=machine.Timer.PERIODIC, callback=pace)
time.sleep_ms(20)
t0, n0 = time.ticks_us(), paces[0]
json.loads(text)
t1, n1 = time.ticks_us(), paces[0]
json.load(Bytes())
t2, n2 = time.ticks_us(), paces[0]
print('=', len(text), time.ticks_diff(t1, t0), time.ticks_diff(t2, t1), n1 - n0, n2 - n1)
"""


def test_json_takes_time_by_its_length_and_lets_callbacks_run_only_where_bytecode_hands_it_over(
    boot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretches = Stretches()
    monkeypatch.setattr(Machine, "serve", stretches.patched())
    length, whole_us, paced_us, in_whole_n, in_paced_n = boot(JSON_TIMED).values(1)
    assert whole_us == pytest.approx(length * costs.JSON_BYTE / 1000, rel=0.02)
    assert paced_us == pytest.approx(length * costs.JSON_PACED_BYTE / 1000, rel=0.05), "with callbacks"
    assert in_whole_n == 0 and in_paced_n >= paced_us // 5000 - 1
    held_ms = [long_ms for long_ms, _ in stretches.found]
    assert held_ms == [pytest.approx(whole_us / 1000, rel=0.03)], "between two looks at the clock"


def test_collections_that_a_threshold_starts_take_their_time(boot) -> None:
    churn = "gc.threshold({threshold})\n    for _ in range(200): bytearray(1000); time.sleep_us(10)"
    took_us = [
        boot(TIMED.format(kept=60_000, call=f"if 1:\n    {churn.format(threshold=n)}")).values(3)[0]
        for n in (-1, 20_000)
    ]
    assert took_us[1] - took_us[0] > 5 * 3_000, "200 KB taken: seven collections of some 4 ms"


def test_importing_takes_time_by_the_size_of_the_module(boot) -> None:
    """Firmware modules on the chip: 1.18 s for 57.6 KB, 17-115 ms for one."""
    booted = boot(
        "import sys, time\nsys.path[:] = ['/f']\nt = time.ticks_us()\nimport rigcore.setindex\nt1 = time.ticks_us()\n"
        "import rigcore.plan\nt2 = time.ticks_us()\nimport rigcore.plan\n"
        "print('=', *[time.ticks_diff(b, a) for a, b in ((t, t1), (t1, t2), (t2, time.ticks_us()))])\n",
        files=sources(),
    )
    first_us, second_us, again_us = booted.values(1.5)
    assert 17_000 < first_us < 115_000 and 17_000 < second_us < 115_000
    assert again_us < 1_000


def test_rtc_counts_from_2000_and_can_be_set(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "r = machine.RTC()\n"
        "y = r.datetime()[0]\n"
        "r.datetime((2026, 11, 22, 0, 10, 30, 5, 0))\n"
        "time.sleep(2)\n"
        "print('=', y, *r.datetime()[:7], time.localtime()[5])\n"
    )
    assert booted.values(3) == [2000, 2026, 11, 22, 6, 10, 30, 7, 7]


def test_buzzer_hears_what_the_pwm_is_told(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "p = machine.PWM(machine.Pin(4), freq=2000, duty_u16=32768)\n"
        "time.sleep_ms(100)\n"
        "p.deinit()\n"
        "print('= 1')\n"
    )
    booted.values(1)
    on, off = booted.rig.board.buzzer.tones
    assert (on.freq_hz, on.duty, off.duty) == (2000, 32768, 0)
    assert off.at_us - on.at_us == pytest.approx(100_000, abs=1000)
