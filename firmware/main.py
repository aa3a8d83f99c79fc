"""Safe mode and wiring. The rig starts by itself; Ctrl-C leads to the prompt, a crash to the next start."""

import gc

import machine

from app.transient import transient_import

START_BYTES = (
    2000  # between collections at the start: what stays lies close together, free memory in one piece
)


def safe_mode():
    """Whether to stay at the prompt: BOOT is held, or the last three starts crashed."""
    if transient_import("app.crashes").too_many():
        print("Safe mode: three crashes in a row. Start with: import main; main.run()")
        return True
    if not machine.Pin(transient_import("board").PIN_BOOT, machine.Pin.IN, machine.Pin.PULL_UP).value():
        print("Safe mode: BOOT is held. Start with: import main; main.run()")
        return True
    return False


def run():
    gc.threshold(START_BYTES)
    rig = transient_import("app.wiring").build(transient_import("board"))
    gc.threshold(-1)
    rig.start()
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
        rig.stop()


if __name__ == "__main__" and not safe_mode():
    run()
