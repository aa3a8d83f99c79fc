"""Numbers of the board calls: written once, in the interpreter-side modules that make the calls."""

from __future__ import annotations

import re
from pathlib import Path

MPY_DIR = Path(__file__).resolve().parent / "mpy"
_LINE = re.compile(r"^_OP_(\w+) = const\((\d+)\)", re.MULTILINE)


def op_numbers() -> dict[str, int]:
    """Return {lower-case name: number} of every operation that the interpreter side may ask for."""
    numbers: dict[str, int] = {}
    for path in sorted(MPY_DIR.glob("*.py")):
        for name, number in _LINE.findall(path.read_text()):
            if numbers.setdefault(name.lower(), int(number)) != int(number):
                raise ValueError(f"{path.name}: _OP_{name} has two numbers")
    if len(set(numbers.values())) != len(numbers):
        raise ValueError("two operations have the same number")
    return numbers
