"""`os` of the board: random bytes are the board's, and the same for the same seed."""

from os import *
from micropython import const
from rig_link import get

_OP_RANDOM = const(75)


def urandom(n):
    into = bytearray(n)
    get(_OP_RANDOM, 0, into)
    return bytes(into)
