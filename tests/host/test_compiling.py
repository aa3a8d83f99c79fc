"""What is copied to a board: constants folded, host-only functions left out, lines where they were."""

from __future__ import annotations

import ast
import sys
import types

import pytest

from retrorig import compiling
from retrorig.compiling import pack
from retrorig.compiling.constants import folded
from retrorig.compiling.names import shortened
from retrorig.compiling.trim import trimmed

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


def test_folded_code_computes_the_same_without_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run(MODULES, monkeypatch).area()
    made = folded(MODULES)
    assert run(made, monkeypatch).area() == plain == (3 * 13 - 13, "x", (1, 2))
    for name in (b"WIDE", b"_DEEP", b"LATER", b"HERE"):
        assert all(name not in text for text in made.values())


def test_lines_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = folded(MODULES)
    for path, text in MODULES.items():
        assert text.count(b"\n") == made[path].count(b"\n")
    with pytest.raises(ZeroDivisionError) as caught:
        run(made, monkeypatch).shadow(1)
    assert caught.traceback[-1].lineno + 1 == 16


def names(text: bytes) -> set[str]:
    return {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def test_what_nothing_names_is_left_out_with_all_that_only_it_used() -> None:
    modules = {
        "a/one.py": b"from a.two import deep, kept\ndef host():\n return deep()\ndef loop():\n return loop()\n",
        "a/two.py": b"def deep():\n pass\ndef kept():\n pass\nclass Held:\n"
        b" def __init__(self):\n  self.n = 0\n def told(self):\n  pass\n def untold(self):\n  pass\n",
    }
    made = trimmed(modules, {"main.py": b"from a.two import Held\nTABLE = 'go told'\nkept(Held())\n"})
    assert names(made["a/one.py"]) == set()
    assert names(made["a/two.py"]) == {"kept", "Held", "__init__", "told"}
    assert "deep" not in made["a/one.py"].decode()


def test_the_firmware_loses_the_decoder_and_keeps_the_encoder() -> None:
    modules = {path: text for path, text in compiling.sources().items() if path.startswith("rigcore/")}
    scripts = {path: text for path, text in compiling.sources().items() if path.endswith(".py") and path not in modules}
    made = trimmed(modules, scripts)
    assert {"decode_set", "RawSet"} <= names(modules["rigcore/decode.py"]) - names(made["rigcore/decode.py"])
    assert "seal" in names(made["rigcore/records.py"])


def test_a_file_that_does_not_compile_is_named() -> None:
    with pytest.raises(compiling.DoesNotCompileError, match=r"app/bad\.py"):
        compiling.built({"main.py": b"f(1)", "app/bad.py": b"def f(a):\n match a:\n  case 1: pass\n"})


def test_private_names_are_short_and_shared_and_the_code_does_the_same() -> None:
    modules = {
        "a/one.py": b"class One:\n    def __init__(self, _start):\n        self._level = _start\n"
        b"    def up(self):\n        return self._raise(_by=2)\n"
        b"    def _raise(self, _by):\n        return self._level + _by\n",
        "a/two.py": b"_SEEN = []\ndef two(_each):\n    _SEEN.append(_each)\n    return _SEEN, _each._level\n",
    }
    made = shortened(modules, {})
    found: dict[str, object] = {}
    for text in made.values():
        exec(compile(text, "made", "exec"), found)
    assert found["One"](5).up() == 7  # type: ignore[operator]
    assert b"_raise" not in made["a/one.py"] and b"_each" not in made["a/two.py"]
    assert b"._level" in made["a/one.py"] and b"._level" in made["a/two.py"]  # both modules know it
    assert found["two"](found["One"](3))[1] == 3  # type: ignore[operator]


def test_modules_are_found_in_the_pack_and_nothing_else_is() -> None:
    modules = {path: path.encode() * 40 for path in ("a/__init__.mpy", "a/b/c.mpy", "a/d.mpy")}
    made = pack.packed(modules)
    for path, content in modules.items():
        place = pack.place_of(made, path)
        assert place and made[place:].startswith(content)
    assert pack.place_of(made, "a") == pack.place_of(made, "a/b") == 0
    assert pack.place_of(made, "a/b/d.mpy") is None and pack.place_of(made, "a/d") is None


def test_all_modules_are_in_the_pack_that_the_board_gets() -> None:
    """As files of their own they would take 380 KB of flash, most of it the empty ends of blocks."""
    made = compiling.built()
    for path in compiling.sources():
        if path.endswith(".py") and "/" in path:
            assert pack.place_of(made[pack.NAME], path.removesuffix(".py") + ".mpy"), path
    assert {path for path in made if path.endswith((".py", ".mpy"))} == {"boot.py", "main.py", "board.py"}
