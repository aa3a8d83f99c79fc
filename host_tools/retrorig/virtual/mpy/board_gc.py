"""`gc` of the board: collecting takes its time, and no callback runs meanwhile."""

import gc as _gc
from gc import *
from micropython import const
from rig_link import call

_OP_GC = const(8)


def collect():
    call(_OP_GC)
    _gc.collect()
