"""Modules on the board: most in one, the others side by side, all in one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from retrorig import firmware_build
from retrorig.firmware_build import bundle, pack
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.flat import flattened, numbered
from retrorig.firmware_build.names import shortened
from retrorig.link.client import RigClient
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.rig import VirtualRig

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


@pytest.mark.parametrize("name", ["time", "machine"])
def test_a_module_that_the_interpreter_has_already_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match=f"one name on the board: {name}$"):
        firmware_build.built({"main.py": b"", f"app/{name}.py": b"a = 1\n", "app/other.py": b"a = 2\n"})


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


def test_a_module_that_is_called_by_a_number_on_the_board_keeps_its_name_in_the_code(tmp_path: Path) -> None:
    """The name and the path of each stay in the board's memory; a number is a name that is there anyway."""
    numbers = numbered(PACKAGED, ["core/two.py"])
    assert numbers == {"core/deep/one.py": "_0", "core/three.py": "_1"}
    script = (
        b"import core.three\nfrom core.two import all_of\nprint(all_of(5), three.down(1), three.__name__)\n"
    )
    flat = flattened(PACKAGED, {"main.py": script}, numbers)
    assert flat.origins == {"_0.py": "core/deep/one.py", "_1.py": "core/three.py", "two.py": "core/two.py"}
    assert run_in(tmp_path, {**flat.modules, **flat.scripts}) == "(6, 6, 4, 4, 4, '/core/deep/one.py') 0 _1\n"


def run_in(folder: Path, files: dict[str, bytes]) -> str:
    """What main.py prints that lies with these modules in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    done = [sys.executable, "main.py"]
    return subprocess.run(done, cwd=folder, capture_output=True, text=True, check=True).stdout


def joined_up(modules: dict[str, bytes]) -> tuple[bundle.Bundle, dict[str, bytes]]:
    """What STARTING and these modules become: the plan, and the files of the board."""
    together = bundle.bundled(folded(modules), {"main.py": STARTING})
    flat = flattened(together.modules, together.scripts)
    made = bundle.joined(shortened(flat.modules, flat.scripts, together.apart), together.members)
    return together, {**made, **flat.scripts}


def test_what_one_member_imports_is_never_hidden_by_a_global_of_another(tmp_path: Path) -> None:
    """Before they are one module, either might have the other's short name."""
    more = {
        "app/early.py": b"def told():\n    return 'told'\n",
        "app/part.py": b"from .early import told\nclass Other:\n    def up(self):\n        return told()\n",
        "app/wiring.py": b"from .part import Other\ndef build():\n    return Other().up()\n",
        "lib/tools.py": b"".join(b"_own%d = [%d]\n" % (n, n) for n in range(16)),
    }
    modules = {path: text + more.get(path, b"") for path, text in BUNDLED.items()}
    assert run_in(tmp_path, joined_up(modules)[1]).startswith("('told', ")


def test_what_stays_in_memory_is_one_module_and_does_the_same(tmp_path: Path) -> None:
    together, made = joined_up(BUNDLED)
    assert together.members == ["lib/tools.py", "app/part.py"]
    assert set(made) == {"core.py", "wiring.py", "early.py", "late.py", "main.py"}
    plain = run_in(tmp_path / "plain", {**BUNDLED, "main.py": STARTING})
    assert run_in(tmp_path / "small", made) == plain
    assert plain == "(((115, 'early'), 9, 111, 5, 'early'), 4, True, 'early')\n"


HANDLER = b"""from lib.tools import half
def other():
    try:
        pass
    except ValueError as %s:
        pass
"""


@pytest.mark.parametrize(
    ("path", "added", "reason"),
    [
        ("app/late.py", b"given = __import__('lib.tools')\n", "lib.tools"),
        ("app/part.py", b"def other(tools):\n    return tools.half(1)\n", "tools"),
        ("app/part.py", b"class Other:\n    made = 3\n", "made"),
        ("app/part.py", HANDLER % b"tools", "tools"),
        ("app/part.py", HANDLER % b"made", "made"),
        ("app/part.py", HANDLER % b"half", "half"),
        ("app/late.py", b"def f(g):\n    return g(up=3)\n", "up"),
    ],
)
def test_what_cannot_be_followed_into_one_module_is_refused(path: str, added: bytes, reason: str) -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match=reason):
        firmware_build.built({"main.py": STARTING, **BUNDLED, path: BUNDLED[path] + added})


def on_board() -> dict[str, str]:
    """The board's name of each module's file, by its path in the sources."""
    found = (line.split() for line in firmware_build.names().splitlines())
    return {path: f"{name}.mpy" for name, kind, path in found if kind == "<module>"}


def test_the_page_that_says_starting_needs_none_of_what_stays() -> None:
    made, files = firmware_build.built()[pack.NAME], on_board()
    names = ("panels", "oled", "st7789", "largecanvas", "layout", "outline", "transient", "loop", "startup")
    early = [path for path in files if path.rpartition("/")[2].removesuffix(".py") in names]
    assert len(early) == len(names)
    for path in early:
        place = pack.place_of(made, files[path])
        assert place and b"core" not in made[place : made.index(b"M\x06", place + 1)], path


def test_modules_lie_in_a_pack_but_for_a_firmware_that_was_compiled_in_part_already() -> None:
    """What is handed in as bytecode has its place beside the others; where there is no module there is no pack."""
    module, ready = {"app/one.py": b"a = 1\n"}, {"app/two.mpy": b"M\x06"}
    assert firmware_build.built({"main.py": b""}).keys() == {"main.py"}
    assert firmware_build.built({"main.py": b"", **module}).keys() == {"main.py", pack.NAME}
    made = firmware_build.built({"main.py": b"", **module, **ready})
    assert made["app/two.mpy"] == b"M\x06" and pack.NAME not in made and len(made) == 3


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
    members, files = bundle.bundled(folded(modules), {"main.py": texts["main.py"]}).members, on_board()
    for path in texts:
        if path.endswith(".py") and "/" in path and not path.endswith("__init__.py"):
            place = pack.place_of(made[pack.NAME], files[path])
            assert place and (path in members) == (files[path] == "core.mpy"), path
    assert pack.place_of(made[pack.NAME], "core.mpy")
    assert {path for path in made if path.endswith((".py", ".mpy"))} == {"boot.py", "main.py", "board.py"}


def test_info_tells_the_pack_by_the_digits_in_its_first_line(tmp_path: Path) -> None:
    made = firmware_build.built()[pack.NAME]
    with VirtualRig(StillBelt(), seed=1) as rig:
        rig.power_on()
        rig.run_for(3_500_000)
        assert RigClient(rig.open_port()).hello()["pack"] == pack.digest(made)
