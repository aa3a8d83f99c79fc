"""Tables of the pages on carrier, box, supply and mounting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hardware.derive import box, figures, resistors, sketches, terminals
from hardware.derive.cables import colour_name
from hardware.derive.perfboard import Layout, Run, layout, length_mm
from hardware.derive.source import Rig

STRIP_MM = 8  # of an insulated wire, both ends together
LONGEST_ENCODER_CABLES_M = (2.0, 5.0)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def supply(rig: Rig) -> str:
    """Volts at the encoder for some banks and cables, against its data sheet."""
    low, _ = rig.tables["limits"]["encoder_supply_v"]
    rows = []
    for bank_v in (5.1, rig.tables["supply"]["bank_v"], 4.9):
        for cable_m in LONGEST_ENCODER_CABLES_M:
            found = figures.sensor_supply(rig, "esp32", bank_v, cable_m)
            verdict = "good" if found.encoder_v >= low else f"**under {low:g} V**"
            volts = [f"{v:.2f} V" for v in (found.fused_v, found.encoder_v, found.after_board_diode_v)]
            rows.append((f"{bank_v:.1f} V", f"{cable_m:g} m", *volts[:2], verdict, volts[2]))
    head = (
        "power bank gives",
        "encoder's cable",
        "`5V_F`",
        "at the encoder",
        "verdict",
        "`5V_F`, if it came from the board's 5V pin",
    )
    return table(head, rows)


def bridge(rig: Rig) -> str:
    """What the converter's analogue supply has in hand."""
    limits = rig.tables["limits"]
    volts, least = figures.bridge_v(limits), figures.bridge_v(limits) + limits["hx711_dropout_v"]
    fused = figures.sensor_supply(rig, "esp32", rig.tables["supply"]["bank_v"], 2.0).fused_v
    low = limits["encoder_supply_v"][0]
    return (
        f"The HX711 makes the cell's supply itself: {limits['hx711_reference_v']:g} V x (20 + 8.2) / 8.2 kΩ = "
        f"{volts:.2f} V "
        f"between RED and BLK. Its data sheet wants {1000 * limits['hx711_dropout_v']:.0f} mV above that, so at least "
        f"{least:.2f} V on VCC. From a 5.0 V bank there are {fused:.2f} V at the most current: "
        f"{fused - least:.2f} V in hand. "
        f"At the encoder's own limit of {low:g} V there are still {low - least:.2f} V."
    )


def carrier_steps(rig: Rig) -> str:
    """Everything that is soldered to the recommended board's carrier, flat things first, with lengths to cut."""
    made = layout(rig, rig.boards["esp32"])
    rows = [*_tracks(made), *_wires("bridge", made.bridges), *_parts(rig, made), *_headers(rig, made),
            *_wires("wire", made.wires)]  # fmt: skip
    return table(
        ("", "what", "from", "to", "cut, mm", "note"), ((i, *row) for i, row in enumerate(rows, start=1))
    )


def _tracks(made: Layout) -> list[tuple[str, ...]]:
    runs = sorted(made.tracks, key=lambda run: -length_mm(run))
    return [
        ("bare wire", str(run.holes[0]), " then ".join(map(str, run.holes[1:])), f"{length_mm(run) + 2:.0f}",
         f"`{run.net}`, solder side") for run in runs
    ]  # fmt: skip


def _wires(kind: str, runs: list[Run]) -> list[tuple[str, ...]]:
    return [
        (f"{kind}, {colour_name(run.colour)}", str(run.holes[0]), str(run.holes[-1]),
         f"{length_mm(run) + STRIP_MM + 4:.0f}", f"`{run.name or run.net}`") for run in runs
    ]  # fmt: skip


def _parts(rig: Rig, made: Layout) -> list[tuple[str, ...]]:
    order = {"R": 0, "D": 1, "C": 3, "F": 4, "Q": 2}
    rows = []
    for part in sorted(rig.circuit, key=lambda part: (order[part.ref[0]], part.ref)):
        legs = made.legs[part.ref]
        (first, at), *others = legs.items()
        said = resistors.names(part.value) if part.ref[0] == "R" else ""
        named = f"{first} at {at}" if part.ref[0] in "DCQ" and "a" not in legs else str(at)
        upright = (
            part.ref[0] == "R"
            and abs(at.row - others[-1][1].row) + abs(at.column - others[-1][1].column) == 1
        )
        note = "; ".join(text for text in (said, "upright" if upright else "") if text)
        rows.append((f"{part.ref} {part.value}", named, ", ".join(f"{leg} {hole}" if first != "a" else str(hole)
                     for leg, hole in others), "", note))  # fmt: skip
    return rows


def _headers(rig: Rig, made: Layout) -> list[tuple[str, ...]]:
    sockets = (
        "two socket strips",
        "row A and K, columns 11 to 29",
        "",
        "",
        "plug the board in while soldering: they stand straight",
    )
    rows = [
        (
            f"{name}, {len(holes)} poles",
            str(holes[0]),
            str(holes[-1]),
            "",
            rig.connectors[name].title.partition(": ")[2],
        )
        for name, holes in made.headers.items()
    ]
    return [*rows, sockets]


def clamps_table(rig: Rig) -> str:
    """Clamp -> parts' legs and wires under its screws."""
    made = terminals.clamps(rig)
    rows = []
    for clamp, net in made.nets.items():
        legs = [
            end for end in made.held[clamp] if end.split(".")[0] not in rig.connectors and end != "bridge"
        ]
        wires = [end for end in made.held[clamp] if end.split(".")[0] in rig.connectors]
        said = [
            f"{_other_end(rig, end)} ({colour_name(terminals.wire_of(rig, end).colour)})" for end in wires
        ]
        rows.append((clamp, f"`{net}`", ", ".join(legs), ", ".join(said)))
    return table(("clamp", "net", "legs", "wires to"), rows)


def _other_end(rig: Rig, end: str) -> str:
    wire = terminals.wire_of(rig, end)
    if end.startswith("CAR."):
        return rig.boards["esp32"].label(wire.start.pin)
    return str(wire.stop)


def openings(rig: Rig) -> str:
    rows = (
        (box.TITLES[hole.face], hole.what, f"{hole.d:g}" if hole.d else f"{hole.size[0]:g} x {hole.size[1]:g}",
         f"{hole.at[0]:g}", f"{hole.at[1]:g}", hole.note) for hole in box.openings(rig)
    )  # fmt: skip
    return table(("face", "for", "mm", "from the left", "from below", ""), rows)


def sight(rig: Rig) -> str:
    """How far the eyes must go down, upright and leaning."""
    limits = rig.tables["mounting"]
    (display,) = (part for part in rig.parts if part["id"] == "display")
    rows = []
    for place in ("treadmill", "sled", "post"):
        upright, leaning = (
            sketches.look_down_deg(limits, place, limits[key]) for key in ("eye_mm", "eye_low_mm")
        )
        from_m = limits[f"{place}_from_m"]
        height, angle = limits[f"panel_{place}_mm"] / 1000, figures.arc_minutes(display["glass"], from_m)
        rows.append(
            (place, f"{height:.2f} m", f"{from_m:g} m", f"{upright:.0f}°", f"{leaning:.0f}°", f"{angle:.0f}")
        )
    return table(
        (
            "machine",
            "panel's middle",
            "from the eye",
            "eyes down, upright",
            "leaning back",
            "number, minutes of arc",
        ),
        rows,
    )
