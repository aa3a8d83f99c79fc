"""Counts starts that followed a crash, in the clock's memory, which survives everything but a loss of power."""

import machine

from rigcore import bootguard


def too_many():
    """Count the crash that led to this start, if one did; True when there were too many in a row."""
    memory = machine.RTC()
    crashed = machine.reset_cause() in (machine.WDT_RESET, machine.HARD_RESET)
    crash_n = bootguard.crashes(memory.memory()) + 1 if crashed else 0
    memory.memory(bootguard.keep(crash_n))
    return crash_n >= bootguard.CRASH_LIMIT


def forgive():
    """The rig has run long enough: earlier crashes don't count any more."""
    machine.RTC().memory(bootguard.keep(0))
