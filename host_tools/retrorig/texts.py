"""Text that people give us: one reader for recordings, plans, rig descriptions and backups.

Whatever is no plain UTF-8 text ends in one sentence that says how to save it.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from retrorig.errors import InputError

TEXT_BYTES_MAX = 1 << 20
"""A megabyte: no plan, rig description or backup has a hundredth of it."""

NAME_SHOWN = 60
"""Characters of a name that a sentence repeats."""

_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_LINE = re.compile(r" ?\(at line (\d+), column \d+\)| ?\(at end of document\)")
_COMMA = re.compile(r"^[^\"'#]*=\s*[-+]?\d+,\d+\s*(#.*)?$")


def shown(name: object) -> str:
    """A name that somebody gave, short enough for a sentence."""
    text = str(name)
    return text if len(text) <= NAME_SHOWN else f"{text[: NAME_SHOWN // 2]}...{text[-NAME_SHOWN // 2 :]}"


def is_there(path: Path) -> bool:
    """Whether something has this name; a name that can't be one is that of nothing."""
    try:
        return path.exists()
    except PermissionError:
        raise
    except (OSError, ValueError):  # too long, or with a zero in it
        return False


def read_text(path: Path, what: str, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """The text of a file, with plain line ends and without a byte-order mark.

    what: what the file should be, as "plan". InputError for what is no file, too large, or no UTF-8.
    """
    data = read_file(path, what, bytes_max)
    if b"\0" in data or data.startswith(tuple(mark for mark, _ in _MARKS)):
        form = next((form for mark, form in _MARKS if data.startswith(mark)), "")
        _refuse(path, data.find(b"\0"), data, f"not plain text{form and f', but {form}'}", what)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(path, error.start, data, "not UTF-8 text", what)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The tables of a TOML file; InputError names the line."""
    return parse_toml(read_text(path, what), path.name, what)


def parse_toml(text: str, name: str, what: str) -> dict[str, Any]:
    """The tables of a TOML text."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_toml_sentence(str(error), text, shown(name), what)) from None
    except RecursionError:
        raise InputError(f"The {what} {shown(name)} is nested too deeply: write it flat.") from None
    except ValueError:  # of whole numbers with thousands of digits
        raise InputError(f"The {what} {shown(name)} holds a number with far too many digits.") from None


def read_json(path: Path, what: str) -> Any:
    """What a JSON file holds; InputError when it is none."""
    text = read_text(path, what)
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InputError(f"{shown(path.name)} is damaged or no {what}: take another one.") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def read_file(path: Path, what: str, bytes_max: int) -> bytes:
    """The content of an ordinary file; InputError for a folder, a device, a pipe, or more than bytes_max."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _AT_ONCE | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise InputError(f"{shown(path)} is no ordinary file: name the {what} itself.")
            data = file.read(bytes_max + 1)
    except IsADirectoryError:
        raise InputError(f"{shown(path)} is a folder: name the {what} in it.") from None
    except FileNotFoundError:
        raise InputError(f"There is no {what} {shown(path)}: check the name and the folder.") from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # as Windows says it
            raise InputError(f"{shown(path)} is a folder: name the {what} in it.") from None
        reason = getattr(error, "strerror", None) or "no file can have that name"
        raise InputError(f"{shown(path)} can't be read ({reason}): check its name and rights.") from None
    if len(data) > bytes_max:
        raise InputError(f"{shown(path)} has more than {bytes_max >> 20} MB: that is no {what}.")
    return data


def _refuse(path: Path, at: int, data: bytes, why: str, what: str) -> NoReturn:
    line = data[: max(0, at) + 1].count(b"\n") + 1
    raise InputError(f"{shown(path.name)}, line {line}: {why}; save the {what} as UTF-8 text.")


def _toml_sentence(message: str, text: str, name: str, what: str) -> str:
    """The parser's message with its line, and how to correct the commonest mistake."""
    found = _LINE.search(message)
    number = int(found[1]) if found and found[1] else text.count("\n") + 1
    line = text.split("\n")[number - 1] if number <= text.count("\n") + 1 else ""
    if _COMMA.match(line):
        return f"{name} line {number}: the decimal mark is a point, as in 1.5."
    reason = shown(_LINE.sub("", message).strip().rstrip("."))
    return f"{name} line {number}: this is no line of a {what} ({reason[:1].lower()}{reason[1:]})."
