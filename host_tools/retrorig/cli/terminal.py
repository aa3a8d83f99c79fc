"""What reaches the terminal: text alone. A board's label or a name from somebody else's library commands nothing.

Controls are written as JSON escapes them, `\\u001b`: in a table they are seen, and JSON stays the JSON it was.
"""

from __future__ import annotations

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
        return self.raw_text.write(text.translate(_VISIBLE))  # of ASCII a gigabyte a second

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw_text, name)


@contextmanager
def plain_streams() -> Iterator[None]:
    """stdout and stderr take text alone while this lasts."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_Plain, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def commanding(stream: Any) -> Any:
    """The stream itself, for what moves the cursor on purpose and shows no word of a rig."""
    return getattr(stream, "raw_text", stream)
