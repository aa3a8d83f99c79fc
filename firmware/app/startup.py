"""Safe mode, and the wiring of the rig at the start; main.py unloads this module afterwards."""

import gc
import sys

import machine

from rigcore import TYPE_CHECKING

from .loop import AGAIN
from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from .rig import Rig

PACK = "/f"  # where boot.py has put the modules
START_BYTES = (
    12_000  # between collections at the start: what stays lies close together, free memory in one piece
)
UPDATE = "Update firmware"


def tell(words: str) -> None:
    """Print how far the start has got."""
    print("Starting: " + words)


def is_safe_mode(board: "Any") -> bool:
    """Whether to stay at the prompt: BOOT is held, or the last three starts crashed."""
    if transient_import("app.crashes").too_many():
        print("Safe mode: three crashes in a row.", AGAIN)
        return True
    if not machine.Pin(board.PIN_BOOT, machine.Pin.IN, machine.Pin.PULL_UP).value():
        print("Safe mode: BOOT is held.", AGAIN)
        return True
    return False


def built(board: "Any", display: "tuple[Any, Any]") -> "Rig | None":
    """The running rig; None when it can't run: the host was sent the reason, and the display says what to do."""
    tell("modules")
    if PACK in sys.path:
        sys.path[:] = [PACK]  # each `import struct` would look through all folders of the file system first
    gc.threshold(START_BYTES)
    rig = transient_import("app.wiring").build(board, display, tell)
    gc.threshold(-1)
    if rig:
        _settle(rig)
        rig.start()
        tell("done")
    else:
        transient_import("app.panels").opened(board, UPDATE)
    return rig


def _settle(rig: "Rig") -> None:
    """Names once met are kept for ever, in tables that grow by a piece for which the heap may have no gap later."""
    transient_import("app.live")
    transient_import("app.diagnostics")
    rig.plans.kept = None
    gc.collect()
