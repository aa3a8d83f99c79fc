"""Runs the rig until Ctrl-C, which leads to the prompt, or a crash, which leads to a new start."""

import sys

import machine

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from .rig import Rig

AGAIN = "Start with: import main; main.run()"
_path = sys.path[:]


def run(rig: "Rig") -> None:
    try:
        while True:
            rig.step()
    except KeyboardInterrupt:
        print("Stopped.", AGAIN)
    except Exception as error:  # whatever it is, the athlete goes on: three in a row lead to the prompt
        rig.session.stop("full")
        try:
            transient_import("app.crashes").tell(error)
        finally:
            machine.reset()
    finally:
        sys.path[:] = _path
        rig.stop()
