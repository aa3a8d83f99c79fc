"""Gives private names short ones that modules share, as the board keeps every distinct name in its heap.

The interpreter holds names in tables that double when they are full, so a hundred names more can cost
twenty thousand bytes. A name that begins with an underscore and occurs in one module only becomes `_0`,
`_1` ... there, the same few in every module. Files and lines in a traceback stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from retrorig.compiling.edits import Edit, apply

_PRIVATE = re.compile(r"_(?!_)\w*")


def shortened(modules: Mapping[str, bytes], others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The modules (path -> source) with short private names; what the `others` mention is kept."""
    trees = {path: ast.parse(text) for path, text in modules.items()}
    places = {path: list(_places(tree, modules[path])) for path, tree in trees.items()}
    kept = {word for tree in trees.values() for word in _spoken(tree)}
    kept.update(word for text in others.values() for word in _PRIVATE.findall(text.decode()))
    in_modules = Counter(name for found in places.values() for name in {name for name, _, _ in found})
    return {
        path: apply(modules[path], _edits(found, kept | {n for n in in_modules if in_modules[n] > 1}))
        for path, found in places.items()
    }


def _edits(places: list[tuple[str, int, int]], kept: set[str]) -> Iterator[Edit]:
    counts = Counter(name for name, _, _ in places if name not in kept)
    short = {name: f"_{number}" for number, (name, _) in enumerate(counts.most_common())}
    for name, line, column in places:
        if name in short:
            yield Edit(line, column, line, column + len(name), short[name])


def _places(tree: ast.Module, source: bytes) -> Iterator[tuple[str, int, int]]:
    """(name, line, column) of every private name in code."""
    lines = source.split(b"\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            place = (node.id, node.lineno, node.col_offset)
        elif isinstance(node, ast.Attribute):
            assert node.end_lineno is not None and node.end_col_offset is not None
            place = (node.attr, node.end_lineno, node.end_col_offset - len(node.attr))
        elif isinstance(node, ast.arg | ast.keyword):
            place = (node.arg or "", node.lineno, node.col_offset)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            start = lines[node.lineno - 1].index(node.name.encode(), node.col_offset)
            place = (node.name, node.lineno, start)
        else:
            continue
        if _PRIVATE.fullmatch(place[0]):
            yield place


def _spoken(tree: ast.Module) -> Iterator[str]:
    """Private names in strings, imports and `global`: where they can't be followed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _PRIVATE.findall(node.value)
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Global):
            yield from node.names
