"""Where a mutant tells something: not where another text is the same program; and where lines have changed."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.mutants.copies import ROOT, git

Place = tuple[int, int]
"""Line, from 1 on, and column."""


@lru_cache(maxsize=512)
def equal_places(path: Path) -> list[tuple[Place, Place]]:
    """From where to where another text would be the same program, in a file of the checkout."""
    return equal_in((ROOT / path).read_text("utf-8"))


def equal_in(source: str) -> list[tuple[Place, Place]]:
    nodes: list[Any] = [node for top in ast.walk(ast.parse(source)) for node in _equal_nodes(top)]
    return [((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)) for node in nodes]


def _equal_nodes(node: ast.AST) -> list[ast.AST]:
    """What only a type checker reads, what says aloud that a mistake is none (`strict`, `frozen`), and a tune's notes.

    Nobody hears a hertz or a millisecond more or less. A silence, 0 Hz, would become a click. What can be heard of a
    tune has its tests: that it is another one, which way it goes, how long it is.
    """
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return [node]
    if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
        return [node]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return [a for a in (*(one.annotation for one in arguments), node.returns) if a]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("zip", "dataclass"):
        return [word for word in node.keywords if word.arg in ("strict", "frozen")]
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TUNES":
        return [
            one
            for one in ast.walk(node.value)
            if isinstance(one, ast.Constant) and type(one.value) is int and one.value
        ]
    return [node.annotation] if isinstance(node, ast.AnnAssign) else []


def changed_since(commit: str) -> dict[Path, set[int]]:
    """Lines of sources that differ from a commit's."""
    return changed_in(git("diff", "--unified=0", commit, "--", "*.py"))


def changed_in(diff: list[str]) -> dict[Path, set[int]]:
    """Lines, as they are now, by file, of a diff without lines around."""
    found: dict[Path, set[int]] = defaultdict(set)
    path = Path()
    for line in diff:
        if line.startswith("+++ "):
            path = Path(line.removeprefix("+++ b/"))
        elif line.startswith("@@"):
            first, _, count = line.split()[2].lstrip("+").partition(",")
            found[path] |= set(range(int(first), int(first) + int(count or 1)))
    return dict(found)


def imports(text: str, path: Path) -> bool:
    """Whether a test's text imports a source by its name."""
    parts = [part for part in path.with_suffix("").parts if part not in ("host_tools", "firmware")]
    package, name = ".".join(parts[:-1]), parts[-1]
    from_package = rf"from {re.escape(package)} import (\([^)]*|[^(\n]*)\b{name}\b"
    return f"{package}.{name} " in text.replace("\n", " ") or re.search(from_package, text) is not None
