"""`import` of the board: loading a module takes its time, by what is read from the file system for it."""

import builtins
from micropython import const
from rig_link import call

_OP_IMPORT = const(76)
_OP_IMPORTED = const(77)
_plain = builtins.__import__


def timed(*arguments):
    call(_OP_IMPORT)
    try:
        return _plain(*arguments)
    finally:
        call(_OP_IMPORTED)


def begin():
    builtins.__import__ = timed
