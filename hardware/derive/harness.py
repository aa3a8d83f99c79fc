"""The harness as WireViz wants it, one per microcontroller board. JSON is also YAML, so no YAML writer is needed."""

from __future__ import annotations

import json
from typing import Any

from hardware.derive.source import Board, Cable, Connector, End, Rig


def wireviz(rig: Rig, board: Board) -> str:
    """The text of the drawing's input; the same source gives the same text."""
    data = {
        "metadata": {"title": f"retrorig harness, {board.name}"},
        "options": {"mini_bom_mode": False},
        "connectors": {name: _connector(entry, board) for name, entry in rig.connectors.items()},
        "cables": {name: _cable(entry) for name, entry in rig.cables.items()},
        "connections": [*_wires(rig, board), *([socket, "==>", plug] for socket, plug in rig.mates)],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _connector(entry: Connector, board: Board) -> dict[str, Any]:
    """The microcontroller board's pins are numbered by their place on its headers, all others from 1."""
    if entry.name != "MCU":
        return {"type": entry.title, "pinlabels": list(entry.pins)}
    labels = [f"{board.label(pin)} {pin}" if board.label(pin) != pin else pin for pin in entry.pins]
    return {"type": board.name, "pinlabels": labels, "pins": [board.place(pin) for pin in entry.pins]}


def _cable(entry: Cable) -> dict[str, Any]:
    colours = [wire.colour for wire in entry.wires if wire.colour != "SHIELD"]
    made: dict[str, Any] = {
        "type": entry.title,
        "length": entry.length_m,
        "gauge": entry.gauge_mm2,
        "colors": colours,
        "shield": len(colours) < len(entry.wires),
    }
    return made | ({"notes": entry.note} if entry.note else {})


def _wires(rig: Rig, board: Board) -> list[list[dict[str, Any]]]:
    made = []
    for cable in reversed(rig.cables.values()):  # graphviz puts the last one on top
        for number, wire in enumerate(cable.wires, start=1):
            via = "s" if wire.colour == "SHIELD" else number
            start, stop = ({end.connector: [_pin(rig, board, end)]} for end in (wire.start, wire.stop))
            made.append([start, {cable.name: [via]}, stop])
    return made


def _pin(rig: Rig, board: Board, end: End) -> str | int:
    if end.connector == "MCU":
        return board.place(end.pin)
    return rig.connectors[end.connector].pins.index(end.pin) + 1
