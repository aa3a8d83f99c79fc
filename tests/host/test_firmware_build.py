"""What is copied to a board: constants folded, names short, lines where they were, the same bytes everywhere."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from retrorig import board_files, firmware_build
from retrorig.firmware_build import bundle, pack
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.flat import flattened
from retrorig.firmware_build.kept_names import CHIP, INTERPRETER
from retrorig.firmware_build.names import shortened
from retrorig.firmware_build.parsing import parsed
from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.cpu import interpreter
from retrorig.virtual.ops import MPY_DIR
from retrorig.virtual.rig import VirtualRig

RELEASES = Path(firmware_build.__file__).with_name("releases.json")

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


def test_the_hosts_half_of_the_shared_code_is_not_on_the_board() -> None:
    for path in board_files.HOST_HALF:
        assert (board_files.root() / path).is_file() and path.as_posix() not in firmware_build.sources()


def test_an_f_string_is_refused_because_its_names_stand_elsewhere_in_other_pythons() -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match="f-strings"):
        firmware_build.built({"main.py": b"", "app/bad.py": b"def f(a):\n return f'{a}'\n"})


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
    assert any(re.fullmatch(r"core.py _\d+ rig._take_samples", line) for line in found)
    assert any(re.fullmatch(r"blocks.py _\d+ span_us", line) for line in found)
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


PACKAGED = {
    "core/__init__.py": b"CHECKING = False\n",
    "core/deep/__init__.py": b"",
    "core/deep/one.py": b"HERE = __file__\ndef up(n):\n    return n + 1\n",
    "core/two.py": b"from . import CHECKING, three\nfrom .deep import one as first\nfrom .deep.one import up\n"
    b"def all_of(n):\n    from core import three as again\n    loaded = __import__('core.three', None, None, ('',))\n"
    b"    return up(n), first.up(n), three.down(n), again.down(n), loaded.down(n), first.HERE\n",
    "core/three.py": b"def down(n):\n    return n - 1\n",
}


def test_modules_lie_side_by_side_and_find_each_other(tmp_path: Path) -> None:
    script = (
        b"from core.two import all_of\nprint(all_of(5), __import__('sys').modules['core.two'].__name__)\n"
    )
    flat = flattened(PACKAGED, {"main.py": script})
    assert set(flat.modules) == {"one.py", "two.py", "three.py"}
    assert flat.origins["one.py"] == "core/deep/one.py"
    for path, text in {**flat.modules, **flat.scripts}.items():
        (tmp_path / path).write_bytes(text)
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(6, 6, 4, 4, 4, '/core/deep/one.py') two\n"


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match="one name on the board: thing"):
        firmware_build.built({"main.py": b"", "app/thing.py": b"a = 1\n", "drivers/thing.py": b"a = 2\n"})


BUNDLED = {
    "app/__init__.py": b"",
    "lib/__init__.py": b"",
    "app/early.py": b"def mark():\n    return 'early'\n",
    "app/wiring.py": b"from lib import tools\nfrom .part import Part, made\nfrom .early import mark\n"
    b"def build():\n    return Part(3).up(), made(by=4), tools.up(1), tools.COUNT[0], mark()\n",
    "app/part.py": b"import struct\nfrom lib.tools import up\nfrom lib import tools\nfrom .early import mark\n"
    b"_start = [7]\ndef made(by):\n    start = by\n    return tools.half(start) + _start[0]\n"
    b"class Part:\n    def __init__(self, up):\n        self.up_by = up\n"
    b"    def up(self):\n        return up(self.up_by) + struct.calcsize('<H'), mark()\n",
    "lib/tools.py": b"COUNT = [5]\ndef half(n):\n    return n // 2\n"
    b"def up(n):\n    return n + 10 + _start\n_start = 100\n",
    "app/late.py": b"def late():\n    from lib.tools import half\n    return half(9)\n",
}
STARTING = (
    b"from app.early import mark\ndef run():\n    from app import late\n    import sys\n"
    b"    wiring = __import__('app.wiring', None, None, ('',))\n"
    b"    return wiring.build(), late.late(), 'app.part' in sys.modules, mark()\nprint(run())\n"
)


def run_in(folder: Path, files: dict[str, bytes]) -> str:
    """What main.py prints that lies with these modules in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    done = [sys.executable, "main.py"]
    return subprocess.run(done, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_what_stays_in_memory_is_one_module_and_does_the_same(tmp_path: Path) -> None:
    together = bundle.bundled(folded(BUNDLED), {"main.py": STARTING})
    assert together.members == ["lib/tools.py", "app/part.py"]
    flat = flattened(together.modules, together.scripts)
    made = bundle.joined(shortened(flat.modules, flat.scripts, together.apart), together.members)
    assert set(made) == {"core.py", "wiring.py", "early.py", "late.py"}
    plain = run_in(tmp_path / "plain", {**BUNDLED, "main.py": STARTING})
    assert run_in(tmp_path / "small", {**made, **flat.scripts}) == plain
    assert plain == "(((115, 'early'), 9, 111, 5, 'early'), 4, True, 'early')\n"


@pytest.mark.parametrize(
    ("path", "added", "reason"),
    [
        ("app/late.py", b"given = __import__('lib.tools')\n", "lib.tools"),
        ("app/part.py", b"def other(tools):\n    return tools.half(1)\n", "tools"),
        ("app/part.py", b"class Other:\n    made = 3\n", "made"),
        ("app/late.py", b"def f(g):\n    return g(up=3)\n", "up"),
    ],
)
def test_what_cannot_be_followed_into_one_module_is_refused(path: str, added: bytes, reason: str) -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match=reason):
        firmware_build.built({"main.py": STARTING, **BUNDLED, path: BUNDLED[path] + added})


