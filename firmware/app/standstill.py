"""When something may be kept, and what is said where it can't be; loaded for the moment."""

from rigcore import TYPE_CHECKING, protocol
from rigcore.protocol import RequestError

if TYPE_CHECKING:
    from .rig import Rig

ERR_PLAN = "plan"


def require_standstill(rig: "Rig") -> None:
    if not rig.is_still():
        raise RequestError(protocol.ERR_MOVING, "Things are kept only while the belt stands; try again then.")


def no_room() -> RequestError:
    return RequestError(protocol.ERR_STORE, "The board's flash took nothing; nothing has changed.")
