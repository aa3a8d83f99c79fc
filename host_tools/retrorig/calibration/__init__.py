"""Calibrates a rig: the length of an encoder count, and the newtons of a load-cell code.

board.py        reading and storing it on the rig
watching.py     the sensors as they stand: steady codes, still belts
guide.py        the person who does what is asked
belt.py, force.py, direction.py   the three procedures; force_fit.py judges the weights
calibrating.py  from the first prompt to the record that is kept
plot.py, certificate.py           how good it is, for people
backup.py       files
"""

from typing import TYPE_CHECKING

from retrorig.calibration.guide import GoneError, Guide
from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.calibration.backup import Backup, backup_of, read_backup, write_backup
    from retrorig.calibration.belt import distance_from
    from retrorig.calibration.calibrating import Calibrating
    from retrorig.calibration.certificate import TITLES, facts, plotted, result, values, write_certificate
    from retrorig.calibration.compare import compared
    from retrorig.calibration.plot import residual_lines
    from retrorig.calibration.units import weight

__all__ = [
    "TITLES",
    "Backup",
    "Calibrating",
    "GoneError",
    "Guide",
    "backup_of",
    "compared",
    "distance_from",
    "facts",
    "plotted",
    "read_backup",
    "residual_lines",
    "result",
    "values",
    "weight",
    "write_backup",
    "write_certificate",
]

__getattr__ = on_use(
    __name__,
    {
        "backup": ("Backup", "backup_of", "read_backup", "write_backup"),
        "belt": ("distance_from",),
        "calibrating": ("Calibrating",),
        "certificate": ("TITLES", "facts", "plotted", "result", "values", "write_certificate"),
        "compare": ("compared",),
        "plot": ("residual_lines",),
        "units": ("weight",),
    },
)
