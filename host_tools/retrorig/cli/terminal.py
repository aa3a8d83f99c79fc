"""Keeps control characters from the terminal: a board's label or a name from another library is shown as text.

Controls are written as JSON escapes them, `\\u001b`: in a table they are seen, and JSON stays the JSON it was.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_VISIBLE = {code: f"\\u{code:04x}" for code in range(0xA0) if code < 0x20 or code >= 0x7F}
del _VISIBLE[ord("\t")], _VISIBLE[ord("\n")]


class _Plain:
    """A text stream with the controls made visible; in all else the stream that it was."""

    def __init__(self, stream: Any) -> None:
        self.raw_text = stream

    def write(self, text: str) -> int:
        if not all(map(str.isprintable, text.split("\n"))):  # seven times as quick as to translate all
            text = text.translate(_VISIBLE)
        return self.raw_text.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw_text, name)


ESCAPES = "retrorig-escapes"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a character set lacks, as JSON escapes it: the value is the same, and no line is lost."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)), error.end


codecs.register_error(ESCAPES, _escaped)


def _take_every_letter(stream: Any) -> None:
    """A stream that can write each name: files and pipes in UTF-8, a terminal or a wish of the user with escapes."""
    if not hasattr(stream, "reconfigure"):  # a test's
        return
    is_wished = stream.isatty() or os.environ.get("PYTHONIOENCODING")
    stream.reconfigure(encoding=None if is_wished else "utf-8", errors=ESCAPES)


@contextmanager
def plain_streams() -> Iterator[None]:
    """stdout and stderr take text alone while this lasts, and every letter of it."""
    before = sys.stdout, sys.stderr
    for stream in before:
        _take_every_letter(stream)
    sys.stdout, sys.stderr = map(_Plain, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def write_json(text: str) -> None:
    """JSON without a CR on stdout, quickly: of the other controls of ASCII it can hold but DEL."""
    has_controls = not text.isascii() or "\x7f" in text
    (sys.stdout if has_controls else commanding(sys.stdout)).write(text)


def commanding(stream: Any) -> Any:
    """The stream itself, for what moves the cursor on purpose and shows no word of a rig."""
    return getattr(stream, "raw_text", stream)
