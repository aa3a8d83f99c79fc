"""A service that pulls every rig that is plugged into this computer, and again after each set."""

from typing import TYPE_CHECKING

from retrorig.lazy import on_use

if TYPE_CHECKING:
    from retrorig.watch.event_log import EventLog
    from retrorig.watch.events import WatchEvent
    from retrorig.watch.service import Watch
    from retrorig.watch.unit import install_unit

__all__ = ["EventLog", "Watch", "WatchEvent", "install_unit"]

__getattr__ = on_use(
    __name__,
    {
        "event_log": ("EventLog",),
        "events": ("WatchEvent",),
        "service": ("Watch",),
        "unit": ("install_unit",),
    },
)
