"""board.py belongs to the builder: an update never overwrites it, and only adds what the new firmware needs."""

from __future__ import annotations

import ast

from retrorig.errors import InputError

NAME = "board.py"


def kept(theirs: bytes, ours: bytes, version: str) -> bytes:
    """The builder's file, with the names that only our newer one has appended. InputError when it can't be read."""
    try:
        known = set(_assigned(ast.parse(theirs)))
    except (SyntaxError, ValueError) as error:
        raise InputError(
            f"The board's {NAME} has a mistake ({error}): mend it, or delete it on the board."
        ) from None
    text = ours.decode()
    missing = [
        ast.get_source_segment(text, statement)
        for statement in ast.parse(text).body
        if isinstance(statement, ast.Assign)
        and not known & set(_assigned(statement))
        and set(_assigned(statement))
    ]
    if not missing:
        return theirs
    return (
        theirs.rstrip()
        + f"\n\n# Added by retrorig {version}:\n".encode()
        + "\n".join(map(str, missing)).encode()
        + b"\n"
    )


def _assigned(tree: ast.AST) -> list[str]:
    return [
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
