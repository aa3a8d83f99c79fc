"""The page of all commands, made from the command line's own help: `python -m tests.docs.commands` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from retrorig.cli.app import app_for

PAGE = "host_tools/COMMANDS.md"
ROOT = Path(__file__).parents[2]

_HEAD = """# All commands

Made from the commands' own help by `.venv/bin/python -m tests.docs.commands`; `--help` tells the options.
Exit status: 0 done; 2 bad input; 3 rig not found or link lost; 4 the rig refused or reported a fault; 130 Ctrl-C.

| command | does | for example |
|---|---|---|
"""


def leaves(command: object = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every command that does something, with the words that call it."""
    command = command or get_command(app_for(["--help"]))
    found = getattr(command, "commands", None)
    if not found:
        yield path, command
        return
    for name, below in found.items():
        yield from leaves(below, (*path, name))


def page() -> str:
    """The page as it should be."""
    return _HEAD + "".join(_row(path, command) for path, command in leaves())


def _row(path: tuple[str, ...], command: object) -> str:
    text = " ".join((getattr(command, "help", None) or "").split())
    first, _, rest = text.partition("Example: ")
    example = re.split(r" Example: ", rest)[0]
    sentence = re.split(r"(?<=[a-z)])\. ", first)[0].rstrip(". ")
    return f"| `{' '.join(path)}` | {sentence} | `{example}` |\n".replace("\\|", "/")


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
