"""Makes one module of all that stay in the board's memory: each module costs it a dictionary, tables and names.

What `app.wiring` imports stays for good and becomes `core`. What main.py needs before it (to show a page at once), what
is loaded for the moment, and what a board may do without, remain modules of their own. A module's global `feed`
becomes `ticks__feed`, of which names.py makes a short name; whoever imports it takes it from `core`.

That saves 9,396 of 104,478 bytes of bytecode and, after the start, 7.5 KiB of heap on the chip's words:
`.venv/bin/python -m tests.bench.build_savings` measures it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from retrorig.firmware_build.edits import Edit, apply, replacing
from retrorig.firmware_build.flat import dotted, leaf
from retrorig.firmware_build.parsing import DialectError, parsed, walked

NAME = "core"
ROOT = "app/wiring.py"
FIRST = "main.py"
SHORT_N = 118
"""Names whose numbers take one byte, but for some that the interpreter puts before them."""


class Bundle(NamedTuple):
    """Modules and scripts whose members refer to each other's globals, not yet joined; `apart`: names in `core`."""

    modules: dict[str, bytes]
    scripts: dict[str, bytes]
    members: list[str]
    apart: set[str]


def bundled(modules: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> Bundle:
    """All texts, with the globals of the members named after their modules; nothing changes without a `ROOT`."""
    members = _members(modules, scripts)
    known = {dotted(path): path for path in members}
    texts = {
        path: apply(text, _Renaming(path, parsed(text), known).edits()) for path, text in modules.items()
    }
    _refuse_keywords(texts, scripts)
    said = {path: apply(text, _in_strings(parsed(text), known)) for path, text in scripts.items()}
    return Bundle(
        texts, said, members, {name for path in members for name in _bound(parsed(texts[path]).body)}
    )


def joined(modules: Mapping[str, bytes], members: Iterable[str]) -> dict[str, bytes]:
    """The modules with the members (by their names on the board) in one."""
    names = [f"{leaf(path)}.py" for path in members]
    rest = {name: text for name, text in modules.items() if name not in names}
    whole = b"\n".join(modules[name] for name in names)
    return {**rest, f"{NAME}.py": _naming_most_used(whole) + whole} if names else rest


def _naming_most_used(text: bytes) -> bytes:
    """A line that is never carried out and mentions the names that are used most.

    A name's number in the bytecode counts the names before it, and takes a byte below 128, else two. The module's own
    functions would all come before the attributes: 2 KB more.
    """
    nodes = walked(parsed(text))
    own = _globals(parsed(text).body)
    used = Counter(node.attr for node in nodes if isinstance(node, ast.Attribute))
    used.update(node.arg for node in nodes if isinstance(node, ast.arg))
    used.update(node.name for node in nodes if isinstance(node, ast.FunctionDef))
    used.update(node.id for node in nodes if isinstance(node, ast.Name) and node.id in own)
    most = sorted(used, key=lambda name: (-used[name], name))[:SHORT_N]
    return f"__name__ == 0 and __name__.{'.'.join(most)}\n".encode()


def plain_name(path: str, name: str) -> str:
    """A member's function as its source calls it, such as session.feed."""
    return f"{leaf(path)}.{name.removeprefix(f'{leaf(path)}__')}"


def _members(modules: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> list[str]:
    """Paths of what becomes one module, each after those that it imports."""
    if ROOT not in modules:
        return []
    paths = {dotted(path): path for path in modules}
    early = _reached(list(_imported(walked(parsed(scripts[FIRST])), FIRST, paths)), modules, paths)
    found = _reached([ROOT], modules, paths)
    return [path for path in found if path != ROOT and path not in early and "__init__" not in path]


def _reached(start: Iterable[str], modules: Mapping[str, bytes], paths: Mapping[str, str]) -> list[str]:
    order: list[str] = []
    seen: set[str] = set()

    def visit(path: str) -> None:
        if path not in seen:
            seen.add(path)
            for other in _imported(parsed(modules[path]).body, path, paths):
                visit(other)
            order.append(path)

    for path in start:
        visit(path)
    return order


def _imported(nodes: Iterable[ast.AST], path: str, paths: Mapping[str, str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (paths[alias.name] for alias in node.names if alias.name in paths)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, path)
            for name in (origin, *(f"{origin}.{alias.name}" for alias in node.names)):
                if name in paths:
                    yield paths[name]


def _origin(node: ast.ImportFrom, path: str) -> str:
    package = dotted(path).rsplit(".", node.level)[0] if node.level else ""
    return ".".join(part for part in (package, node.module) if part)


def _globals(body: Iterable[ast.stmt]) -> set[str]:
    """Names that a module gives to things of its own, not to what it imports."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            found.update(
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            )
    return found


def _bound(body: Iterable[ast.stmt]) -> Iterator[str]:
    """All that a module has, what it imports from others too."""
    yield from _globals(body)
    for node in body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _in_strings(tree: ast.Module, known: Mapping[str, str]) -> Iterator[Edit]:
    for node in walked(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
            yield replacing(node, repr(NAME))


class _Renaming:
    """The edits of one module."""

    def __init__(self, path: str, tree: ast.Module, known: Mapping[str, str]) -> None:
        self._path, self._tree, self._known = path, tree, known
        own = _globals(tree.body) if path in known.values() else set()
        self._new = {name: _new_name(path, name) for name in own}
        self._bound: dict[str, str] = {}  # names of member modules here, and their paths
        for node in walked(tree):
            if isinstance(node, ast.ImportFrom):
                self._learn(node)

    def _learn(self, node: ast.ImportFrom) -> None:
        origin = _origin(node, self._path)
        for alias in node.names:
            name = alias.asname or alias.name
            if origin in self._known:
                self._new[name] = _new_name(self._known[origin], alias.name)
            elif f"{origin}.{alias.name}" in self._known:
                self._bound[name] = self._known[f"{origin}.{alias.name}"]

    def edits(self) -> Iterator[Edit]:
        classes = [node for node in walked(self._tree) if isinstance(node, ast.ClassDef)]
        inner = {id(node) for each in classes for node in each.body}
        for each in classes:
            self._refuse(
                set(self._new) & _globals(n for n in each.body if not isinstance(n, ast.FunctionDef))
            )
        skipped = set()
        for node in walked(self._tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id in self._bound:
                    skipped.add(id(node.value))
                    yield replacing(node, _new_name(self._bound[node.value.id], node.attr))
            elif isinstance(node, ast.ImportFrom):
                yield from self._import(node)
            elif isinstance(node, ast.Constant) and node.value in self._known:
                self._refuse({str(node.value)})
            elif id(node) not in skipped and not (isinstance(node, ast.FunctionDef) and id(node) in inner):
                yield from self._name(node)

    def _name(self, node: ast.AST) -> Iterator[Edit]:
        if isinstance(node, ast.ExceptHandler):
            self._refuse({node.name or ""} & {*self._new, *self._bound})
        if not isinstance(node, ast.Name | ast.arg | ast.FunctionDef | ast.ClassDef):
            return
        name, start = _named(node)
        self._refuse({name} & set(self._bound))
        if name in self._new:
            yield Edit(node.lineno, start, node.lineno, start + len(name), self._new[name])

    def _import(self, node: ast.ImportFrom) -> Iterator[Edit]:
        origin = _origin(node, self._path)
        is_member = self._path in self._known.values()
        taken, rest = [], []
        for alias in node.names:
            if origin in self._known:
                taken.append(_new_name(self._known[origin], alias.name))
            elif f"{origin}.{alias.name}" in self._known:
                taken += sorted(self._used_of(alias.asname or alias.name))
            else:
                rest.append(alias)
        if len(rest) < len(node.names):
            parts = [f"from {NAME} import {', '.join(taken)}"] if taken and not is_member else []
            parts += [ast.unparse(ast.ImportFrom(node.module, rest, node.level))] if rest else []
            yield replacing(node, "; ".join(parts) or "pass")

    def _used_of(self, name: str) -> set[str]:
        return {
            _new_name(self._bound[name], node.attr)
            for node in walked(self._tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        }

    def _refuse(self, names: set[str]) -> None:
        if names:
            raise DialectError(f"{self._path}: {', '.join(sorted(names))} can't be followed into {NAME}")


def _named(node: ast.Name | ast.arg | ast.FunctionDef | ast.ClassDef) -> tuple[str, int]:
    """The name, and the column that it begins at."""
    if isinstance(node, ast.Name):
        return node.id, node.col_offset
    if isinstance(node, ast.arg):
        return node.arg, node.col_offset
    word = "def " if isinstance(node, ast.FunctionDef) else "class "
    return node.name, node.col_offset + len(word)


def _new_name(path: str, name: str) -> str:
    return f"{leaf(path)}__{name}"


def _refuse_keywords(texts: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> None:
    """A parameter that was renamed with a global can't be given by its name."""
    trees = [parsed(text) for text in (*texts.values(), *scripts.values())]
    nodes = [node for tree in trees for node in walked(tree)]
    renamed = {
        node.arg.partition("__")[2] for node in nodes if isinstance(node, ast.arg) and "__" in node.arg
    }
    said = {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
    if renamed & said:
        raise DialectError(
            f"parameters named as globals, and given by name: {', '.join(sorted(renamed & said))}"
        )
