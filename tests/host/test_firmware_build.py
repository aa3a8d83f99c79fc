"""What is copied to a board: constants folded, lines where they were, the same bytes everywhere."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.host.small_firmware import MODULES, NAMED, TABLED, TYPED, names, run

from retrorig import board_files, firmware_build
from retrorig.firmware_build import pack
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.names import shortened
from retrorig.firmware_build.parsing import parsed

RELEASES = Path(firmware_build.__file__).with_name("releases.json")


def test_folded_code_computes_the_same_without_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run(MODULES, monkeypatch).area()
    made = folded(MODULES)
    assert run(made, monkeypatch).area() == plain == (3 * 13 - 13, "x", (1, 2))
    for name in (b"WIDE", b"_DEEP", b"LATER", b"HERE"):
        assert all(name not in text for text in made.values())


WHOLE = {"A": "7", "B": "~A", "C": "A // 2", "D": "-A << 3", "E": "A % 4 | 16", "F": "B ** 2", "G": "'a b'"}
OTHERS = {"H": "1 / 2", "I": "not A", "J": "True", "K": "A < 8", "L": "None", "M": "2.5 + A", "N": "G + 'c'"}


@pytest.mark.parametrize("path", ["core/use.py", "core/sizes.py"])
def test_only_whole_numbers_and_texts_lose_their_names_and_all_is_what_it_was(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Used beside their definitions or imported; truth values, fractions and made-up texts stay names."""
    known = WHOLE | OTHERS
    said = "".join(f"{name} = {value}\n" for name, value in known.items())
    start = said if path == "core/use.py" else f"from .sizes import {', '.join(known)}\n"
    use = f"{start}x = y = 3\n\n\ndef told():\n    return ({', '.join(known)})\n"
    modules = {"core/__init__.py": b"", "core/sizes.py": said.encode(), "core/use.py": use.encode()}
    made = folded(modules)
    told = run(made, monkeypatch).told()
    assert told == run(modules, monkeypatch).told()
    assert list(map(type, told)) == [int] * 6 + [str, float, bool, bool, bool, type(None), float, str]
    left = {node.id for node in ast.walk(ast.parse(made["core/use.py"])) if isinstance(node, ast.Name)}
    assert left & known.keys() == OTHERS.keys()


def test_lines_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = folded(MODULES)
    for path, text in MODULES.items():
        assert text.count(b"\n") == made[path].count(b"\n")
    with pytest.raises(ZeroDivisionError) as caught:
        run(made, monkeypatch).shadow(1)
    assert caught.traceback[-1].lineno + 1 == 16


def test_the_hosts_half_of_the_shared_code_is_not_on_the_board() -> None:
    for path in board_files.HOST_HALF:
        assert (board_files.root() / path).is_file() and path.as_posix() not in firmware_build.sources()


def test_an_f_string_is_refused_because_its_names_stand_elsewhere_in_other_pythons() -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match="f-strings"):
        firmware_build.built({"main.py": b"", "app/bad.py": b"def f(a):\n return f'{a}'\n"})


def test_a_file_that_does_not_compile_is_named() -> None:
    with pytest.raises(firmware_build.DoesNotCompileError, match=r"app/bad\.py"):
        firmware_build.built({"main.py": b"f(1)", "app/bad.py": b"def f(a):\n match a:\n  case 1: pass\n"})


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


SAMPLE_DIGEST = "94fa4f3032a0b011"


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


def firmware_version() -> str:
    found = re.search(rb'^FIRMWARE = "(.+)"', firmware_build.sources()["app/wiring.py"], re.MULTILINE)
    assert found
    return found[1].decode()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
