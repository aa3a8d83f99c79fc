"""Firmware sources in which every arithmetic result is checked as if it were made on the ESP32.

There integers outside -2**30 .. 2**30-1 cost heap (an interrupt callback must not, and a value that grows
is usually a mistake), and floats have single precision. Desktop interpreters hide both. `narrowed` wraps
each result of an operator in a call that raises NotNarrow or rounds; a line with a `# wide` comment says
that its integers may be long. Line numbers stay, so tracebacks are right.

Not seen: literals and constant expressions (visible in the source), `const(...)`, f-strings, viper functions.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.machinery
import io
import os
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType

from retrorig import board_files

PACKAGES = ("rigcore", "drivers", "app")
PROBE = Path(__file__).parent / "board" / "narrow_probe.py"
_IMPORT = "; from narrow_probe import narrow as _narrow"


def narrowed(source: str) -> str:
    """Return `source` with every arithmetic result checked; the module needs a docstring.

    Raises ValueError when it has none or an augmented assignment's target calls something.
    """
    finder = _ArithmeticFinder(source)
    tree = ast.parse(source)
    finder.visit(tree)
    if not finder.inserts:
        return source
    if ast.get_docstring(tree) is None:
        raise ValueError("a narrowed module needs a docstring, after which its import goes")
    docstring = tree.body[0]
    finder.insert(docstring.end_lineno, docstring.end_col_offset, _IMPORT)
    return finder.result()


class _ArithmeticFinder(ast.NodeVisitor):
    """Collects what to insert where; positions are bytes of a line, as ast counts them."""

    def __init__(self, source: str) -> None:
        self.inserts: list[tuple[int, int, str]] = []
        self._lines = source.encode().splitlines(keepends=True)
        self._wide = _wide_lines(source)

    def insert(self, line: int | None, column: int | None, text: str) -> None:
        """What is inserted later at the same place comes to stand before."""
        assert line is not None and column is not None
        self.inserts.append((line - 1, column, text))

    def result(self) -> str:
        lines = list(self._lines)
        for row, column, text in sorted(self.inserts, key=lambda found: found[:2], reverse=True):
            lines[row] = lines[row][:column] + text.encode() + lines[row][column:]
        return b"".join(lines).decode()

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._wrap(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.generic_visit(node)
        else:
            self._wrap(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if not self._is_wide(node):
            if any(isinstance(part, ast.Call) for part in ast.walk(node.target)):
                raise ValueError(f"line {node.lineno}: this target would be evaluated twice")
            target = ast.unparse(node.target)
            self.insert(node.end_lineno, node.end_col_offset, f"; {target} = _narrow({target})")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id == "const"):
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Positions inside f-strings are not reliable before Python 3.12."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if any(isinstance(mark, ast.Attribute) and mark.attr == "viper" for mark in node.decorator_list):
            return
        defaults = [default for default in node.args.kw_defaults if default]
        for part in [*node.args.defaults, *defaults, *node.body]:
            self.visit(part)

    def _wrap(self, node: ast.expr) -> None:
        if not any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node)):
            return
        self.generic_visit(node)
        if not self._is_wide(node):
            self.insert(node.lineno, node.col_offset, "_narrow(")
            self.insert(node.end_lineno, node.end_col_offset, ")")

    def _is_wide(self, node: ast.expr | ast.stmt) -> bool:
        return any(line in self._wide for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _wide_lines(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0] for t in tokens if t.type == tokenize.COMMENT and t.string.startswith("# wide")}


class _NarrowLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname)
        assert source is not None
        return _code(source, self.get_filename(fullname))


@functools.cache
def _code(source: str, file: str) -> CodeType:
    """Each file of tests loads the firmware anew, of the same sources."""
    return compile(narrowed(source), file, "exec", dont_inherit=True)


class _NarrowFinder:
    """Finds the firmware's packages before the ordinary finders do."""

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path or [str(board_files.root())], target)
        if spec and spec.origin:
            spec.loader = _NarrowLoader(spec.name, spec.origin)
        return spec


@contextlib.contextmanager
def narrow_imports(also_anew: Path, known: dict[str, ModuleType] | None = None) -> Iterator[None]:
    """Within it the firmware's packages are imported narrowed, apart from the ones already loaded.

    Modules that lie in the folder `also_anew` (helpers of tests) are imported a second time too. `known` keeps what
    was loaded for the next time: some modules are loaded when they are needed.
    """
    known = {} if known is None else known
    hidden = {name: module for name, module in sys.modules.items() if _is_hidden(name, module, also_anew)}
    for name in hidden:
        del sys.modules[name]
    sys.modules.update(known)
    sys.meta_path.insert(0, _NarrowFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(_NarrowFinder)
        for name in [name for name, module in sys.modules.items() if _is_hidden(name, module, also_anew)]:
            known[name] = sys.modules.pop(name)
        sys.modules.update(hidden)


def _is_hidden(name: str, module: ModuleType, folder: Path) -> bool:
    origin = getattr(module, "__file__", None)
    return name.partition(".")[0] in PACKAGES or (
        origin is not None and os.path.dirname(origin) == str(folder)
    )


def narrow_files() -> dict[str, bytes]:
    """The firmware, narrowed, as the files that a virtual rig can be given."""
    files = {path.as_posix(): (board_files.root() / path).read_bytes() for path in board_files.files()}
    for name in files:
        if name.endswith(".py"):
            files[name] = narrowed(files[name].decode()).encode()
    return {**files, PROBE.name: PROBE.read_bytes()}
