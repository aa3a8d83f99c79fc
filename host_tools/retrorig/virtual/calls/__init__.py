"""What the chip does when the firmware calls it: one class for each group of board calls.

A handler has the operation's name (see mpy/), takes its three arguments and returns a value, a value with
bytes, or WAIT when virtual time ran up to the host's limit before the call was over; then it is asked again.
"""

from __future__ import annotations

from typing import Any

Answer = Any  # int, tuple[int, bytes], or WAIT


class Wait:
    """The type of WAIT."""


WAIT = Wait()