def test_the_page_that_says_starting_needs_none_of_what_stays() -> None:
    made = firmware_build.built()[pack.NAME]
    for name in (
        "panels",
        "oled",
        "st7789",
        "largecanvas",
        "layout",
        "outline",
        "transient",
        "loop",
        "startup",
    ):
        place = pack.place_of(made, f"{name}.mpy")
        assert place and b"core" not in made[place : made.index(b"M\x06", place + 1)], name


PLAIN_TEXT = {
    "core/__init__.py": b"",
    "core/use.py": b"WORDS = 'halt now\\nwalk on'\ndef halt():\n    return WORDS\n",
}


def test_a_text_that_only_looks_like_a_table_keeps_its_words() -> None:
    made = shortened(folded(PLAIN_TEXT), {})["core/use.py"]
    assert b"halt now\\nwalk on" in made and names(made) == {"halt"}


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


def test_annotations_leave_nothing_in_the_bytecode() -> None:
    bare = {path: ast.unparse(parsed(text)).encode() for path, text in TYPED.items()}
    bare["core/use.py"] = bare["core/use.py"].replace(b"from collections.abc import Callable", b"pass")
    assert sizes(TYPED) == sizes(bare)


def test_the_firmware_is_as_long_as_it_would_be_without_annotations() -> None:
    modules = {path: text for path, text in firmware_build.sources().items() if path.endswith(".py")}
    assert sizes(modules) == sizes({path: unannotated(text) for path, text in modules.items()})


def unannotated(text: bytes) -> bytes:
    """The source with its lines but without annotations."""
    taken = "".join(chr(byte) if byte < 128 else "?" for byte in text)  # a column counts bytes
    lines = [list(line) for line in taken.split("\n")]
    for node in ast.walk(ast.parse(taken)):
        if isinstance(node, ast.AnnAssign) and node.value is None:
            lines[node.lineno - 1][node.col_offset :] = "pass"
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            blank(lines, node.annotation, b":")
        elif isinstance(node, ast.FunctionDef) and node.returns:
            blank(lines, node.returns, b"->")
    return "\n".join("".join(line) for line in lines).encode()


