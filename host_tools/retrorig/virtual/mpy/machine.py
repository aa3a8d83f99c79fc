"""`machine` of the ESP32 port, as far as the rig's parts go; the hardware is on the other side of rig_link."""

import time
from micropython import const
from rig_link import call, contact, exchange, get, handlers, later, owners, put

_OP_PIN_MODE = const(10)
_OP_PIN_SET = const(12)
_OP_PIN_IRQ = const(13)
_OP_TIMER_START = const(14)
_OP_TIMER_STOP = const(15)
_OP_SPI_INIT = const(16)
_OP_SPI_TRANSFER = const(17)
_OP_I2C_INIT = const(18)
_OP_I2C_WRITE = const(19)
_OP_I2C_READ = const(20)
_OP_PWM = const(21)
_OP_RTC_LOAD = const(22)
_OP_RTC_STORE = const(23)
_OP_RTC_LENGTH = const(24)
_OP_RTC_SECONDS = const(25)
_OP_RTC_SET = const(26)
_OP_WDT_START = const(27)
_OP_WDT_FEED = const(28)
_OP_RESET = const(29)
_OP_RESET_CAUSE = const(30)
_OP_UNIQUE_ID = const(31)
_OP_IRQ_OFF = const(32)
_OP_IRQ_ON = const(33)
_OP_IDLE = const(34)
_OP_CATCH_UP = const(82)
_OP_SLEEP = const(5)
_OP_SPI_WRITE = const(36)

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

_STRIP = const(64)  # bytes: a longer write is a strip of a picture
_ENODEV = const(19)
_FIRST_TIMER = const(50)
_ABSENT = (24, 28, 29, 30, 31)
_pins = {}


class _PinIrq:
    def __init__(self):
        self._trigger = 0

    def trigger(self):
        return self._trigger


class Pin:
    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2

    def __new__(cls, id, *args, **kwargs):
        if not isinstance(id, int) or not 0 <= id < 40 or id in _ABSENT:
            raise ValueError("invalid pin")
        if id not in _pins:
            _pins[id] = object.__new__(cls)
        return _pins[id]

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        self.id = id
        if owners[id + 1] is None:
            owners[id + 1] = self
            self._irq = _PinIrq()
            self._seen = [0, -1]
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        if value is not None:
            call(_OP_PIN_SET, self.id, 1 if value else 0)
        call(_OP_PIN_MODE, self.id, mode, 0 if pull is None else pull)

    def value(self, level=None):
        if level is None:
            return contact(self.id, self._seen)
        call(_OP_PIN_SET, self.id, 1 if level else 0)

    __call__ = value

    def on(self):
        call(_OP_PIN_SET, self.id, 1)

    def off(self):
        call(_OP_PIN_SET, self.id, 0)

    def irq(self, handler=None, trigger=3, wake=None):
        # What is already queued still runs after handler=None, as on the chip: the queue holds the callback.
        if handler is None:
            trigger = 0
        else:
            handlers[self.id + 1] = handler
        self._irq._trigger = trigger
        later(_OP_PIN_IRQ, self.id, trigger)
        return self._irq


class Timer:
    ONE_SHOT = 0
    PERIODIC = 1

    def __init__(self, id=-1, **kwargs):
        if not 0 <= id <= 3:
            raise ValueError("invalid Timer number")
        self._slot = _FIRST_TIMER + id
        owners[self._slot] = self
        if kwargs:
            self.init(**kwargs)

    def init(self, *, mode=1, callback=None, period=-1, tick_hz=1000, freq=None):
        period_us = int(1_000_000 / freq) if freq else period * 1_000_000 // tick_hz
        if period_us < 0:
            raise ValueError("invalid Timer period")
        period_us = max(1, period_us)
        handlers[self._slot] = callback
        call(_OP_TIMER_START, self._slot, period_us, mode)

    def deinit(self):
        call(_OP_TIMER_STOP, self._slot)


