"""`select` of the board: the only thing to wait for is the serial line."""

from micropython import const
from rig_link import call, costs, passes_unasked

_OP_POLL_FROM = const(6)
_OP_POLL = const(7)
_WAIT = const(2)

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16


class poll:
    def __init__(self):
        self._objects = []

    def register(self, obj, flags=POLLIN | POLLOUT):
        self.unregister(obj)
        self._objects.append((obj, flags))
        self._told = [(obj, POLLIN) for obj, flags in self._objects if flags & POLLIN]

    def unregister(self, obj):
        self._objects = [entry for entry in self._objects if entry[0] is not obj]

    modify = register

    def poll(self, timeout=-1):
        return self._told.copy() if self._is_ready(timeout) else []

    def ipoll(self, timeout=-1, flags=0):
        return self._told if self._is_ready(timeout) else ()  # as on the chip, no new list

    def _is_ready(self, timeout):
        if not timeout and passes_unasked(costs[2]):
            return 0
        end = call(_OP_POLL_FROM, timeout) if timeout else 0
        state = _WAIT
        while state == _WAIT:
            state = call(_OP_POLL, timeout, end)
        return state
