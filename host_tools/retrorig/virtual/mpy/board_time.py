"""`time` on the board's clock: the counters wrap at 2^30, sleeping serves callbacks, the epoch is 2000."""

from time import gmtime as _gmtime
from time import mktime as _mktime
from micropython import const, mem_current
from rig_link import call, ticks_us

_OP_TICKS_MS = const(3)
_OP_SLEEP_FROM = const(4)
_OP_SLEEP = const(5)
_OP_RTC_SECONDS = const(25)  # of machine.py too: one clock

_MASK = const((1 << 30) - 1)
_HALF = const(1 << 29)
_SLICE_US = const(200_000_000)
_EPOCH_2000 = const(946684800)


ticks_cpu = ticks_us


def ticks_ms():
    return call(_OP_TICKS_MS)


def ticks_diff(a, b):
    return ((a - b + _HALF) & _MASK) - _HALF


def ticks_add(a, delta):
    return (a + delta) & _MASK


def sleep_us(us):
    while us > 0:
        part = us if us < _SLICE_US else _SLICE_US
        end = call(_OP_SLEEP_FROM, part, mem_current() & _MASK)
        while end:
            end = call(_OP_SLEEP, end)
        us -= part


def sleep_ms(ms):
    sleep_us(ms * 1000)


def sleep(s):
    sleep_us(int(s * 1_000_000))


def time():
    return call(_OP_RTC_SECONDS)


def time_ns():
    return call(_OP_RTC_SECONDS) * 1_000_000_000


def gmtime(s=None):
    return _gmtime((time() if s is None else s) + _EPOCH_2000)


localtime = gmtime


def mktime(when):
    return int(_mktime(when)) - _EPOCH_2000
