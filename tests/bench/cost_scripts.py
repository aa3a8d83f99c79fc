"""What callgrind counts: MicroPython scripts that do the same work N times, ours and what a builder would write.

The parts are C functions of the interpreter that take the place of a pin's, a counter's or a bus's method, so that
only the Python around them is counted: `int` reads a pin as 0, `time.ticks_us` a counter, `max` is a transfer.
"""

OURS_CALLBACK = """
import sys, time
from app.sampler import Sampler
from drivers.hx711 import Hx711
from drivers.twowire import SpiWire
class Part: pass
spi, part = Part(), Part()
spi.write_readinto = max
part.value = int
part.IRQ_FALLING = 2
part.irq = {}.setdefault
counter = Part()
counter.value = time.ticks_us
wire = SpiWire(spi)
wire._in[:] = b"\x55" * 7  # the line reads 1 throughout
sampler = Sampler(Hx711(wire, 25), 0, counter, part, part, time)
ready = sampler._on_ready
for _ in range(N):
    ready(None)
    sampler._tail = sampler._head
"""

OURS_MAIN = """
import sys, time
from app.sampler import Sampler
from rigcore.average import CodeAverage
from rigcore.motion import Geometry, PulseTotal
from rigcore.session import Session
class Part: pass
class Tape:
    full = False

    def begin(self, header, is_sure=True): return True
    def add(self, turns, ticks, count, code): pass
    def flush(self): pass
    def end(self, fields): pass
part = Part()
part.read = part.restart = part.value = int
part.IRQ_FALLING = 2
sampler = Sampler(part, 0, part, part, part, time)
pulses, codes = PulseTotal(32000), CodeAverage(64)
session = Session(Geometry(2400, 250_000), Tape(), lambda start_us: {})
for i in range(N + 1000):
    sampler._put(i * 11600 & 0x3FFFFFFF, i * 111 % 32000, 35000 + i * 7919 % 997)
    sampler.take()
    count = pulses.feed(sampler.value)
    codes.feed(sampler.code)
    session.feed(sampler.ticks, count, sampler.code)
"""

OURS_LOG = """
from rigcore.blocks import BlockEncoder
encoder = BlockEncoder(bytearray(1600))  # blocks.BYTES_MAX, which folding leaves no name
for i in range(N):
    encoder.add(0, i * 11600 + i * 7919 % 61 + (900 if i % 9 == 0 else 0), i * 111 + i * 31 % 7, 35000 + i * 7919 % 997)
    if encoder.n == 80:
        encoder.pack()
"""

PEER_STRUCT = """
import struct
out = bytearray(960)
for i in range(N):
    struct.pack_into("<IiI", out, i % 80 * 12, i * 11600, i * 111, 35000 + i * 7919 % 997)
"""

PEER_CSV = """
lines = bytearray()
for i in range(N):
    lines.extend(b"%d,%d,%d\\n" % (i * 11600, i * 111, 35000 + i * 7919 % 997))
    if i % 80 == 79:
        lines = bytearray()
"""

SET_END = """
import sys
from rigcore.history import History
from rigcore.setsamples import SetSamples
from rigcore.ticks import LongClock
from rigcore.setwriter import SetWriter
class Ring: buffer = bytearray(1700)
class Log:
    ring = Ring()
    def begin(self, header, is_sure=True): pass
    def append(self, kind, body): pass
history, clock = History(4), LongClock()
writer = SetWriter(Log())
samples = SetSamples(writer, history, clock)
for i in range(600):
    t = i * 10638 & 0x3FFFFFFF
    clock.feed(t)
    history.push(t, min(i, 400) * 26, 35000 + i * 7919 % 997)
writer.begin({})
samples._next = samples._wanted = 400
"""

MOUNT = """
from rigcore import recovery
from rigcore.setlog import SetLog
class Flash:
    def __init__(self, path):
        self.file = open(path, "rb")
    def readblocks(self, sector, into, offset):
        self.file.seek(sector * 4096 + offset)
        self.file.readinto(into)
    def ioctl(self, command, argument):
        return SECTORS if command == 4 else 4096 if command == 5 else 0
log = SetLog(Flash(PATH))
"""

PEER = """
import time
class Encoder:
    def __init__(self, a, b):
        self.a, self.b, self.last, self.total = a, b, 0, 0
        self.table = (0, 1, -1, 0, -1, 0, 0, 1, 1, 0, 0, -1, 0, -1, 1, 0)
    def edge(self, pin):
        now = self.a() << 1 | self.b()
        self.total += self.table[self.last << 2 | now]
        self.last = now
class Scale:
    def __init__(self, clock, data):
        self.clock, self.data, self.window = clock, data, []
    def read(self):
        value = 0
        for _ in range(24):
            self.clock(1)
            self.clock(0)
            value = value << 1 | self.data()
        self.clock(1)
        self.clock(0)
        if value & 0x800000:
            value -= 0x1000000
        self.window.append(value)
        if len(self.window) > 5:
            self.window.pop(0)
        return sorted(self.window)[len(self.window) // 2]
encoder, scale = Encoder(int, int), Scale(int, int)
samples = []
for i in range(N):
    for _ in range(EDGES):
        encoder.edge(None)
    samples.append((time.ticks_us(), encoder.total, scale.read()))
    if len(samples) > 64:
        samples.pop(0)
"""
