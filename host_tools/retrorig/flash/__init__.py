"""From a bare board to a running rig: MicroPython, partitions, firmware. `flash_board` does all of it."""

from retrorig.flash.flashing import flash_board
from retrorig.flash.job import Job
from retrorig.flash.steps import Done, flash

__all__ = ["Done", "Job", "flash", "flash_board"]
