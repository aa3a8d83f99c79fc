"""Leaves out the functions that nothing on the board names: those which only the host calls.

Board and host share modules, for both must agree on records, messages and arithmetic. But decoding a log
is the host's part, and each function costs the board a hundred bytes of heap and more. A function, class
or method goes when its name occurs nowhere on the board, not even as a word in a string (tables name
their actions so). The test is by name alone, so it errs only towards file_backup.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from retrorig.firmware_build.edits import Edit, apply, importing, replacing

_Definition = ast.FunctionDef | ast.ClassDef
_WORD = re.compile(r"[A-Za-z_]\w*")


def trimmed(modules: Mapping[str, bytes], others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The modules (path -> source) without what neither they nor the `others` name."""
    trees = {path: ast.parse(text) for path, text in {**others, **modules}.items()}
    used = Counter(name for tree in trees.values() for name in _named(tree))
    left = {id(node): (node, Counter(_named(node))) for path in modules for node in _definitions(trees[path])}
    gone: list[_Definition] = []
    while unused := [node for node, own in left.values() if used[node.name] <= own[node.name]]:
        for node in unused:
            if id(node) in left:  # not gone already with its class
                used -= left[id(node)][1]
                gone.append(node)
                for part in (node, *node.body):
                    left.pop(id(part), None)
    names = {node.name for node in gone} - {node.name for node, _ in left.values()}
    return {path: apply(text, _edits(trees[path], gone, names)) for path, text in modules.items()}


def _definitions(tree: ast.Module) -> Iterator[_Definition]:
    """Functions and classes of a module, and the methods of its classes; not what Python calls itself."""
    for node in tree.body:
        if isinstance(node, _Definition):
            yield node
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            yield from (method for method in methods if not method.name.startswith("__"))


def _named(tree: ast.AST) -> Iterator[str]:
    """Every name that occurs in code or strings; imports and docstrings name without using."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from _WORD.findall(node.value)


def _edits(tree: ast.Module, gone: list[_Definition], names: set[str]) -> Iterator[Edit]:
    for node in tree.body:
        if node in gone:
            yield replacing(node, "pass")
        elif isinstance(node, ast.ClassDef):
            yield from (replacing(part, "pass") for part in node.body if part in gone)
        elif isinstance(node, ast.ImportFrom) and any(alias.name in names for alias in node.names):
            yield importing(node, [alias for alias in node.names if alias.name not in names])
