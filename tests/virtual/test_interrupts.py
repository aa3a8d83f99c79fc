"""The shared queue of soft interrupts, alone and as the interpreter sees it."""

from __future__ import annotations

import pytest

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.interrupts import DEPTH, KEYBOARD, Interrupts


def test_events_happen_in_order_of_time_then_of_setting(clock: Clock) -> None:
    seen: list[tuple[int, str]] = []
    for at, name in [(30, "c"), (10, "a"), (10, "b"), (20, "x")]:
        event = clock.at(at, lambda at=at, name=name: seen.append((clock.now_ns, name)))
        if name == "x":
            event.cancel()
    clock.advance(30)
    assert seen == [(10, "a"), (10, "b"), (30, "c")]


def test_the_ninth_waiting_callback_is_lost(interrupts: Interrupts) -> None:
    for number in range(1, 10):
        interrupts.post(number)
    assert interrupts.dropped == 1
    got = []
    for _ in range(DEPTH):
        got.append(interrupts.next_signal())
        interrupts.done()
    assert got == [1, 2, 3, 4, 5, 6, 7, 8]
    assert interrupts.next_signal() == 0


def test_callbacks_do_not_nest(interrupts: Interrupts) -> None:
    interrupts.post(1)
    interrupts.post(2)
    assert interrupts.next_signal() == 1
    assert interrupts.next_signal() == 0
    interrupts.done()
    assert interrupts.next_signal() == 2


def test_a_callback_starts_28_to_100_us_after_its_interrupt(clock: Clock, interrupts: Interrupts) -> None:
    for _ in range(200):
        before = clock.now_ns
        interrupts.post(1)
        interrupts.next_signal()
        assert costs.LATENCY_MIN <= clock.now_ns - before <= 100_000
        interrupts.done()


def test_while_held_off_each_source_is_latched_once(interrupts: Interrupts) -> None:
    interrupts.hold()
    for number in (5, 6, 5, 5, 6):
        interrupts.post(number)
    assert interrupts.next_signal() == 0
    interrupts.release()
    assert interrupts.next_signal() == 5
    interrupts.done()
    assert interrupts.next_signal() == 6
    interrupts.done()
    assert interrupts.next_signal() == 0


def test_masked_twice_is_masked_once(interrupts: Interrupts) -> None:
    assert [interrupts.mask(), interrupts.mask()] == [True, False]
    interrupts.unmask()
    interrupts.post(2)
    assert interrupts.next_signal() == 2
    interrupts.done()
    interrupts.release()
    interrupts.hold()
    interrupts.post(3)
    assert interrupts.next_signal() == 0, "a release too many lets nothing through"
    interrupts.release()
    assert interrupts.next_signal() == 3


def test_each_conversion_is_counted_once_and_one_that_was_handed_out_wakes_the_cpu(
    interrupts: Interrupts,
) -> None:
    for n in (2, 3):
        for _ in range(n):
            interrupts.post(1)
            assert interrupts.next_signal() == 1
            assert interrupts.is_waiting, "the CPU has not begun it"
            interrupts.has_started = True
            assert not interrupts.is_waiting
            interrupts.done()
            interrupts.has_started = False
        assert interrupts.take_conversions() == n
    assert interrupts.take_conversions() == 0 and interrupts.is_quiet
    interrupts.keyboard()
    assert not interrupts.is_quiet


def test_ctrl_c_comes_before_callbacks_and_into_a_running_one(interrupts: Interrupts) -> None:
    interrupts.post(1)
    interrupts.next_signal()
    interrupts.keyboard()
    assert interrupts.next_signal() == KEYBOARD


BLOCKED = """
import time, machine, sys
i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21), freq=400_000)
frame, text = bytes(1025), bytes([10] * 400)
seen = []
timer = machine.Timer(0, period=1, callback=lambda t: seen.append(time.ticks_us()))
t0 = time.ticks_us()
{block}
t1 = time.ticks_us()
timer.deinit()
time.sleep_ms(5)
inside = [t for t in seen if time.ticks_diff(t, t0) > 300 and time.ticks_diff(t1, t) > 1500]
print("=", len(inside), len(seen), time.ticks_diff(t1, t0))
"""


