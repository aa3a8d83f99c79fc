"""The board's small files: calibration, and the counter that names each boot."""

import json

CALIBRATION_FILE = "/calibration.json"


def load_calibration(defaults):
    """The stored calibration as a dict; `defaults` (without a force scale) if there is none."""
    try:
        with open(CALIBRATION_FILE) as f:
            stored = json.load(f)
    except (OSError, ValueError):
        stored = {}
    return {key: stored.get(key, value) for key, value in defaults.items()}


def next_boot(nvs):
    """Number of this boot, counted in `nvs` (an esp32.NVS name space)."""
    try:
        number = nvs.get_i32("boot") + 1
    except OSError:
        number = 1
    nvs.set_i32("boot", number)
    nvs.commit()
    return number
