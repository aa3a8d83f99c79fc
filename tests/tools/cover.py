"""Which lines of the firmware ran under MicroPython, which has no tracing of its own.

`CoveredFirmware` writes the firmware to a folder with a call before each statement. The first time a line
runs, its number goes at once into a file on this computer, also from the virtual rig and even if that is
killed right after. `report()` gives the lines to coverage.py, whose reports then hold for both interpreters.

Bodies of viper functions are left alone: they speak another language.
"""

from __future__ import annotations

import ast
import io
import struct
from pathlib import Path

from coverage import Coverage, CoverageData

from retrorig import board_files

_PROBE = '''"""Notes each line the first time it runs; made by tests/tools/cover.py."""
import vfs

_seen = bytearray({lines_n})
_record = bytearray(2)
_write = vfs.VfsPosix({folder!r}).open("/lines.bin", "ab").write


def hit(n):
    if not _seen[n]:
        _seen[n] = 1
        _record[0] = n & 255
        _record[1] = n >> 8
        _write(_record)
'''


def _host_half() -> dict[str, bytes]:
    """What tests of the logic import beside the files of the board: they run the sources as they are."""
    found = (board_files.root() / path for path in sorted(board_files.HOST_HALF))
    return {str(path.relative_to(board_files.root())): path.read_bytes() for path in found if path.is_file()}


class CoveredFirmware:
    """The firmware with probes, in `folder`; `files` is what a virtual rig can be given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "lines.bin"
        self._first: dict[Path, int] = {}
        self.files: dict[str, bytes] = {}
        n = 0
        for path in board_files.files():
            content = (board_files.root() / path).read_bytes()
            if (
                path.suffix == ".py" and path.name != "board.py"
            ):  # the virtual rig reads its pins from that one
                self._first[path] = n
                n += content.count(b"\n") + 2
                content = covered(content.decode(), self._first[path]).encode()
            self.files[path.as_posix()] = content
        self.files["cover_probe.py"] = _PROBE.format(lines_n=n, folder=str(folder)).encode()
        for name, content in {**_host_half(), **self.files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def lines(self) -> dict[Path, set[int]]:
        """The lines that ran so far, for each file of the firmware."""
        ran = {number for (number,) in struct.iter_unpack("<H", self._log.read_bytes())}
        ends = [*list(self._first.values())[1:], 1 << 16]
        return {
            path: {number - first for number in ran if first <= number < end}
            for (path, first), end in zip(self._first.items(), ends)
        }

    def report(self, file: Path) -> tuple[float, str]:
        """Write the lines that ran to `file`, as coverage.py's data; returns its percentage and table."""
        file.parent.mkdir(parents=True, exist_ok=True)
        data = CoverageData(basename=str(file))
        data.erase()
        root = board_files.root()
        data.add_lines({str(root / path): lines for path, lines in self.lines().items()})
        data.write()
        coverage = Coverage(data_file=str(file), source=[str(root)])
        coverage.load()
        table = io.StringIO()
        percent = coverage.report(file=table, show_missing=True)
        return percent, table.getvalue()


def covered(source: str, first: int = 0) -> str:
    """`source` with a probe before each statement; line L is reported as `first + L`."""
    tree = ast.parse(source)
    if not tree.body:
        return source
    _Prober(first).visit(tree)
    at = 1 if ast.get_docstring(tree) is not None else 0
    tree.body.insert(at, ast.parse("from cover_probe import hit as _hit").body[0])
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Prober(ast.NodeTransformer):
    def __init__(self, first: int) -> None:
        self._first = first

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and _is_viper(node):
            return node
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [part for statement in block for part in self._probed(statement)])
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                self.visit(handler)
                handler.body.insert(0, self._hit(handler.lineno))
        return node

    def _probed(self, statement: ast.stmt) -> list[ast.stmt]:
        done = self.visit(statement)
        assert isinstance(done, ast.stmt)
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        return [done] if is_docstring else [self._hit(statement.lineno), done]

    def _hit(self, line: int) -> ast.stmt:
        return ast.parse(f"_hit({self._first + line})").body[0]


def _is_viper(function: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Attribute) and mark.attr == "viper" for mark in function.decorator_list)
