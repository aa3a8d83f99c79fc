"""One name for one thing: a class's name is found once, but for a part and what simulates it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIMULATED = {"Ads1220", "Button", "Buzzer", "Hx711", "Watchdog"}
"""The driver's class and that of the part at its pins."""
ALIKE = {"Panel", "Rig", "Settings"}
"""Two panels with one interface; the rig and its settings, on the board and as the host sees them."""


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for folder in ("host_tools/retrorig", "firmware"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert len(places) > 200
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert {name for name in twice if name not in SIMULATED | ALIKE} == set(), twice
    assert all(len(found) == 2 for found in twice.values()), twice
    assert all(any("virtual/parts" in place for place in twice[name]) for name in SIMULATED)
