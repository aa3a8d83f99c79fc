"""Calibrating a rig: what a count is worth in length, what a code of the load cell is worth in newtons.

board.py        reading and storing it on the rig
watching.py     the sensors as they stand: steady codes, still belts
guide.py        the person who does what is asked
belt.py, force.py, direction.py   the three procedures; force_fit.py judges the weights
job.py          from the first prompt to the record that is kept
plot.py, certificate.py           how good it is, for people
backup.py       files
"""

from retrorig.calibration.guide import Guide

__all__ = ["Guide"]
