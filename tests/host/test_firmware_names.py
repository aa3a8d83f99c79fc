"""Names on the board: short where they can be, and those that the interpreter or a table knows as they are."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from tests.host.small_firmware import NAMED, TABLED, names, run

from retrorig import firmware_build
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.kept_names import CHIP, INTERPRETER
from retrorig.firmware_build.names import shortened
from retrorig.virtual.cpu import interpreter
from retrorig.virtual.ops import MPY_DIR


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


def test_functions_that_a_table_names_get_short_names_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    script = b"from core.use import done\nresult = done('idle'), done('running')\n"
    made = shortened(folded(TABLED), {"main.py": script})
    for modules in (TABLED, made):
        run(modules, monkeypatch)
        found: dict[str, object] = {}
        exec(script, found)
        assert found["result"] == (1, 2)
    text = made["core/use.py"].decode()
    assert "go_on" not in text and "transition_table" not in text and "  now" not in text
    assert "idle" in text and text.count("\n") == TABLED["core/use.py"].decode().count("\n")


def test_the_short_names_of_a_traceback_can_be_looked_up() -> None:
    found = firmware_build.names().splitlines()
    assert any(re.fullmatch(r"core _\d+ rig._take_samples", line) for line in found)
    assert any(re.fullmatch(r"_\d+ _\d+ blocks.span_us", line) for line in found)
    assert any(re.fullmatch(r"_\d+ <module> rigcore/blocks.py", line) for line in found)
    assert len(found) > 200


def test_what_another_string_says_keeps_its_name_in_a_table() -> None:
    script = b"from core.use import done, told\ndone(told())\n"
    made = shortened(folded(TABLED), {"main.py": script})["core/use.py"]
    assert names(made) >= {"halt"} and b"running halt later" in made


@pytest.mark.parametrize("name", ["d", "e", "f", "ef", "c", "s", "ss", "la", "class_", "define"])
def test_a_name_that_is_a_part_of_def_or_class_is_found_behind_it(name: str) -> None:
    text = f"class {name}x:\n    def {name}(self):\n        return {name}y(7)\n\n\nclass {name}z:\n    pass\n\n\n"
    text += f"def {name}y({name}v):\n    return {name}v\n\n\ntold = {name}x().{name}()\n"
    made = shortened({"a.py": text.encode()}, {"main.py": b"import a\na.told"})["a.py"]
    found: dict[str, object] = {}
    exec(made, found)
    assert found["told"] == 7
    assert not [kept for kept in names(made) if kept.startswith(name) and kept != "told"]


@pytest.mark.parametrize("name", ["s", "ss", "a", "def_"])
def test_a_class_may_have_a_name_that_is_a_part_of_class(name: str) -> None:
    made = shortened(
        {"a.py": f"class {name}:\n    pass\n\n\ntold = {name}\n".encode()}, {"main.py": b"a.told"}
    )
    found: dict[str, object] = {}
    exec(made["a.py"], found)
    assert isinstance(found["told"], type)


def test_names_of_one_module_never_become_one() -> None:
    for path, text in NAMED.items():
        assert len(interned({path: text})) == len(interned({path: shortened(NAMED, {})[path]})), path


PLAIN_TEXT = {
    "core/__init__.py": b"",
    "core/use.py": b"WORDS = 'halt now\\nwalk on'\ndef halt():\n    return WORDS\n",
}


def test_a_text_that_only_looks_like_a_table_keeps_its_words() -> None:
    made = shortened(folded(PLAIN_TEXT), {})["core/use.py"]
    assert b"halt now\\nwalk on" in made and names(made) == {"halt"}


def test_what_the_interpreter_and_the_chip_have_keeps_its_name(tmp_path: Path) -> None:
    script = tmp_path / "names.py"
    script.write_text(ASKING)
    told = subprocess.run([interpreter(), str(script)], capture_output=True, text=True, check=True).stdout
    assert len(told.split()) > 250
    assert {name for name in told.split() if not name.startswith("__")} <= INTERPRETER
    simulated = [
        ast.parse((MPY_DIR / name).read_text()) for name in ("machine.py", "esp32.py", "board_time.py")
    ]
    public = {n for tree in simulated for n in names(ast.unparse(tree).encode()) if not n.startswith("_")}
    assert public <= CHIP | INTERPRETER


ASKING = """
import array, binascii, builtins, framebuf, gc, io, json, micropython, os, select, struct, sys, time, vfs
things = [builtins, str, bytes, bytearray, memoryview, int, float, list, dict, set, frozenset, tuple, range, array,
    array.array, binascii, gc, io, io.BytesIO, io.StringIO, json, os, select, select.poll(), struct, sys, time,
    micropython, vfs, vfs.VfsLfs2, framebuf, framebuf.FrameBuffer, BaseException, OSError]
print(*sorted(set(name for thing in things for name in dir(thing)) - {"ps1", "ps2"}))
"""
