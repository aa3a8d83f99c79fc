"""`gc` of the board: collecting and looking take their time, and no callback runs meanwhile."""

import gc as _gc
from gc import *
from micropython import const, mem_current
from rig_link import call

_OP_GC = const(8)
_OP_GC_THRESHOLD = const(80)
_OP_GC_LOOK = const(81)
_MASK = const((1 << 30) - 1)


def collect():
    _gc.collect()
    call(_OP_GC, _gc.mem_alloc(), mem_current() & _MASK)


def threshold(n=None):
    if n is None:
        return _gc.threshold()
    call(_OP_GC_THRESHOLD, n, _gc.mem_alloc(), mem_current() & _MASK)
    _gc.threshold(n)


def mem_free():
    return call(_OP_GC_LOOK, mem_current() & _MASK)