@pytest.mark.parametrize("block", ["sys.stdout.buffer.write(text)", "i2c.writeto(60, frame)"])
def test_a_blocking_call_runs_no_callback_and_keeps_eight(boot, block: str) -> None:
    booted = boot(BLOCKED.format(block=block))
    inside, total, took_us = booted.values()
    assert took_us > 20_000
    assert inside == 0
    assert DEPTH <= total <= DEPTH + 1, "one may have been handed out before the call began"
    assert booted.rig.dropped_callbacks >= took_us // 1000 - DEPTH - 1


def test_a_sleeping_main_loop_serves_every_callback(boot) -> None:
    booted = boot(BLOCKED.format(block="time.sleep_ms(500)"))
    inside, _, _ = booted.values(2)
    assert 496 <= inside <= 501
    assert booted.rig.dropped_callbacks == 0


def test_an_exception_in_a_callback_is_printed_and_swallowed(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "def fail(timer):\n"
        "    raise ValueError('in the callback')\n"
        "timer = machine.Timer(0, mode=machine.Timer.ONE_SHOT, period=5, callback=fail)\n"
        "time.sleep_ms(20)\n"
        "print('= 7')\n"
    )
    assert booted.values() == [7]
    assert "ValueError: in the callback" in booted.text


def test_schedule_shares_the_queue_and_says_when_it_is_full(boot) -> None:
    booted = boot(
        "import micropython, machine\n"
        "n = 0\n"
        "ran = []\n"
        "def burst(timer):\n"
        "    global n\n"
        "    try:\n"
        "        while True:\n"
        "            micropython.schedule(ran.append, n)\n"
        "            n += 1\n"
        "    except RuntimeError:\n"
        "        pass\n"
        "import time\n"
        "timer = machine.Timer(1, mode=machine.Timer.ONE_SHOT, period=1, callback=burst)\n"
        "time.sleep_ms(5)\n"
        "print('=', n, len(ran), *ran)\n"
    )
    assert booted.values() == [8, 8, *range(8)]


def test_masked_interrupts_are_latched(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "seen = []\n"
        "timer = machine.Timer(0, period=1, callback=seen.append)\n"
        "state = machine.disable_irq()\n"
        "time.sleep_us(10_000)\n"
        "during = len(seen)\n"
        "machine.enable_irq(state)\n"
        "timer.deinit()\n"
        "time.sleep_ms(1)\n"
        "print('=', during, len(seen))\n"
    )
    assert booted.values() == [0, 1]


def test_a_queued_callback_still_runs_after_its_pin_was_disarmed(boot) -> None:
    booted = boot(
        "import time, machine\n"
        "seen = []\n"
        "pin = machine.Pin(18, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "pin.irq(seen.append, machine.Pin.IRQ_FALLING)\n"
        "import sys\n"
        "sys.stdout.buffer.write(b'\\n' * 300)\n"
        "pin.irq(None)\n"
        "time.sleep_ms(1)\n"
        "print('=', len(seen))\n"
    )
    booted.rig.run_until(lambda: booted.rig.board.uart.sent_bytes > 220, 2_000_000)
    booted.rig.buttons["start"].press(500)
    assert booted.values()[0] >= 1


BEFORE_AN_ERASE = """
import esp32, micropython, time
from machine import Timer
part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="setlog")[0]
ran, met = [], []
def second(_):
    met.append(time.ticks_us())
{}
while not ran:
    time.ticks_us()
part.ioctl(6, 0)
print('=', int(time.ticks_diff(time.ticks_us(), met[0]) > 20_000))
"""
ASKED_BY_THE_FIRST = """
def first(_):
    micropython.schedule(second, None)
    ran.append(0)
micropython.schedule(first, None)
"""
DUE_WHILE_THE_FIRST_RUNS = """
def first(_):
    ran.append(0)
once = {"mode": Timer.ONE_SHOT, "period": 10}
timers = [Timer(0, callback=first, **once), Timer(1, callback=second, **once)]
"""


@pytest.mark.parametrize("due", [ASKED_BY_THE_FIRST, DUE_WHILE_THE_FIRST_RUNS])
def test_a_callback_that_came_due_in_another_one_runs_before_flash_is_erased(boot, due: str) -> None:
    """An erase lets none run for tens of milliseconds: one that waited behind it would read a sensor too late."""
    assert boot(BEFORE_AN_ERASE.format(due)).values(0.5) == [1]
