"""Commands in the pages: what is printed there, in the order in which a reader meets it.

Commands stand in blocks indented by four spaces, one a line, beginning with `retrorig`, `make` or another program; a
line that does not begin with a known program is output and is left to the reader's eye. Comments for the tests, which
no reader sees:

    <!-- shown, not run: REASON -->     of the next block: only names of commands and options are checked
    <!-- later: SECONDS -->             so much virtual time passes
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = (
    "hardware/BUILDING.md",
    "firmware/ATHLETE.md",
    "host_tools/COACH.md",
    "host_tools/TROUBLESHOOTING.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "host_tools/COMMANDS.md",
    "host_tools/INSTALL.md",
    "host_tools/WINDOWS.md",
    "host_tools/MACOS.md",
    "host_tools/SITES.md",
    "README.md",
    "hardware/README.md",
    "firmware/README.md",
    "host_tools/README.md",
    "tests/README.md",
)
SHELL = ("mkdir", "export")
"""What a reader's shell does; tests/docs/playing.py does it too."""

PROGRAMS = ("retrorig", ".venv/bin/retrorig", "make", *SHELL)

_SHOWN = re.compile(r"<!-- shown, not run: (.+) -->")
_LATER = re.compile(r"<!-- later: (\d+) -->")
_PROMPTED = re.compile(r"^ {4}(?:\$ )?(\S.*)$")


class Line(NamedTuple):
    """A command of a page, or a wait (`words` empty)."""

    page: str
    number: int
    words: tuple[str, ...]
    is_run: bool
    later_s: int = 0

    def __str__(self) -> str:
        return f"{self.page}:{self.number}: {' '.join(self.words)}"


def lines(page: str) -> list[Line]:
    """Commands and waits of a page in order."""
    found, is_shown = [], False
    for number, text in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        if _SHOWN.search(text):
            is_shown = True
        elif later := _LATER.search(text):
            found.append(Line(page, number, (), True, int(later.group(1))))
        elif match := _PROMPTED.match(text):
            words = tuple(shlex.split(match.group(1), comments=True)) if _is_command(match.group(1)) else ()
            if words:
                found.append(Line(page, number, words, not is_shown))
        elif text.strip():
            is_shown = False
    return found


def mentioned(page: str) -> list[str]:
    """Commands between backquotes in running text, as `retrorig plan push`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"(?<!`)`((?:retrorig|make) [^`]+)`(?!`)", text)


def _is_command(text: str) -> bool:
    return text.split()[0] in PROGRAMS
