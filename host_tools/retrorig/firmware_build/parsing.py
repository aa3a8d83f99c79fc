"""Reads the firmware's sources as the board's compiler does: without annotations, which leave nothing in bytecode."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

TABLE_MARK = "transition_table"
"""Function of rigcore/transition_table.py whose call marks a table that names functions."""

CACHED_N = 512
"""Sources, as they are, folded, by the board's names: another build with few other modules is made in half the time."""


class DialectError(ValueError):
    """A source uses what the build can't follow the same way on every Python; args[0] says what."""


@lru_cache(maxsize=CACHED_N)
def parsed(source: bytes) -> ast.Module:
    """The syntax tree without annotations, not to be changed; every other node stands where it does in the text."""
    tree = ast.parse(source)
    for node in _nodes(tree):
        _make_bare(node)
    for node in walked(tree):
        if isinstance(node, ast.JoinedStr):  # before Python 3.12 the names in it have wrong places
            raise DialectError(f"line {node.lineno}: write '%s' % value, the build can't follow f-strings")
    return tree


@lru_cache(maxsize=CACHED_N)
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of the tree, in the order of `ast.walk`, which takes three times as long: most of a build's time."""
    return tuple(_nodes(tree))


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Each node before its children are looked at, so that those can still be changed."""
    found = deque([tree])
    while found:
        node = found.popleft()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found.extend([each for each in value if isinstance(each, ast.AST)])


def marked_table(node: ast.AST) -> ast.Constant | None:
    """The text in `transition_table("...")`, None for any other node."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == TABLE_MARK):
        return None
    text = node.args[0] if len(node.args) == 1 else None
    return text if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


def _make_bare(node: ast.AST) -> None:
    """Take the annotations off a node and the statements in it."""
    if isinstance(node, ast.arg):
        node.annotation = None
    elif isinstance(node, ast.FunctionDef):
        node.returns = None
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            statements[:] = [_bare(each) if isinstance(each, ast.AnnAssign) else each for each in statements]


def _bare(said: ast.AnnAssign) -> ast.stmt:
    return ast.copy_location(ast.Assign([said.target], said.value) if said.value else ast.Pass(), said)