def blank(lines: list[list[str]], node: ast.expr, mark: bytes) -> None:
    """Spaces in place of an annotation and the mark before it."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    line, start = node.lineno - 1, node.col_offset
    begin = "".join(lines[line][:start]).rindex(mark.decode())
    for row in range(line, node.end_lineno):
        low = begin if row == line else 0
        high = node.end_col_offset if row == node.end_lineno - 1 else len(lines[row])
        lines[row][low:high] = " " * (high - low)
        if row < node.end_lineno - 1:
            lines[row].append("\\")  # what follows on a later line still belongs to it


def sizes(modules: dict[str, bytes]) -> dict[str, int]:
    """Bytes of bytecode by module."""
    made = shortened(folded(modules), {})
    return {path: len(firmware_build.compiled(path, text)) for path, text in made.items()}


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

BUILDING = """
import array, builtins, hashlib, json, os, select, struct, sys, time
from retrorig import board_files, firmware_build
given = firmware_build.sources()
for module in (array, builtins, json, os, select, struct, sys, time):
    for word in sys.argv[1:]:
        if not hasattr(module, word):
            setattr(module, word, None)
print(hashlib.sha256(firmware_build.built(given)["firmware.pack"]).hexdigest())
"""


def test_the_pack_is_the_same_whatever_names_and_hashes_the_host_has() -> None:
    """As on another version of Python, whose modules have other names, and with sets in another order."""
    made = hashlib.sha256(firmware_build.built()[pack.NAME]).hexdigest()
    own = sorted(
        set().union(*map(names, (t for p, t in firmware_build.sources().items() if p[-3:] == ".py")))
    )
    words = [name for name in own if not name.startswith("__")]
    done = subprocess.run(
        [sys.executable, "-c", BUILDING, *words],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == made


SAMPLE_DIGEST = "199ddd2828196e42"


def test_a_small_firmware_has_the_pack_it_always_had() -> None:
    """A change here means: every board would be written anew by an update that changes nothing else."""
    parts = {f"core/{i}.py": made["core/use.py"] for i, made in enumerate((MODULES, TABLED, TYPED, NAMED))}
    made = firmware_build.built({"main.py": b"from core import up", **TYPED, **parts})
    assert pack.digest(made[pack.NAME]) == SAMPLE_DIGEST


def test_a_released_firmware_never_changes() -> None:
    released = json.loads(RELEASES.read_text())
    version = firmware_version()
    made = pack.digest(firmware_build.built()[pack.NAME])
    assert released.get(version, made) == made, "raise FIRMWARE in firmware/app/wiring.py"
    assert version in released or all(numbers(version) > numbers(old) for old in released)


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
    made, texts = firmware_build.built(), firmware_build.sources()
    modules = {path: text for path, text in texts.items() if path.endswith(".py") and "/" in path}
    members = bundle.bundled(folded(modules), {"main.py": texts["main.py"]}).members
    for path in texts:
        if path.endswith(".py") and "/" in path and not path.endswith("__init__.py"):
            name = path.rpartition("/")[2].removesuffix(".py") + ".mpy"
            assert (path in members) != bool(pack.place_of(made[pack.NAME], name)), path
    assert pack.place_of(made[pack.NAME], "core.mpy")
    assert {path for path in made if path.endswith((".py", ".mpy"))} == {"boot.py", "main.py", "board.py"}


def test_info_tells_the_pack_by_the_digits_in_its_first_line(tmp_path: Path) -> None:
    made = firmware_build.built()[pack.NAME]
    with VirtualRig(StillBelt(), seed=1) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        assert RigClient(rig.open_port()).hello()["pack"] == pack.digest(made)


def firmware_version() -> str:
    found = re.search(rb'^FIRMWARE = "(.+)"', firmware_build.sources()["app/wiring.py"], re.MULTILINE)
    assert found
    return found[1].decode()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
