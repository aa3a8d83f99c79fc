"""Finishes an update that is complete. No more: on the ESP32-S3 the USB serial port starts only after this file."""

import os

if "next" in os.listdir("/"):
    with open(
        "/next", "rb"
    ) as update:  # it brings the code that puts it in place, and begins with that code's length
        exec(update.read(int(update.readline())), {"update": update})
    os.remove("/next")  # only now: after a loss of power the above is done once more
