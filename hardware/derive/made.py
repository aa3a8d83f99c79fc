"""Remembers from which input each drawing and bracket file was made, so that a test sees when one is out of date.

The digests are in hardware/made-from.json. Run as `python -m hardware.derive.made bracket` after `make cad`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict

from hardware.derive import harness, sketches
from hardware.derive.source import FOLDER, Rig, load

RECORD = FOLDER / "made-from.json"
SCHEMATIC = "drawings/carrier.svg"
BRACKET = tuple(f"bracket/{part}.{kind}" for part in ("arm", "foot") for kind in ("step", "stl"))
PICTURE = "bracket/bracket.svg"
SKETCHES = "drawings/mounting.svg"


def harness_file(board: str) -> str:
    return f"drawings/harness-{board}.svg"


def inputs(rig: Rig) -> dict[str, str]:
    """File under hardware/ -> digest of all that it is made from."""
    made = {harness_file(key): _digest(harness.wireviz(rig, board)) for key, board in rig.boards.items()}
    circuit = [asdict(part) for part in rig.circuit] + [asdict(entry) for entry in rig.connectors.values()]
    made[SCHEMATIC] = _digest(json.dumps(circuit), _text("derive/schematic.py"))
    made[SKETCHES] = _digest(sketches.svg())
    for name in (*BRACKET, PICTURE):
        made[name] = _digest(json.dumps(rig.tables["bracket"]), _text("bracket/bracket.py"))
    return made


def recorded() -> dict[str, str]:
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def record(folder: str) -> None:
    """Note that the files of `folder` have just been made."""
    now = {name: digest for name, digest in inputs(load()).items() if name.startswith(folder + "/")}
    RECORD.write_text(json.dumps(recorded() | now, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


if __name__ == "__main__":
    record(sys.argv[1])
