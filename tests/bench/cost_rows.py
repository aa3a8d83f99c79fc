"""Cost of a sample in instructions of the interpreter, by valgrind's callgrind: repeatable on any machine.

Without valgrind there is no figure and no row. The peer decodes every encoder edge in a `Pin.irq` handler and reads the
HX711 pin by pin with a median of five; at 1 m/s there are 111 edges between two conversions.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.bench.cost_scripts import OURS_CALLBACK, OURS_LOG, OURS_MAIN, PEER, PEER_CSV, PEER_STRUCT, SET_END
from tests.bench.rows import Row, compare
from tests.tools.folded import folded_alone

from retrorig.firmware_build import sources
from retrorig.virtual.cpu import interpreter

FEW_N, MANY_N = 100, 600
EDGES_N = 111
KILO = 1000.0
MS_PER_INSTRUCTION = 8.8e-6
"""As virtual/costs.py converts."""
_COLLECTED = re.compile(r"Collected : (\d+)")


def rows() -> list[Row]:
    if not shutil.which("valgrind"):
        return []
    callback, main = _per_sample(OURS_CALLBACK), _per_sample(OURS_MAIN)
    peer = _per_sample(PEER.replace("EDGES", str(EDGES_N)))
    still = _per_sample(PEER.replace("EDGES", "0"))
    log = _per_sample(OURS_LOG)
    return [
        compare(
            "callbacks, a sample at 1 m/s", callback, "kinstr", "Pin.irq decoder + plain HX711", peer, 1.0
        ),
        compare("callback and main loop, a sample", callback + main, "kinstr", "the same, 1 m/s", peer, 1.0),
        compare("callbacks, a sample at rest", callback, "kinstr", "plain HX711 + median", still, 1.0),
        compare("log encoder, a sample", log, "kinstr", "struct.pack", _per_sample(PEER_STRUCT), None),
        compare("log encoder, a sample", log, "kinstr", "a line of CSV", _per_sample(PEER_CSV), None),
        compare("log encoder, a sample", log, "kinstr", "callback and main loop", callback + main, 1.0),
        _set_end_row(),
        *_allocation_rows(),
    ]


def _set_end_row() -> Row:
    """The stand after a set is written at once when it ends: bytecode, between which callbacks run."""
    before = instructions(SET_END)
    rest, packed = (
        (instructions(f"{SET_END}samples.log_rest(400)\n{more}") - before) * MS_PER_INSTRUCTION
        for more in ("", "writer.flush()\n")
    )
    return compare(
        "a set's end: the stand's 48 samples", rest, "ms", "with a block packed of them", packed, 1.0
    )


def _allocation_rows() -> list[Row]:
    """Bytes of heap that a sample takes, garbage included, in the desktop interpreter's 64-bit words."""
    callback, main = _allocated_per_sample(OURS_CALLBACK), _allocated_per_sample(OURS_MAIN)
    peer_name = "Pin.irq decoder + plain HX711"
    peer = _allocated_per_sample(PEER.replace("EDGES", str(EDGES_N)))
    return [
        Row(
            "callbacks, allocated a sample",
            callback,
            "bytes",
            peer_name,
            peer,
            callback / peer,
            0.0,
            callback == 0,
        ),
        compare(
            "callback and main loop, allocated a sample", callback + main, "bytes", peer_name, peer, None
        ),
    ]


def _allocated_per_sample(script: str) -> float:
    few, many = (allocated(f"N = {n}\n{script}") for n in (FEW_N, MANY_N))
    return (many - few) / (MANY_N - FEW_N)


def allocated(script: str) -> int:
    """What a script takes of the heap, when nothing is ever collected."""
    done = _run(
        [interpreter(), "-X", "heapsize=64m"], f"import gc\ngc.disable()\n{script}\nprint(gc.mem_alloc())\n"
    )
    return int(done.stdout)


def _per_sample(script: str) -> float:
    """Thousands of instructions that one more turn of the script costs."""
    few, many = (instructions(f"N = {n}\n{script}") for n in (FEW_N, MANY_N))
    return (many - few) / (MANY_N - FEW_N) / KILO


@cache
def _firmware() -> Path:
    """A folder with the firmware's modules, its constants folded into the code as the build for the board does."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    modules = {name: source for name, source in sources().items() if name.endswith(".py")}
    for name, source in folded_alone(modules).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source)
    return folder


def instructions(script: str) -> int:
    """What a script takes in MicroPython, its start included."""
    done = _run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", interpreter()], script)
    found = _COLLECTED.search(done.stderr)
    assert found, done.stderr
    return int(found[1])


def _run(command: list[str], script: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.py"
        path.write_text(script, encoding="utf-8")
        return subprocess.run(
            [*command, str(path)],
            capture_output=True,
            text=True,
            timeout=100,
            env={"PATH": os.defpath, "MICROPYPATH": str(_firmware())},
            check=True,
        )