class SPI:
    MSB = 0
    LSB = 1

    def __init__(self, id, baudrate=500_000, *, sck=None, mosi=None, miso=None, **kwargs):
        if id not in (1, 2):
            raise ValueError("SPI(%d) doesn't exist" % id)
        self._id = id
        self._pins = (255 if miso is None else miso.id) | (255 if mosi is None else mosi.id) << 8
        self._pins |= (255 if sck is None else sck.id) << 16
        self.init(baudrate, **kwargs)

    def init(self, baudrate=500_000, *, polarity=0, phase=0, bits=8, firstbit=0):
        if (bits, firstbit) != (8, 0):
            raise NotImplementedError("only 8 bits, MSB first")
        call(_OP_SPI_INIT, self._id, baudrate, self._pins | (polarity << 1 | phase) << 24)

    def deinit(self):
        call(_OP_SPI_INIT, self._id, 0, self._pins)

    def write(self, data):
        put(_OP_SPI_WRITE, self._id, data)
        if len(data) >= _STRIP:
            end = call(_OP_CATCH_UP)
            while end:
                end = call(_OP_SLEEP, end)

    def write_readinto(self, data, into):
        if len(data) != len(into):
            raise ValueError("buffers must be the same length")
        exchange(_OP_SPI_TRANSFER, self._id, data, into)


class I2C:
    def __init__(self, id, *, scl=None, sda=None, freq=400_000, timeout=50_000):
        if id not in (0, 1):
            raise ValueError("I2C(%d) doesn't exist" % id)
        self._id = id
        call(_OP_I2C_INIT, id, freq)

    def scan(self):
        return [a for a in range(8, 120) if put(_OP_I2C_WRITE, self._id, b"", a) >= 0]

    def writeto(self, addr, data, stop=True):
        acked = put(_OP_I2C_WRITE, self._id, data, addr)
        if acked < 0:
            raise OSError(_ENODEV)
        return acked

    def writevto(self, addr, vector, stop=True):
        return self.writeto(addr, b"".join(vector))

    def writeto_mem(self, addr, memaddr, data, *, addrsize=8):
        self.writeto(addr, bytes((memaddr,)) + data)

    def readfrom_into(self, addr, into, stop=True):
        if get(_OP_I2C_READ, self._id, into, addr) < 0:
            raise OSError(_ENODEV)

    def readfrom(self, addr, n, stop=True):
        into = bytearray(n)
        self.readfrom_into(addr, into)
        return bytes(into)


class PWM:
    def __init__(self, pin, freq=5000, duty=None, duty_u16=None):
        self._pin = pin.id
        self.init(freq, duty, duty_u16)

    def init(self, freq=5000, duty=None, duty_u16=None):
        self._freq = freq
        if duty_u16 is None:
            duty_u16 = 32768 if duty is None else duty * 64
        self.duty_u16(duty_u16)

    def freq(self, freq=None):
        if freq is None:
            return self._freq
        self._freq = freq
        self.duty_u16(self._duty)

    def duty_u16(self, duty=None):
        if duty is None:
            return self._duty
        self._duty = duty
        call(_OP_PWM, self._pin, self._freq, duty)

    def duty(self, duty=None):
        if duty is None:
            return self._duty // 64
        self.duty_u16(duty * 64)

    def deinit(self):
        call(_OP_PWM, self._pin, 0, 0)


class RTC:
    def memory(self, data=None):
        if data is None:
            into = bytearray(call(_OP_RTC_LENGTH))
            if into:
                get(_OP_RTC_LOAD, 0, into)
            return bytes(into)
        if len(data) > 2048:
            raise ValueError("buffer too long")
        put(_OP_RTC_STORE, 0, data)

    def datetime(self, when=None):
        if when is None:
            t = time.gmtime(call(_OP_RTC_SECONDS))
            return (t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0)
        call(_OP_RTC_SET, time.mktime((when[0], when[1], when[2], when[4], when[5], when[6], 0, 0)))

    init = datetime


class WDT:
    def __init__(self, id=0, timeout=5000):
        if id != 0 or timeout <= 0:
            raise ValueError
        call(_OP_WDT_START, timeout)

    def feed(self):
        later(_OP_WDT_FEED)


def reset():
    call(_OP_RESET)


def soft_reset():
    raise SystemExit


def reset_cause():
    return call(_OP_RESET_CAUSE)


def unique_id():
    into = bytearray(6)
    get(_OP_UNIQUE_ID, 0, into)
    return bytes(into)


def freq(hz=None):
    return 160_000_000


def disable_irq():
    return call(_OP_IRQ_OFF)


def enable_irq(state=1):
    call(_OP_IRQ_ON, state)


def idle():
    call(_OP_IDLE)
