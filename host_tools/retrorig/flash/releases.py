"""MicroPython's releases for our chips, where they are, and their SHA-256."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from retrorig.errors import InputError
from retrorig.flash.chips import Chip
from retrorig.flash.sums import Sums

SOURCE = "https://micropython.org/resources/firmware/"


class Release(NamedTuple):
    """One file of the official place. `sha256` is None where no sum is known: its user must confirm one."""

    version: str
    date: str
    chip: str  # esptool's option
    sha256: str | None = None


RELEASES = (
    Release("1.29.0", "20260824", "esp32"),
    Release("1.29.0", "20260824", "esp32s3"),
    Release(
        "1.28.0", "20260406", "esp32", "cd7820d02c35d34dd403b44263129c6a511b350aea8446c229890753fe240784"
    ),
    Release(
        "1.28.0", "20260406", "esp32s3", "8c6039d40024cae3c6b04bb434f77901548f5487df9789af15548c54f9e11d7f"
    ),
    Release("1.27.0", "20251209", "esp32"),
    Release("1.27.0", "20251209", "esp32s3"),
    Release("1.26.1", "20250911", "esp32"),
    Release("1.26.1", "20250911", "esp32s3"),
)
"""Newest first.

micropython.org publishes no sums, and we could not fetch these files. The sums are what others pinned after fetching
them: of the ESP32's, Saint-Francis-Robotics-Team2367/minibots-2026 (scripts/flash-robot.sh) and, independently,
Robota-LLC/Warblet-IoT (open-starter/README.md, commit 4e2012ca); the latter alone of the ESP32-S3's.
"""


def release(chip: Chip, version: str | None) -> Release:
    """The release for a chip, without `version` the newest whose sum is known; InputError names the known ones."""
    fitting = [known for known in RELEASES if known.chip == chip.option]
    for known in fitting:
        if known.version == version or version is None and known.sha256:
            return known
    raise InputError(
        f"MicroPython {version} is not in the list: --version can be {', '.join(k.version for k in fitting)}."
    )


def url(chip: Chip, wanted: Release) -> str:
    """Where the official place keeps it."""
    return f"{SOURCE}{file_name(chip, wanted)}"


def file_name(chip: Chip, wanted: Release) -> str:
    """The file's name on micropython.org."""
    return f"{chip.board}-{wanted.date}-v{wanted.version}.bin"


def published(chip: Chip, name: str) -> str | None:
    """The sum in the list of releases of a file with this name."""
    return next(
        (one.sha256 for one in RELEASES if one.chip == chip.option and file_name(chip, one) == name), None
    )


def checked_sum(content: bytes, chip: Chip, name: str, given: str | None, sums: Sums) -> tuple[str, str]:
    """The SHA-256 of an image and who says that it is right; InputError when it differs or nobody says so.

    Of those who can, the list of releases counts first, then the user, then what the user said of such a file before.
    """
    found = hashlib.sha256(content).hexdigest()
    for expected, who in (
        (published(chip, name), "in the list"),
        (given, "given"),
        (None if given else sums.remembered(name), "remembered"),
    ):
        if expected and expected.lower() != found:
            raise InputError(
                f"{name} is damaged or another file: its SHA-256 is {found}, and {expected.lower()} is {who}. "
                "Fetch it again."
            )
        if expected:
            return found, who
    raise InputError(
        f"No SHA-256 of {name} is known. This copy is whole and has {found}: "
        f"if it came from a place you trust, repeat with --sha256 {found}; later copies are then held against it."
    )
