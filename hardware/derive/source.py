"""hardware/rig.toml as Python objects: what pages, drawings and tests read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
SOURCE = FOLDER / "rig.toml"


TABLES = ("limits", "supply", "currents", "bracket", "perfboard", "terminals", "box", "mounting")


class SourceError(Exception):
    """rig.toml contradicts itself; the message names the place."""


@dataclass(frozen=True)
class End:
    """One pin of one connector."""

    connector: str
    pin: str

    def __str__(self) -> str:
        return f"{self.connector}.{self.pin}"


@dataclass(frozen=True)
class Wire:
    """A wire or the screen (`SHIELD`) of a cable."""

    colour: str
    start: End
    stop: End


@dataclass(frozen=True)
class Cable:
    name: str
    title: str
    length_m: float
    gauge_mm2: float
    wires: tuple[Wire, ...]
    note: str = ""
    own: bool = False  # comes with the sensor, isn't bought
    instead_of: str = ""  # the cable that is left out where this one is built in


@dataclass(frozen=True)
class Connector:
    name: str
    title: str
    pins: tuple[str, ...]
    nets: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    instead_of: str = ""  # the part that is left out where this one is built in


@dataclass(frozen=True)
class Component:
    """A part on the carrier; `legs`: leg -> net."""

    ref: str
    value: str
    legs: dict[str, str]
    why: str


@dataclass(frozen=True)
class Board:
    """A microcontroller board; `left` and `right` are its headers, `pins` signal -> GPIO, `reset` that pin's name."""

    key: str
    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    pins: dict[str, int]
    avoid: tuple[dict[str, Any], ...]
    reset: str
    rows_apart_mm: float
    size_mm: tuple[float, float]

    def label(self, pin: str) -> str:
        """What is printed beside the header pin that carries a signal, a supply or the reset."""
        if pin == "RESET":
            return self.reset
        return f"IO{self.pins[pin]}" if pin in self.pins else pin

    def place(self, pin: str) -> str:
        """`left 7`: side and number from the antenna's end; the first one of several."""
        for side, labels in (("left", self.left), ("right", self.right)):
            if self.label(pin) in labels:
                return f"{side} {labels.index(self.label(pin)) + 1}"
        raise SourceError(f"{self.name} has no {self.label(pin)} for {pin} on its headers.")


@dataclass(frozen=True)
class Rig:
    boards: dict[str, Board]
    signals: dict[str, dict[str, str]]
    parts: tuple[dict[str, Any], ...]
    connectors: dict[str, Connector]
    cables: dict[str, Cable]
    mates: tuple[tuple[str, str], ...]
    circuit: tuple[Component, ...]
    tables: dict[str, Any] = field(default_factory=dict)  # those of TABLES as they are


def load(path: Path = SOURCE) -> Rig:
    """Read the source.

    Raises:
        SourceError: a wire ends at a pin that does not exist.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    connectors = {name: _connector(name, entry) for name, entry in raw["connectors"].items()}
    return Rig(
        boards={key: _board(key, entry) for key, entry in raw["boards"].items()},
        signals=raw["signals"],
        parts=tuple(raw["parts"]),
        connectors=connectors,
        cables={name: _cable(name, entry, connectors) for name, entry in raw["cables"].items()},
        mates=tuple((entry["socket"], entry["plug"]) for entry in raw["mates"]),
        circuit=tuple(Component(**entry) for entry in raw["circuit"]),
        tables={name: raw[name] for name in TABLES},
    )


def _board(key: str, entry: dict[str, Any]) -> Board:
    left, right = tuple(entry["left"]), tuple(entry["right"])
    return Board(
        key, entry["name"], left, right, entry["pins"], tuple(entry["avoid"]), entry["reset"],
        entry["header_rows_mm"], tuple(entry["size_mm"]),
    )  # fmt: skip


def _connector(name: str, entry: dict[str, Any]) -> Connector:
    pins, nets, unused = (tuple(entry.get(key, ())) for key in ("pins", "nets", "unused"))
    made = Connector(name, entry["title"], pins, nets, unused, entry.get("instead_of", ""))
    if made.nets and len(made.nets) != len(made.pins):
        raise SourceError(f"{name} has {len(made.pins)} pins but {len(made.nets)} nets.")
    return made


def _cable(name: str, entry: dict[str, Any], connectors: dict[str, Connector]) -> Cable:
    wires = tuple(
        Wire(colour, _end(start, connectors), _end(stop, connectors))
        for colour, start, stop in entry.pop("wires")
    )
    return Cable(name=name, wires=wires, **entry)


def _end(text: str, connectors: dict[str, Connector]) -> End:
    connector, _, pin = text.partition(".")
    if connector not in connectors or pin not in connectors[connector].pins:
        raise SourceError(f"A wire ends at {text}, which is no pin of any connector.")
    return End(connector, pin)
