"""Safe mode and wiring. The rig starts by itself; Ctrl-C leads to the prompt, a crash to the next start."""

import gc
import sys

import machine

from app.transient import transient_import

STARTING = "Starting: "  # begins the lines that tell the host how far the start has got
PACK = "/f"  # where boot.py has put the modules
START_BYTES = (
    12_000  # between collections at the start: what stays lies close together, free memory in one piece
)


def safe_mode(board):
    """Whether to stay at the prompt: BOOT is held, or the last three starts crashed."""
    if transient_import("app.crashes").too_many():
        print("Safe mode: three crashes in a row. Start with: import main; main.run()")
        return True
    if not machine.Pin(board.PIN_BOOT, machine.Pin.IN, machine.Pin.PULL_UP).value():
        print("Safe mode: BOOT is held. Start with: import main; main.run()")
        return True
    return False


def opened(board):
    """The display, on which a page soon says that the rig starts."""
    print(STARTING + "display")
    return transient_import("app.panels").opened(board)


def run(board=None, display=None):
    if "app.rig" in sys.modules:
        machine.soft_reset()  # one has run: the heap is strewn with what is left of it
    board = board or transient_import("board")
    display = display or opened(board)
    print(STARTING + "modules")
    path = sys.path[:]
    if PACK in path:
        sys.path[:] = [PACK]  # each `import struct` would look through all folders of the file system first
    gc.threshold(START_BYTES)
    rig = transient_import("app.wiring").build(board, display, lambda words: print(STARTING + words))
    gc.threshold(-1)
    rig.start()
    print(STARTING + "done")
    try:
        while True:
            rig.step()
    except KeyboardInterrupt:
        print("Stopped. Start again with: import main; main.run()")
    except Exception as error:  # whatever it is, the athlete goes on: three in a row lead to the prompt
        rig.session.stop("full")
        try:
            transient_import("app.crashes").tell(error)
        finally:
            machine.reset()
    finally:
        sys.path[:] = path
        rig.stop()


def start():
    board = transient_import("board")
    display = opened(board)
    if not safe_mode(board):
        run(board, display)


if __name__ == "__main__":
    start()
