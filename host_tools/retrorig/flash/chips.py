"""The chips that carry the firmware, and why others don't."""

from __future__ import annotations

from typing import NamedTuple

from retrorig.errors import InputError, RigRefusedError


class Chip(NamedTuple):
    """A chip as esptool, its image format and MicroPython's downloads name it."""

    name: str  # as esptool prints it
    option: str  # as esptool's --chip takes it
    image_id: int  # in the extended header of an image (ESP-IDF, "App Image Format")
    image_at: int  # where the boot loader begins in flash
    board: str  # MicroPython's build for it


CHIPS = (
    Chip("ESP32", "esp32", 0, 0x1000, "ESP32_GENERIC"),
    Chip("ESP32-S3", "esp32s3", 9, 0x0, "ESP32_GENERIC_S3"),
)

IMAGE_IDS = {
    0: "ESP32",
    2: "ESP32-S2",
    5: "ESP32-C3",
    9: "ESP32-S3",
    12: "ESP32-C2",
    13: "ESP32-C6",
    16: "ESP32-H2",
}

WITHOUT_COUNTER = ("ESP32-C3", "ESP32-C2", "ESP8266")
"""No pulse counter in their data sheets; in Python alone, steps of the belt would be missed."""


def chip_named(name: str) -> Chip:
    """The chip that esptool found; RigRefusedError with the reason when it can't be used."""
    for chip in CHIPS:
        if chip.name == name:
            return chip
    good = " or ".join(chip.name for chip in CHIPS)
    if name in WITHOUT_COUNTER:
        raise RigRefusedError(
            f"The {name} has no pulse counter, so counts of the encoder would be lost: use an {good}.", "chip"
        )
    raise RigRefusedError(f"The {name} is not supported by this firmware: use an {good}.", "chip")


def chip_optioned(option: str) -> Chip:
    """The chip that a person names; InputError for an unknown one."""
    for chip in CHIPS:
        if option.lower().replace("-", "") == chip.option:
            return chip
    raise InputError(
        f"--chip {option!r} is not known: it can be {' or '.join(chip.option for chip in CHIPS)}."
    )
