"""Every drawing that is plain SVG of our own, by name: the same source gives the same text."""

from __future__ import annotations

from hardware.derive import (
    box,
    bracket_sheet,
    cables,
    harness,
    perfboard_views,
    sketches,
    terminals,
)
from hardware.derive.perfboard import layout
from hardware.derive.source import Rig

VIEWS = {"top": perfboard_views.photo, "wires": perfboard_views.wires, "solder": perfboard_views.solder_side}
FULL_SIZE = (*box.PAGES, "bracket-sheet")
"""These also come as PDF, to be printed."""


def drawings(rig: Rig) -> dict[str, str]:
    """Name without `.svg` -> the drawing."""
    made = {name: box.page(rig, name) for name in box.PAGES}
    made["bracket-sheet"] = bracket_sheet.picture(rig)
    made["terminals"] = terminals.picture(rig)
    made |= {f"mounting-{name}": draw(rig).sheet.svg() for name, draw in sketches.SCENES.items()}
    made["mounting-line"] = sketches.line()
    for has_large in (False, True):
        size = "large" if has_large else "small"
        made[f"harness-{size}"] = harness.picture(rig, has_large)
        for key, board in rig.boards.items():
            build = f"{key}-large" if has_large else key
            made[f"cable-W1-{build}"] = cables.picture(rig, rig.cables["W1"], board, has_large)
            carrier = layout(rig, board, has_large)
            made |= {f"carrier-{build}-{view}": draw(rig, carrier) for view, draw in VIEWS.items()}
    others = (cable for cable in rig.cables.values() if cable.name != "W1")
    return made | {f"cable-{cable.name}": cables.picture(rig, cable) for cable in others}
