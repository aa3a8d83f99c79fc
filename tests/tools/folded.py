"""The firmware's modules with nothing but their constants folded, for what measures or runs them one by one."""

from __future__ import annotations

from collections.abc import Mapping

from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.parsing import TABLE_MARK


def folded_alone(modules: Mapping[str, bytes]) -> dict[str, bytes]:
    """With constants folded, and without the marks on tables that the next step of a build takes off."""
    return {path: text.replace(TABLE_MARK.encode() + b"(", b"(") for path, text in folded(modules).items()}
