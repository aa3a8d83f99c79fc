"""Changes to source text that keep every line where it is, so that the compiler names the right one."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace a span (1-based lines, columns in bytes) by a text without line breaks."""

    first: int
    start: int
    last: int
    end: int
    text: str


def replacing(node: ast.expr | ast.stmt, text: str) -> Edit:
    """The edit that puts `text` in place of a node, decorators included."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return Edit(first, node.col_offset, node.end_lineno, node.end_col_offset, text)


def importing(node: ast.ImportFrom, kept: list[ast.alias]) -> Edit:
    """The edit that leaves only these names of an import."""
    left = ast.ImportFrom(node.module, kept, node.level)
    return replacing(node, ast.unparse(left) if kept else "pass")


def apply(source: bytes, edits: Iterable[Edit]) -> bytes:
    """The source with edits that do not overlap."""
    lines = source.split(b"\n")
    for edit in sorted(edits, reverse=True):
        tail = lines[edit.last - 1][edit.end :]
        begun = lines[edit.first - 1][: edit.start] + edit.text.encode() + tail
        lines[edit.first - 1 : edit.last] = [begun] + [b""] * (edit.last - edit.first)
    return b"\n".join(lines)
