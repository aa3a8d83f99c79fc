"""What is copied to a board: constants folded, host-only functions left out, lines where they were."""

from __future__ import annotations

import ast
import sys
import types

import pytest

from retrorig import firmware_build
from retrorig.firmware_build import pack
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.names import CHIP, shortened
from retrorig.firmware_build.trim import trimmed
from retrorig.virtual.ops import MPY_DIR

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
    modules = {path: text for path, text in firmware_build.sources().items() if path.startswith("rigcore/")}
    scripts = {
        path: text
        for path, text in firmware_build.sources().items()
        if path.endswith(".py") and path not in modules
    }
    made = trimmed(modules, scripts)
    assert {"decode_set", "RawSet"} <= names(modules["rigcore/decode.py"]) - names(made["rigcore/decode.py"])
    assert "seal" in names(made["rigcore/records.py"])


def test_a_file_that_does_not_compile_is_named() -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match=r"app/bad\.py"):
        firmware_build.built({"main.py": b"f(1)", "app/bad.py": b"def f(a):\n match a:\n  case 1: pass\n"})


NAMED = {
    "core/__init__.py": b"",
    "core/one.py": b"class One:\n    def __init__(self, start):\n        self.height = start\n"
    b"    def up(self):\n        return self.lift(by=2)\n"
    b"    def lift(self, by):\n        return self.height + by\n",
    "core/use.py": b"from core.one import One\nseen = []\ndef grown(each):\n    seen.append(each)\n"
    b"    each.mark = 5\n    return len(seen), One(each.height).up(), each.mark, getattr(each, 'up')()\n",
    "core/other.py": b"def apart(far):\n    return far\n",
}


def interned(modules: dict[str, bytes]) -> set[str]:
    """Names of these modules that the board keeps."""
    nodes = [node for text in modules.values() for node in ast.walk(ast.parse(text))]
    return {getattr(n, field) for n in nodes for field in ("id", "name", "attr", "arg") if hasattr(n, field)}


def test_names_are_short_and_shared_and_the_code_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    script = b"from core.use import One, grown\nresult = grown(One(3))\n"
    made = shortened(NAMED, {"main.py": script})
    for modules in (NAMED, made):
        run(modules, monkeypatch)
        found: dict[str, object] = {}
        exec(script, found)
        assert found["result"] == (1, 5, 5, 5)
    assert len(interned(made)) < len(interned(NAMED)) - 2
    gone, kept = (
        {"height", "lift", "seen", "mark", "apart"},
        {"One", "grown", "up", "by", "append", "len", "__init__"},
    )
    assert not gone & interned(made) and kept <= interned(made)


TABLED = {
    "core/__init__.py": b"",
    "core/use.py": b"""from rigcore.state_machine import squeezed
TABLE = squeezed('''\\
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


def test_functions_that_a_table_names_get_short_names_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    script = b"from core.use import done\nresult = done('idle'), done('running')\n"
    made = shortened(trimmed(folded(TABLED), {"main.py": script}), {"main.py": script})
    for modules in (TABLED, made):
        run(modules, monkeypatch)
        found: dict[str, object] = {}
        exec(script, found)
        assert found["result"] == (1, 2)
    text = made["core/use.py"].decode()
    assert "go_on" not in text and "squeezed(" not in text and "  now" not in text
    assert "idle" in text and text.count("\n") == TABLED["core/use.py"].decode().count("\n")


def test_what_another_string_says_keeps_its_name_in_a_table() -> None:
    script = b"from core.use import done, told\ndone(told())\n"
    made = shortened(trimmed(folded(TABLED), {"main.py": script}), {"main.py": script})["core/use.py"]
    assert names(made) >= {"halt"} and b"running halt later" in made


def test_names_of_one_module_never_become_one() -> None:
    for path, text in NAMED.items():
        assert len(interned({path: text})) == len(interned({path: shortened(NAMED, {})[path]})), path


def test_what_the_chip_may_be_told_keeps_its_name() -> None:
    simulated = [
        ast.parse((MPY_DIR / name).read_text()) for name in ("machine.py", "esp32.py", "board_time.py")
    ]
    public = {n for tree in simulated for n in names(ast.unparse(tree).encode()) if not n.startswith("_")}
    assert public <= CHIP


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
    made = firmware_build.built()
    for path in firmware_build.sources():
        if path.endswith(".py") and "/" in path:
            assert pack.place_of(made[pack.NAME], path.removesuffix(".py") + ".mpy"), path
    assert {path for path in made if path.endswith((".py", ".mpy"))} == {"boot.py", "main.py", "board.py"}
