"""`micropython` of the board: `schedule` shares the one queue with pins and timers."""

import micropython as _micropython
from micropython import *
from micropython import const
from rig_link import call, handlers, owners

_OP_SCHEDULE = const(9)
_OP_KBD_INTR = const(35)
_FIRST_SOFT = const(60)
_SOFT_N = const(8)


def schedule(function, argument):
    for number in range(_FIRST_SOFT, _FIRST_SOFT + _SOFT_N):
        if handlers[number] is None:
            handlers[number] = function
            owners[number] = argument
            if call(_OP_SCHEDULE, number):
                return
            handlers[number] = None
            break
    raise RuntimeError("schedule queue full")


def kbd_intr(char):
    call(_OP_KBD_INTR, char)
    _micropython.kbd_intr(char)


def alloc_emergency_exception_buf(size):
    pass
