"""Runs in MicroPython: the sampler's ring while callbacks strike at random points of the main loop.

A second thread only sleeps and schedules; each callback makes one conversion, whose count and code follow from its
number. The main loop takes samples and checks that each is whole, in order, and that what is missing was counted.
Prints: callbacks, samples taken, dropped, torn, out of order, unaccounted.
"""

import _thread
import sys
import time

import micropython
from app.sampler import Sampler

WANTED = int(sys.argv[1])
PERIOD_US = 11_600
MASK = (1 << 30) - 1


class Chip:
    """Converter, counter, pin, timer and clock in one: everything follows from the conversion's number."""

    IRQ_FALLING = 2

    def __init__(self):
        self.n = 0
        self.is_over = False

    def ticks_us(self):
        return self.n * PERIOD_US & MASK

    def ticks_diff(self, later, earlier):
        return ((later - earlier + (1 << 29)) & MASK) - (1 << 29)

    def sleep_us(self, us):
        pass

    def read(self):
        return self.n * 31 & 0x3FFFFF

    def value(self):
        return self.n * 7 % 32_000

    def irq(self, handler, trigger=0):
        pass

    def init(self, period, callback):
        pass

    def restart(self):
        pass


class Unjudged:
    """In place of the monitor, which calls a reading torn when the times of those before it were uneven."""

    def feed(self, ticks, code):
        return code


class Ready(Chip):
    def value(self):
        return 0  # a conversion is always ready


chip = Chip()
sampler = Sampler(chip, 0, chip, Ready(), chip, chip)
sampler.watch = Unjudged()
sampler.start()
on_ready = sampler._on_ready


def convert(_):
    chip.n += 1
    on_ready(None)


def schedule():
    asked = 0
    while asked < WANTED:
        time.sleep_us(asked % 50)
        try:
            for _ in range(asked % 7 + 1):
                micropython.schedule(convert, None)
                asked += 1
        except RuntimeError:
            pass  # the queue of eight is full, as on the chip
    chip.is_over = True


def check(last):
    """Take everything that is there; (last number, samples, torn, out of order)."""
    taken = torn = disorder = 0
    while sampler.take():
        taken += 1
        n = last + 1
        while n * PERIOD_US & MASK != sampler.ticks and n - last < 200_000:
            n += 1
        if (sampler.value, sampler.code & 0x3FFFFF) != (n * 7 % 32_000, n * 31 & 0x3FFFFF):
            torn += 1
        if n - last >= 200_000:
            disorder += 1
        else:
            last = n
    return last, taken, torn, disorder


_thread.start_new_thread(schedule, ())
last = taken = torn = disorder = idle = passes = 0
while idle < 100:
    last, more, bad, wrong = check(last)
    taken, torn, disorder = taken + more, torn + bad, disorder + wrong
    idle = idle + 1 if chip.is_over and not more else 0
    passes += 1
    if passes % 200 == 0:
        mark = chip.n
        while chip.n < mark + 100 and not chip.is_over:
            pass  # now and then the main loop is busy for so long that the ring of 64 runs over
print(chip.n, taken, sampler.dropped_n, torn, disorder, chip.n - taken - sampler.dropped_n)
