"""Small firmwares for tests of the build."""

from __future__ import annotations

import ast
import sys
import types

import pytest

MODULES = {
    "core/__init__.py": b"",
    "core/sizes.py": b"WIDE = 3\n_DEEP = WIDE << 2\nNAME = 'x'\nLATER = _DEEP + 1\nPAIR = (1, 2)\n",
    "core/use.py": b"""from . import sizes
from .sizes import (
    LATER,
    PAIR,
    WIDE,
)

HERE = -LATER


def area(depth=WIDE):
    return depth * sizes.LATER + HERE, sizes.NAME, PAIR


def shadow(wide):
    return 1 / 0
""",
}


NAMED = {
    "core/__init__.py": b"",
    "core/one.py": b"class One:\n    def __init__(self, start):\n        self.height = start\n"
    b"    def up(self):\n        return self.lift(by=2)\n"
    b"    def lift(self, by):\n        return self.height + by\n",
    "core/use.py": b"from core.one import One\nseen = []\ndef grown(each):\n    seen.append(each)\n"
    b"    each.mark = 5\n    return len(seen), One(each.height).up(), each.mark, getattr(each, 'up')()\n",
    "core/other.py": b"def apart(far):\n    return far\n",
}


TABLED = {
    "core/__init__.py": b"",
    "core/use.py": b"""from rigcore.transition_table import transition_table
TABLE = transition_table('''\\
idle     go_on  now
running  halt   later
''')
class Doing:
    def go_on(self):
        return 1
    def halt(self):
        return 2
def done(state):
    for row in TABLE.split("\\n"):
        if row.split()[:1] == [state]:
            return getattr(Doing(), row.split()[1])()
def told():
    return "halt"
""",
}


TYPED = {
    "core/__init__.py": b"TYPE_CHECKING = 0\n",
    "core/use.py": b"""from core import TYPE_CHECKING
if TYPE_CHECKING:
    from collections.abc import Callable
LIMIT: int = 7
class Counter:
    total: int
    def __init__(self, start: "Callable[[], int]") -> None:
        self.total: int = start()
    def up(self, by: int = LIMIT) -> "Counter | None":
        self.total += by
        return self
""",
}


def run(modules: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Import a small package from its sources; returns its module `use`."""
    package = types.ModuleType("core")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "core", package)
    for path, text in modules.items():
        name = path.removesuffix(".py").replace("/", ".")
        module = types.ModuleType(name)
        module.__package__ = "core"
        monkeypatch.setitem(sys.modules, name, module)
        if not name.endswith("__init__"):
            exec(compile(text, path, "exec"), module.__dict__)
            setattr(package, name.rpartition(".")[2], module)
    return sys.modules["core.use"]


def names(text: bytes) -> set[str]:
    return {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
