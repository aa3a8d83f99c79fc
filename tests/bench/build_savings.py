"""What each step of the firmware's build saves, as a table: `.venv/bin/python -m tests.bench.build_savings`.

Bytes of bytecode of all modules, and KiB of heap after the start on the chip's words (heap_weight.py; Linux only).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from unittest.mock import patch

from tests.bench.heap_rows import KIB, Scales, telling
from tests.tools.folded import folded_alone
from tests.virtual.heap_weight import Heap

from retrorig import board_files
from retrorig.firmware_build import build, compiled
from retrorig.firmware_build.constants import folded
from retrorig.firmware_build.flat import Flat, flattened
from retrorig.firmware_build.names import shortened
from retrorig.virtual.belts import StillBelt
from retrorig.virtual.calls.time_calls import TimeCalls
from retrorig.virtual.rig import VirtualRig
from retrorig.virtual.settings import RigSettings

Sources = Mapping[str, bytes]
MARKS = "rigcore/transition_table.py"
"""Only folding does without it on the board."""
HEAP_KB = 400


def _as_they_lie(modules: Sources, scripts: Sources) -> Flat:
    return Flat(dict(modules), dict(scripts), {path: path for path in modules})


def _plain(modules: Sources, scripts: Sources) -> Flat:
    return _as_they_lie({**modules, MARKS: (board_files.root() / MARKS).read_bytes()}, scripts)


def _folded(modules: Sources, scripts: Sources) -> Flat:
    return _as_they_lie(folded_alone(modules), scripts)


def _short(modules: Sources, scripts: Sources) -> Flat:
    return _as_they_lie(shortened(folded(modules), scripts), scripts)


def _flat(modules: Sources, scripts: Sources) -> Flat:
    flat = flattened(folded(modules), scripts)
    return flat._replace(modules=shortened(flat.modules, flat.scripts))


_whole = build._small  # before anything is put in its place


def _bundled(modules: Sources, scripts: Sources) -> Flat:
    with patch.object(build, "numbered", lambda *_: {}):
        return _whole(modules, scripts)


Step = Callable[[Sources, Sources], Flat]
STEPS: dict[str, Step] = {
    "as written": _plain,
    "constants folded": _folded,
    "names short, too": _short,
    "side by side, too": _flat,
    "most in one, too": _bundled,
    "modules numbered": _whole,
}


def bytecode_bytes(step: Step) -> int:
    """Length of all modules after this step."""
    files = {path: text for path, text in build.sources().items() if path.endswith(".py")}
    scripts = {path: text for path, text in files.items() if "/" not in path}
    modules = {path: text for path, text in files.items() if path not in scripts}
    return sum(len(compiled(path, text)) for path, text in step(modules, scripts).modules.items())


def booted_kib(step: Step) -> float:
    """Heap in use after the start of a rig whose firmware was built so far, KiB."""
    scales = Scales()
    build._built.cache_clear()
    with (
        patch.object(build, "_small", step),
        patch.object(TimeCalls, "gc", scales.handler()),
        VirtualRig(StillBelt(), RigSettings(heap_kb=HEAP_KB), seed=3, files=telling()) as rig,
    ):
        rig.power_on()
        rig.run_for(3_500_000)
        port = rig.open_port()
        scales.heap = Heap.found(rig, port.read(port.in_waiting).decode("latin-1"))
        rig.run_for(2_000_000)
    build._built.cache_clear()
    return min(scales.seen) / KIB


def main() -> None:
    """Print the table."""
    before_bytes, before_kib = 0, 0.0
    for name, step in STEPS.items():
        size, heap = bytecode_bytes(step), booted_kib(step)
        saved = f"saves {before_bytes - size:,} bytes, {before_kib - heap:.1f} KiB" if before_bytes else ""
        print(f"{name:17} {size:9,} bytes of bytecode {heap:7.1f} KiB of heap  {saved}")
        before_bytes, before_kib = size, heap


if __name__ == "__main__":
    main()
