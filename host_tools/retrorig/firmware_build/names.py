"""Gives the firmware's names short ones that modules share, as the board keeps every distinct name in its heap.

Each name that the firmware itself defines becomes `_0`, `_1` ..., the same one wherever it occurs; two names get
the same short one if no module has both. An object knows only names that occur in the module of its class, so
they never meet. Kept is what somebody else may say: the interpreter and the chip's modules (kept_names.py),
scripts, strings and keyword arguments. Of strings only those marked as a transition table follow. A traceback on
the board has the short names; `listing` says what they are in the sources.

The interpreter holds names in tables that double when they are full. Short names save 9,830 of 115,474 bytes of
bytecode and, after the start, 20.3 KiB of heap on the chip's words: `.venv/bin/python -m tests.bench.build_savings`
measures it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from retrorig.firmware_build.edits import Edit, apply, replacing
from retrorig.firmware_build.kept_names import CHIP, INTERPRETER
from retrorig.firmware_build.parsing import TABLE_MARK, marked_table, parsed, walked

_WORD = re.compile(r"[A-Za-z_]\w*")
_QUOTED_WORD = re.compile(rb"(?<!\\)[A-Za-z_]\w*")  # not beginning with what a backslash escapes


class _Place(NamedTuple):
    name: str
    line: int
    column: int


def shortened(
    modules: Mapping[str, bytes],
    others: Mapping[str, bytes],
    apart: Iterable[str] = (),
    joined: Collection[str] = (),
) -> dict[str, bytes]:
    """The modules (path -> source) with short names; what the `others` mention is kept.

    No two of the names in `apart` become the same, though no module has both. `joined`: paths that will be none.
    """
    trees = {path: parsed(text) for path, text in modules.items()}
    places = {path: list(_places(tree, modules[path])) for path, tree in trees.items()}
    kept = _kept(trees, others, joined)
    everywhere = {name for tree in trees.values() for name in _given_from_outside(tree)}
    found_in = {path: {place.name for place in found} for path, found in places.items()} | {"": set(apart)}
    defined = {name for tree in trees.values() for name in _defined(tree)}
    short = _chosen(found_in, defined - kept, everywhere)
    return {
        path: apply(modules[path], [*_edits(found, short), *_unmarked(trees[path])])
        for path, found in places.items()
    }


def listing(modules: Mapping[str, bytes], short: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """(module, short name, name in the sources) of the functions in a board's traceback."""
    for path, text in modules.items():
        pairs = zip(_functions(text), _functions(short[path]), strict=True)
        yield from ((path, then, now) for now, then in pairs if now != then)


def _functions(text: bytes) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def _kept(trees: Mapping[str, ast.Module], others: Mapping[str, bytes], joined: Collection[str]) -> set[str]:
    kept = {TABLE_MARK} | INTERPRETER | CHIP
    kept.update(name for tree in trees.values() for name in _defined(tree) if name.startswith("__"))
    kept.update(
        word for path in trees if path not in joined for word in _WORD.findall(path.removesuffix(".py"))
    )
    for text in others.values():
        script = parsed(text)
        kept.update(place.name for place in _places(script, text))
        kept.update(_spoken(script))
    kept.update(word for tree in trees.values() for word in _spoken(tree))
    return kept


def _chosen(found_in: Mapping[str, set[str]], names: set[str], everywhere: set[str]) -> dict[str, str]:
    """A short name for each name, shared by those that no module has both of."""
    homes: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for path in sorted(found_in):
        for name in found_in[path] & names:
            homes[name].append(path)
    taken: dict[str, set[int]] = {path: set() for path in found_in}
    short = {}
    for name in sorted(homes, key=lambda name: (name not in everywhere, -len(homes[name]), name)):
        mine = list(found_in) if name in everywhere else homes[name]
        used = set().union(*(taken[path] for path in mine))
        number = next(n for n in range(len(used) + 1) if n not in used)
        short[name] = f"_{number}"
        for path in mine:
            taken[path].add(number)
    return short


def _edits(places: Iterable[_Place], short: Mapping[str, str]) -> Iterator[Edit]:
    for name, line, column in places:
        if name in short:
            yield Edit(line, column, line, column + len(name), short[name])


def _unmarked(tree: ast.Module) -> Iterator[Edit]:
    """Replace each marked table by its text alone."""
    for node in walked(tree):
        if marked_table(node) and isinstance(node, ast.Call):
            yield replacing(node.func, "")


def _places(tree: ast.Module, source: bytes) -> Iterator[_Place]:
    """Every name in code; attributes and definitions carry only the place of what is around them."""
    lines = source.split(b"\n")
    for node in walked(tree):
        if isinstance(node, ast.Name):
            yield _Place(node.id, node.lineno, node.col_offset)
        elif isinstance(node, ast.Attribute):
            assert node.end_lineno is not None and node.end_col_offset is not None
            yield _Place(node.attr, node.end_lineno, node.end_col_offset - len(node.attr))
        elif isinstance(node, ast.arg):
            yield _Place(node.arg, node.lineno, node.col_offset)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            keyword = "def " if isinstance(node, ast.FunctionDef) else "class "
            start = lines[node.lineno - 1].index(node.name.encode(), node.col_offset + len(keyword))
            yield _Place(node.name, node.lineno, start)
        elif isinstance(node, ast.ImportFrom):
            yield from (_Place(alias.name, alias.lineno, alias.col_offset) for alias in node.names)
        elif (text := marked_table(node)) is not None:  # in one line, as folding leaves it
            assert text.end_col_offset is not None and text.lineno == text.end_lineno
            for word in _QUOTED_WORD.finditer(lines[text.lineno - 1], text.col_offset, text.end_col_offset):
                yield _Place(word[0].decode(), text.lineno, word.start())


def _defined(tree: ast.Module) -> Iterator[str]:
    """What the firmware gives a name to that others can see; a function's own variables have none on the board."""
    for node in walked(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from _assigned(node.body)


def _assigned(body: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in body:
        for node in ast.walk(statement) if isinstance(statement, ast.Assign) else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _given_from_outside(tree: ast.Module) -> Iterator[str]:
    """Attributes that are set on another object than `self`: whose module may not mention them."""
    for node in walked(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and not _is_self(node.value):
            yield node.attr


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _spoken(tree: ast.Module) -> Iterator[str]:
    """Names where they can't be followed: in strings (not docstrings), keywords, handlers, `global`, imports."""
    aside = {id(node.value) for node in walked(tree) if isinstance(node, ast.Expr)}
    aside.update(id(marked_table(node)) for node in walked(tree))
    for node in walked(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from () if id(node) in aside else _WORD.findall(node.value)
        elif isinstance(node, ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.ExceptHandler):
            yield node.name or ""
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or "" for alias in node.names)
            yield from _WORD.findall(getattr(node, "module", None) or "")
            if isinstance(node, ast.Import):
                yield from (word for alias in node.names for word in _WORD.findall(alias.name))
