"""Lets the user edit a text in an editor."""

from __future__ import annotations

import os
import shlex
import subprocess

from retrorig.errors import InputError
from retrorig.scratch import scratch_folder
from retrorig.texts import read_text

DEFAULT = "notepad" if os.name == "nt" else "vi"


def edited(text: str) -> str:
    """What the user makes of a text in $VISUAL or $EDITOR; InputError when the editor fails."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or DEFAULT
    with scratch_folder() as folder:
        file = folder / "settings.toml"
        file.write_text(text, encoding="utf-8")
        try:
            status = subprocess.run([*shlex.split(command), str(file)], check=False).returncode
        except OSError as error:
            raise InputError(
                f"The editor {command!r} does not start ({error.strerror}): set EDITOR."
            ) from None
        if status:
            raise InputError(f"The editor {command!r} failed with status {status}; nothing was changed.")
        return read_text(file, "settings file")
