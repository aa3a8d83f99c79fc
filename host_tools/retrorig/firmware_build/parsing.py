"""Reads the firmware's sources as the board's compiler does: without annotations, which leave nothing in bytecode."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, cast

TABLE_MARK = "transition_table"
"""Function of rigcore/transition_table.py whose call marks a table that names functions."""

CACHED_N = 256
"""Sources, as they are and folded: another build with few other modules is made in a third of the time."""


class DialectError(ValueError):
    """A source uses what the build can't follow the same way on every Python; args[0] says what."""


@lru_cache(maxsize=CACHED_N)
def parsed(source: bytes) -> ast.Module:
    """The syntax tree without annotations, not to be changed; every other node stands where it does in the text."""
    tree = cast(ast.Module, _Bare().visit(ast.parse(source)))
    for node in walked(tree):
        if isinstance(node, ast.JoinedStr):  # before Python 3.12 the names in it have wrong places
            raise DialectError(f"line {node.lineno}: write '%s' % value, the build can't follow f-strings")
    return tree


@lru_cache(maxsize=CACHED_N)
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of the tree, in the order of `ast.walk`, which takes most of a build's time."""
    return tuple(ast.walk(tree))


def marked_table(node: ast.AST) -> ast.Constant | None:
    """The text in `transition_table("...")`, None for any other node."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == TABLE_MARK):
        return None
    text = node.args[0] if len(node.args) == 1 else None
    return text if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


class _Bare(ast.NodeTransformer):
    """Takes the annotations off."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(ast.copy_location(ast.Assign([node.target], node.value), node))
