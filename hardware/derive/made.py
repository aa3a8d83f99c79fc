"""Remembers from which input each file was made that a test can't make again, so that it sees when one is out of date.

The digests are in hardware/made-from.json. Run as `python -m hardware.derive.made bracket` after `make cad`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict

from hardware.derive import box
from hardware.derive.drawings import FULL_SIZE, drawings
from hardware.derive.source import FOLDER, Rig, load

RECORD = FOLDER / "made-from.json"
SCHEMATIC = "drawings/circuit.svg"
PICTURE = "bracket/bracket.svg"
PARTS = {"bracket": ("arm", "foot"), "box": ("box", "lid")}
"""Script in bracket/ -> the parts that it makes."""


def inputs(rig: Rig) -> dict[str, str]:
    """File under hardware/ -> digest of all that it is made from."""
    circuit = [asdict(part) for part in rig.circuit] + [asdict(entry) for entry in rig.connectors.values()]
    made = {SCHEMATIC: _digest(json.dumps(circuit), _text("derive/schematic.py"))}
    drawn = drawings(rig)
    made |= {f"drawings/{name}.pdf": _digest(drawn[name]) for name in FULL_SIZE}
    openings = json.dumps([asdict(hole) for hole in box.openings(rig)])
    sources = {"bracket": json.dumps(rig.tables["bracket"]), "box": json.dumps(rig.tables["box"]) + openings}
    for script, parts in PARTS.items():
        digest = _digest(sources[script], _text(f"bracket/{script}.py"))
        made |= {f"bracket/{part}.{kind}": digest for part in parts for kind in ("step", "stl")}
    made[PICTURE] = made["bracket/arm.step"]
    return made


def recorded() -> dict[str, str]:
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def record(folder: str) -> None:
    """Note that the files of `folder` have just been made."""
    now = inputs(load())
    kept = {name: digest for name, digest in recorded().items() if name in now}
    new = {name: digest for name, digest in now.items() if name.startswith(folder + "/")}
    RECORD.write_text(json.dumps(kept | new, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


if __name__ == "__main__":
    record(sys.argv[1])
