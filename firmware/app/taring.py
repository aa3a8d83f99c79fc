"""Takes the present pull as none; loaded for the moment."""

from rigcore import TYPE_CHECKING
from rigcore.protocol import ERR_MOVING, ERR_NOISY, RequestError

from .rig import TARE_N

if TYPE_CHECKING:
    from .rig import Rig

TARE_SPREAD = 20_000  # codes; about 9 N on a 2 kN cell: a hand on the line is more


def tare(rig: "Rig") -> int:
    """The code that is zero force from now on; RequestError while moving or noisy."""
    if not rig.is_still():
        raise RequestError(ERR_MOVING, "Stand still and let the line hang slack, then tare again.")
    zero = rig.codes.latest(TARE_N)
    if zero is None or rig.codes.spread() > TARE_SPREAD:
        raise RequestError(ERR_NOISY, "The load cell is not steady; check its wires and the line.")
    rig.zero = zero
    rig.set_scale()
    return zero
