"""From a bare board to a running rig: MicroPython, partitions, firmware. `flash(Job(...))` does all of it."""

from retrorig.flash.job import Job
from retrorig.flash.steps import Done, flash

__all__ = ["Done", "Job", "flash"]
