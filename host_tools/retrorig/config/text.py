"""Settings as a TOML file that explains itself, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from retrorig.config.listing import listed
from retrorig.errors import InputError
from retrorig.texts import parse_toml

HEAD = """\
# Settings of rig {rig}. Save and close to store them all; a file without changes changes nothing.
"""


def as_text(rig: str, values: Mapping[str, Any]) -> str:
    """The file to edit."""
    lines = [HEAD.format(rig=rig)]
    for setting in listed(values):
        unit = f" {setting.unit}" if setting.unit else ""
        start = "; read when the rig starts" if setting.at_start else ""
        lines.append(f"# {setting.help}: {setting.possible}{unit} (default {setting.default}){start}")
        lines.append(f"{setting.name} = {json.dumps(setting.value)}\n")
    return "\n".join(lines)


def from_text(text: str) -> dict[str, Any]:
    """The settings in such a file; InputError when it is no TOML."""
    try:
        return parse_toml(text, "settings", "settings file")
    except InputError as error:
        raise InputError(f"{str(error).rstrip('.')}; nothing was changed.") from None
