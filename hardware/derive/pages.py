"""Fills the tables of hardware/*.md from the source.

A page marks a place by `<!-- rig.toml: NAME -->` and `<!-- end -->`; what stands between is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware.derive import figures, tables
from hardware.derive.source import FOLDER, Board, Rig
from hardware.derive.tables import table

PAGES = ("parts.md", "pins.md", "wiring.md", "power.md", "mounting.md", "carrier.md", "box.md", "BUILDING.md")
_BLOCK = re.compile(r"(<!-- rig\.toml: ([a-z0-9 ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, rig: Rig) -> str:
    """The page with its marked places filled.

    Raises:
        KeyError: a mark has a name that nothing here fills.
    """
    fillers = _fillers(rig)
    return _BLOCK.sub(lambda found: f"{found[1]}\n{fillers[found[2]](rig)}\n\n{found[3]}", text)


def paths() -> list[Path]:
    return [FOLDER / name for name in PAGES]


def _fillers(rig: Rig) -> dict[str, Callable[[Rig], str]]:
    made: dict[str, Callable[[Rig], str]] = {
        "shopping": _shopping,
        "cost": _cost,
        "left out": _left_out,
        "why": _why,
        "alternatives": _alternatives,
        "supply": tables.supply,
        "bridge": tables.bridge,
        "steps": tables.carrier_steps,
        "clamps": tables.clamps_table,
        "openings": tables.openings,
        "sight": tables.sight,
        "panels": _panels,
        "signals": _signals,
        "cables": _cables,
        "circuit": _circuit,
        "edges": _edges,
        "currents": _currents,
        "battery": _battery,
        "bracket": _bracket,
    }
    for key, board in rig.boards.items():
        made[f"pins {key}"] = lambda rig, board=board: _pins(board)
        made[f"avoid {key}"] = lambda rig, board=board: _avoid(board)
    return made


def _eur(prices: Sequence[float]) -> str:
    low, high = prices
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _shopping(rig: Rig) -> str:
    counted = figures.pieces(rig)
    rows = []
    for number, part in enumerate(rig.parts, start=1):
        kinds = counted.get(part["id"])
        name = part["name"].partition(":")[0] if kinds else part["name"]
        exact = (
            ": "
            + ", ".join(f"{n} {kind}" if kind == "contacts" else f"{n} x {kind}" for kind, n in kinds.items())
            if kinds
            else ""
        )
        rows.append(
            (
                number,
                part["quantity"],
                name + exact,
                part["number"],
                _eur(part["price_eur"]),
                ", ".join(part["where"]),
            )
        )
    listed = table(("", "pieces", "part", "order it as", "euro", "where"), rows)
    return f"{listed}\n\n**Together: {_eur(figures.price_eur(rig))} euro.**"


def _cost(rig: Rig) -> str:
    whole, frugal = figures.price_eur(rig), figures.price_eur(rig, without=True)
    without = "without what [may be left out](parts.md#what-may-be-left-out)"
    return f"{_eur(whole)} euro for everything, {_eur(frugal)} {without}."


def _left_out(rig: Rig) -> str:
    rows = ((part["name"].partition(",")[0], _eur(part["price_eur"]), part["leave_out"]) for part in rig.parts
            if part.get("leave_out"))  # fmt: skip
    listed = table(("leave out", "saves, euro", "when, and what follows"), rows)
    return f"{listed}\n\nWithout all of these: {_eur(figures.price_eur(rig, without=True))} euro."


def _why(rig: Rig) -> str:
    return table(
        ("part", "why this one"), ((part["name"].partition(":")[0], part["why"]) for part in rig.parts)
    )


def _alternatives(rig: Rig) -> str:
    rows = (
        (
            part["name"].partition(":")[0],
            other["name"],
            other["number"],
            _eur(other["price_eur"]),
            other["note"],
        )
        for part in rig.parts
        for other in part["alternative"]
    )
    return table(("in place of", "take", "order it as", "euro", "note"), rows)


def _panels(rig: Rig) -> str:
    (display,) = (part for part in rig.parts if part["id"] == "display")
    rows = []
    for entry in (display, *display["alternative"]):
        glass = entry["glass"]
        angles = [figures.arc_minutes(glass, from_m) for from_m in (3, 5)]
        verdict = ["**too small**" if angle < figures.SURE_ARCMIN else "good" for angle in angles]
        row = (
            f"{figures.number_mm(glass):.1f}",
            f"{angles[0]:.0f}",
            verdict[0],
            f"{angles[1]:.0f}",
            verdict[1],
        )
        rows.append((entry["name"].partition(", SPI")[0], *row))
    head = ("panel", "number, mm", "minutes of arc at 3 m", "from 3 m", "at 5 m", "from 5 m")
    return table(head, rows)


def _signals(rig: Rig) -> str:
    rows = (
        (f"`PIN_{name}`", entry["does"], entry["direction"], entry["pull"], entry["needs"])
        for name, entry in rig.signals.items()
    )
    return table(
        ("in board.py", "what it does", "direction", "idle level from", "what the pin must offer"), rows
    )


def _pins(board: Board) -> str:
    rows = [(f"`PIN_{name}`", f"GPIO{gpio}", board.place(name)) for name, gpio in board.pins.items()]
    rows += [(f"supply {name}", name, board.place(name)) for name in ("5V", "3V3", "GND")]
    return table(("signal", "pin", "place on the header"), rows)


def _avoid(board: Board) -> str:
    rows = ((", ".join(str(gpio) for gpio in entry["gpio"]), entry["why"]) for entry in board.avoid)
    return table(("GPIO", "why not"), rows)


def _cables(rig: Rig) -> str:
    made = []
    for cable in rig.cables.values():
        about = f"### {cable.name}: {cable.title}\n\n{cable.length_m:g} m, {cable.gauge_mm2:g} mm²"
        about += f"; {cable.note}." if cable.note else "."
        names = (
            [f"cable-{cable.name}-{key}" for key in rig.boards]
            if cable.name == "W1"
            else [f"cable-{cable.name}"]
        )
        pictures = [f"![{cable.name}: {cable.title}](drawings/{name}.svg)" for name in names]
        if cable.name == "W1":
            links = (
                f"[{board.name}](drawings/cable-W1-{key}-large.svg)" for key, board in rig.boards.items()
            )
            pictures.append(f"With the large display: {', '.join(links)}.")
        made.append("\n\n".join([about, *pictures]))
    return "\n\n".join(made)


def _circuit(rig: Rig) -> str:
    rows = (
        (part.ref, part.value, ", ".join(f"{leg} to `{net}`" for leg, net in part.legs.items()), part.why)
        for part in rig.circuit
    )
    return table(("part", "value", "legs", "why"), rows)


def _edges(rig: Rig) -> str:
    limits = rig.tables["limits"]
    rows = []
    for name, ohm in (
        ("internal", limits["internal_pull_up_ohm"]),
        ("on the carrier", limits["pull_up_ohm"]),
    ):
        for cable_m in (2.0, limits["longest_cable_m"]):
            edge = figures.edge(limits, ohm, cable_m)
            verdict = "good" if edge.rise_us < edge.state_us / 4 else "**counts are lost**"
            row = (
                f"{name}, {ohm / 1000:g} kΩ",
                f"{cable_m:g} m",
                f"{edge.rise_us:.1f} µs",
                f"{edge.state_us:.1f} µs",
            )
            rows.append((*row, verdict))
    return table(("pull-up", "cable", "rise to `high`", "shortest state", "verdict"), rows)


def _currents(rig: Rig) -> str:
    rows = []
    for row in rig.tables["currents"]:
        milliamperes = (f"{row[kind]:g}" for kind in ("usual_ma", "most_ma"))
        rows.append((row["item"], ", ".join(row["boards"]), row["rail"], *milliamperes, row["source"]))
    return table(("what", "board", "rail", "usual mA", "most mA", "source"), rows)


def _battery(rig: Rig) -> str:
    rows = []
    for key, board in rig.boards.items():
        loads = [figures.load_ma(rig, key, kind) for kind in ("usual_ma", "most_ma")]
        fused = figures.load_ma(rig, key, "most_ma", ("5V_F",))
        hours = [figures.battery_h(rig, load) for load in loads]
        load = [f"{load:.0f} mA" for load in loads]
        rows.append((board.name, *load, f"{fused:.0f} mA", f"{hours[0]:.0f} h", f"{hours[1]:.0f} h"))
    head = ("board", "usual", "most", "most through the fuse", "battery, usual", "battery, most")
    return table(head, rows)


def _bracket(rig: Rig) -> str:
    rows = ((name.removesuffix("_mm"), value) for name, value in rig.tables["bracket"].items())
    return table(("dimension", "mm"), rows)
