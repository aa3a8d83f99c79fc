"""Folds the firmware's named integers and strings into the code that uses them, as the board's memory is dear.

On the board every module-level name costs some 45 bytes of heap and a look-up at each use. MicroPython's own
remedy, `_NAME = const(1)`, works within one module only and does not exist in CPython, which runs the same
sources. So they say plain `NAME = 1`, and the build does the rest for all modules together. Lines keep their
numbers, so that what the compiler refuses is named where it stands.

Folding, which also drops what only type checkers read, saves 21,731 of 137,205 bytes of bytecode and, after the
start, 9.8 KiB of heap on the chip's words: `.venv/bin/python -m tests.bench.build_savings` measures it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from retrorig.firmware_build.edits import Edit, apply, importing, replacing
from retrorig.firmware_build.parsing import TABLE_MARK, marked_table, parsed
from rigcore.transition_table import transition_table


class Table(str):
    """A table that names functions, its columns squeezed; it keeps its mark for names.py."""


Constant = int | str
Constants = dict[str, Constant]


def folded(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The sources (path on the board -> text) with constants in place of their names."""
    trees = {path: parsed(text) for path, text in sources.items()}
    known = _constants({_module(path): tree for path, tree in trees.items()})
    return {path: apply(text, _edits(trees[path], _module(path), known)) for path, text in sources.items()}


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _constants(trees: Mapping[str, ast.Module]) -> dict[str, Constants]:
    """The named constants of each module; a definition may use those of others, in whatever order."""
    known: dict[str, Constants] = {module: {} for module in trees}
    found = -1
    while found != (found := sum(map(len, known.values()))):
        for module, tree in trees.items():
            scope = _scope(tree, module, known)
            for name, value in _definitions(tree):
                if (number := _value(value, scope, known)) is not None:
                    known[module][name] = number
    return known


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and (name := _target(node)).isupper():
            yield name, node.value


def _target(node: ast.Assign) -> str:
    """The one name that is assigned to, "" when there are others or none."""
    only = node.targets[0]
    return only.id if len(node.targets) == 1 and isinstance(only, ast.Name) else ""


def _scope(tree: ast.Module, module: str, known: dict[str, Constants]) -> dict[str, str]:
    """What the names of a module stand for: "module.NAME" for constants, "module" for modules."""
    scope = {name: f"{module}.{name}" for name in known[module]}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            origin = _origin(node, module)
            for alias in node.names:
                scope[alias.asname or alias.name] = f"{origin}.{alias.name}" if origin else alias.name
    return scope


def _origin(node: ast.ImportFrom, module: str) -> str:
    package = module.rsplit(".", node.level)[0] if node.level else ""
    return ".".join(part for part in (package, node.module) if part)


def _value(node: ast.expr, scope: Mapping[str, str], known: Mapping[str, Constants]) -> Constant | None:
    """The number or text that an expression made of constants comes to, else None."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int | str) and not isinstance(node.value, bool) else None
    if isinstance(node, ast.Name | ast.Attribute):
        return _named(node, scope, known)
    if (text := marked_table(node)) is not None:
        return Table(transition_table(str(text.value)))
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if not isinstance(node, ast.BinOp | ast.UnaryOp) or isinstance(
        getattr(node, "op", None), ast.Div | ast.Not
    ):
        return None
    numbers = [_value(part, scope, known) for part in parts]
    if not all(type(number) is int for number in numbers):
        return None
    tree = ast.fix_missing_locations(ast.Expression(_with_numbers(node, numbers)))
    return int(eval(compile(tree, "", "eval"), {"__builtins__": {}}))  # integers and operators alone


def _with_numbers(node: ast.expr, numbers: list[Constant | None]) -> ast.expr:
    given = [ast.Constant(number) for number in numbers]
    if isinstance(node, ast.BinOp):
        return ast.BinOp(given[0], node.op, given[1])
    assert isinstance(node, ast.UnaryOp)
    return ast.UnaryOp(node.op, given[0])


def _named(node: ast.expr, scope: Mapping[str, str], known: Mapping[str, Constants]) -> Constant | None:
    if isinstance(node, ast.Name):
        module, _, name = scope.get(node.id, "").rpartition(".")
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module, name = scope.get(node.value.id, ""), node.attr
    else:
        return None
    return known.get(module, {}).get(name)


def _read(
    node: ast.Name | ast.Attribute, scope: Mapping[str, str], known: Mapping[str, Constants]
) -> Constant | None:
    return _named(node, scope, known) if isinstance(node.ctx, ast.Load) else None


def _edits(tree: ast.Module, module: str, known: dict[str, Constants]) -> Iterator[Edit]:
    scope = _scope(tree, module, known)
    for node in tree.body:
        if isinstance(node, ast.Assign) and _target(node) in known[module] or _is_for_checkers(node):
            yield replacing(node, "pass")
        elif isinstance(node, ast.ImportFrom):
            yield from _import_edit(node, _origin(node, module), known)
        else:
            yield from _uses(node, scope, known)


def _is_for_checkers(node: ast.stmt) -> bool:
    """Whether it is what only a type checker reads: `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _import_edit(node: ast.ImportFrom, origin: str, known: dict[str, Constants]) -> Iterator[Edit]:
    gone = {*known.get(origin, {}), TABLE_MARK}
    kept = [alias for alias in node.names if alias.name not in gone]
    if len(kept) < len(node.names):
        yield importing(node, kept)


def _uses(node: ast.AST, scope: Mapping[str, str], known: Mapping[str, Constants]) -> Iterator[Edit]:
    if isinstance(node, ast.Name | ast.Attribute) and (value := _read(node, scope, known)) is not None:
        yield replacing(node, f"{TABLE_MARK if isinstance(value, Table) else ''}({value!r})")
        return
    for child in ast.iter_child_nodes(node):
        yield from _uses(child, scope, known)
