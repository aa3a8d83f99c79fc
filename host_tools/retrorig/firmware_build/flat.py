"""Lays all modules side by side on the board, without packages: there each folder's name costs memory for every module.

A module `rigcore.speed` is two names for ever, "rigcore.speed" and "speed", and a place in its package; `speed` alone
is one. The sources keep their packages. Followed are imports at any place, texts that are a module's whole name,
such as transient_import("app.live"), and `__file__`, which stays what it was.

The name of a module and the path of its file stay in memory for ever, once it was loaded. So each gets a number for
its name on the board, like those of names.py: no name more, and a shorter path (`numbered`).

That saves 3.2 KiB of the chip's heap after the start: of names there were 700, then 547, and the chip's tables
double at 620; numbers save 0.8 KiB more, and after each request was asked there are 585 names instead of 621.
`.venv/bin/python -m tests.bench.build_savings` measures it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from retrorig.firmware_build.edits import Edit, apply, replacing
from retrorig.firmware_build.kept_names import CHIP, INTERPRETER
from retrorig.firmware_build.parsing import DialectError, parsed


class Flat(NamedTuple):
    """Modules and scripts by their path on the board, and where each module lies in the sources."""

    modules: dict[str, bytes]
    scripts: dict[str, bytes]
    origins: dict[str, str]


def numbered(modules: Iterable[str], members: Collection[str]) -> dict[str, str]:
    """The board's name of each module but for `members`, which will be none there, and packages; by its path."""
    files = (path for path in modules if path not in members and not path.endswith("/__init__.py"))
    return {path: f"_{number}" for number, path in enumerate(sorted(files))}


def flattened(
    modules: Mapping[str, bytes], scripts: Mapping[str, bytes], numbers: Mapping[str, str] | None = None
) -> Flat:
    """Modules and scripts without packages; DialectError when two modules would have one name.

    `numbers`: what modules are called on the board, by path, that do not keep their names.
    """
    packages = {dotted(path) for path in modules if path.endswith("/__init__.py")}
    leaves = {dotted(path): leaf(path) for path in modules if not path.endswith("/__init__.py")}
    names = [*leaves.values(), *(CHIP | INTERPRETER)]
    twice = sorted(name for name in set(leaves.values()) if names.count(name) > 1)
    if twice:
        raise DialectError(f"two modules cannot have one name on the board: {', '.join(twice)}")
    numbers = numbers or {}
    leaves.update((dotted(path), number) for path, number in numbers.items())
    origins = {
        f"{numbers.get(path, leaf(path))}.py": path for path in modules if not path.endswith("/__init__.py")
    }

    def flat(path: str, text: bytes) -> bytes:
        return apply(text, _edits(parsed(text), path, leaves, packages))

    return Flat(
        {name: flat(path, modules[path]) for name, path in origins.items()},
        {path: flat(path, text) for path, text in scripts.items()},
        origins,
    )


def dotted(path: str) -> str:
    """A module's name in the sources, such as rigcore.speed."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def leaf(path: str) -> str:
    """A module's name on the board, such as speed."""
    return path.rpartition("/")[2].removesuffix(".py")


def _edits(tree: ast.Module, path: str, leaves: Mapping[str, str], packages: set[str]) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            package = dotted(path).rsplit(".", node.level)[0] if node.level else ""
            origin = ".".join(part for part in (package, node.module) if part)
            if origin in leaves:
                yield replacing(node, ast.unparse(ast.ImportFrom(leaves[origin], node.names, 0)))
            elif origin in packages:
                yield replacing(node, _modules_of(node, origin, leaves))
        elif isinstance(node, ast.Import):
            names = [_module(leaves.get(alias.name, alias.name), alias) for alias in node.names]
            yield replacing(node, ast.unparse(ast.Import(names)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in leaves:
            yield replacing(node, repr(leaves[node.value]))
        elif isinstance(node, ast.Name) and node.id == "__file__":
            yield replacing(node, repr(f"/{path}"))


def _modules_of(node: ast.ImportFrom, package: str, leaves: Mapping[str, str]) -> str:
    """The import of those names that are modules; others are for type checkers."""
    names = [
        _module(leaves[f"{package}.{alias.name}"], alias)
        for alias in node.names
        if f"{package}.{alias.name}" in leaves
    ]
    return ast.unparse(ast.Import(names)) if names else "pass"


def _module(name: str, alias: ast.alias) -> ast.alias:
    """A module of this name, known in the code by the name that it was imported as."""
    known = alias.asname or alias.name.rpartition(".")[2]
    return ast.alias(name, None if known == name else known)
