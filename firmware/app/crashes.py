"""Counts starts that followed a crash, in the clock's memory, which survives everything but a loss of power."""

import sys
import time

import machine

from rigcore import bootguard

TOLD_MS = 300  # so long a traceback needs on the line


def too_many() -> bool:
    """Count the crash that led to this start, if one did; True when there were too many in a row."""
    memory = machine.RTC()
    crashed = machine.reset_cause() in (machine.WDT_RESET, machine.HARD_RESET)
    crash_n = bootguard.crashes(memory.memory()) + 1 if crashed else 0
    memory.memory(bootguard.keep(crash_n))
    return crash_n >= bootguard.CRASH_LIMIT


def tell(error: BaseException) -> None:
    """Print what led to the next start."""
    sys.print_exception(error)
    time.sleep_ms(TOLD_MS)


def forgive() -> None:
    """Clear the crash count: the rig has run long enough."""
    machine.RTC().memory(bootguard.keep(0))
