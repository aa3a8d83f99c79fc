"""The wire to the board model: one small request, one small reply, and the callbacks that come due.

A request is eleven words: operation, three arguments, number, the nanoseconds that were spent since the last
request on what needed no asking, an earlier operation with three arguments that needed no answer and was put off
(0: none), and 1 while a callback runs, 2 when one has returned since, while nothing happened. A reply is eight:
value, signal, number, clock, for how many nanoseconds nothing will happen and no byte wait on the line, how often a
contact has opened or closed, for how many nanoseconds flash may be read without asking, and what will have been taken
from the heap when a collection begins. `signal` is 0, the id of the callback that is next, or -1 for Ctrl-C.

Nothing here may branch or call Python between filling a request and copying its reply: there the
interpreter runs callbacks, which ask too. That is why the four ways to ask repeat themselves. No virtual
time passes between two requests but for what is spent without asking.
"""

import sys
from array import array
from micropython import const, schedule

_OP_DONE = const(1)
_OP_TICKS_US = const(2)
_OP_PIN_GET = const(11)
_STEADY = const(2)
_MASK = const((1 << 30) - 1)
_HALF = const(1 << 29)
_UNASKED_NS = const(16_500)
IDS_N = const(68)  # callback ids: pins 1-40, timers 50-57, micropython.schedule 60-67
_FIRST_SOFT = const(60)

_receive = open(int(sys.argv[1]), "rb").readinto
_send = open(int(sys.argv[2]), "wb").write
_flash = open(int(sys.argv[3]), "rb")
_out = array("i", [0] * 11)
_in = array("i", [0] * 8)
costs = array(
    "i", [_UNASKED_NS] * 3 + [0] * 3
)  # of a reading of the clock, a pin, the line, the flash, a byte of it, and of a callback

handlers = [None] * IDS_N
owners = [None] * IDS_N


def call(op, a=0, b=0, c=0):
    """Ask the board; returns its answer."""
    _out[0] = op
    _out[1] = a
    _out[2] = b
    _out[3] = c
    _out[4] = op = (_out[4] + 1) & 0xFFFF
    _send(_out)
    _receive(_in)
    _out[5] = _out[6] = 0
    _out[10] &= 1
    a = _in[0]
    b = _in[1]
    op ^= _in[2]
    return _finish(a, b, op) if b or op else a


def later(op, a=0, b=0, c=0):
    """Ask for something that has no answer; done just before the next request."""
    if _out[6]:
        call(op, a, b, c)
        return
    _out[7] = a
    _out[8] = b
    _out[9] = c
    _out[6] = op


def ticks_us():
    """The clock, read without asking as long as its readings took little time."""
    spent = _out[5] + costs[0]
    if spent > _UNASKED_NS and spent >= _in[4]:
        return call(_OP_TICKS_US)
    _out[5] = spent
    return (_in[3] + spent // 1000) & _MASK


def passes_unasked(ns):
    """Let so many nanoseconds pass if nothing happens in them; whether they did."""
    spent = _out[5] + ns
    if spent >= _in[4]:
        return False
    _out[5] = spent
    return True


def read_unasked(address, into, taken):
    """Read the flash if nothing happens meanwhile, no collection begins and nothing was put off; whether it was read.

    `taken` is what was taken from the heap.
    """
    spent = _out[5] + costs[3] + costs[4] * len(into)
    if _out[6] or spent >= _in[6] or (_in[7] - taken - 1) & _MASK >= _HALF:
        return False
    _out[5] = spent
    _flash.seek(address)
    _flash.readinto(into)
    return True


def contact(pin, seen):
    """A pin's level; `seen` is a list of its last one and of the count of changes then, which is kept up here."""
    if seen[1] == _in[5] and passes_unasked(costs[1]):
        return seen[0]
    level = call(_OP_PIN_GET, pin)
    seen[0] = level & 1
    seen[1] = _in[5] if level & _STEADY else -1
    return level & 1


def put(op, a, data, c=0):
    """As `call`, with bytes to the board; their number takes the place of argument b."""
    _out[0] = op
    _out[1] = a
    _out[2] = len(data)
    _out[3] = c
    _out[4] = op = (_out[4] + 1) & 0xFFFF
    _send(_out)
    _send(data)
    _receive(_in)
    _out[5] = _out[6] = 0
    _out[10] &= 1
    a = _in[0]
    c = _in[1]
    op ^= _in[2]
    return _finish(a, c, op) if c or op else a


def get(op, a, into, c=0):
    """As `call`, filling `into` from the board; its length takes the place of argument b."""
    _out[0] = op
    _out[1] = a
    _out[2] = len(into)
    _out[3] = c
    _out[4] = op = (_out[4] + 1) & 0xFFFF
    _send(_out)
    _receive(_in)
    _receive(into)
    _out[5] = _out[6] = 0
    _out[10] &= 1
    a = _in[0]
    c = _in[1]
    op ^= _in[2]
    return _finish(a, c, op) if c or op else a


def exchange(op, a, data, into):
    """Bytes both ways; both have the same length."""
    _out[0] = op
    _out[1] = a
    _out[2] = len(data)
    _out[3] = 0
    _out[4] = op = (_out[4] + 1) & 0xFFFF
    _send(_out)
    _send(data)
    _receive(_in)
    _receive(into)
    _out[5] = _out[6] = 0
    _out[10] &= 1
    a = _in[0]
    data = _in[1]
    op ^= _in[2]
    return _finish(a, data, op) if data or op else a


def _finish(value, signal, torn):
    if torn:  # Ctrl-C hit an earlier call between request and reply; this reply was its
        _receive(_in)
        value = _in[0]
        signal = _in[1]
    if signal > 0:
        schedule(_dispatch, signal)
    elif signal:
        raise KeyboardInterrupt
    return value


def _dispatch(number):
    handler = handlers[number]
    if number >= _FIRST_SOFT:
        handlers[number] = None
    _out[10] = 1
    try:
        if handler:
            handler(owners[number])
    finally:
        spent = _out[5] + costs[5]
        if spent < _in[4]:
            _out[5] = spent
            _out[10] = 2
        else:
            _out[10] = 0
            call(_OP_DONE)
