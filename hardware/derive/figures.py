"""Figures that the pages state, computed from the source: edges, loads on the supply, hours on a battery, prices."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hardware.derive.perfboard import large_header
from hardware.derive.source import Rig

RAILS = ("5V_F", "3V3")
SURE_ARCMIN = 16  # ISO 9241-303: characters subtend at least 16 minutes of arc, 20 to 22 are preferred


@dataclass(frozen=True)
class Edge:
    """How an encoder channel rises through a pull-up, against how long a state lasts at top speed."""

    rise_us: float
    state_us: float
    low_v: float


def edge(limits: dict[str, Any], pull_up_ohm: float, cable_m: float) -> Edge:
    """Time from letting go to the input's `high`: RC ln(1 / (1 - share)), the charging of a capacitor.

    A state is a quarter of a pulse. `low_v` is the encoder's residual voltage.
    """
    capacitance_f = (limits["cable_pf_per_m"] * cable_m + limits["input_pf"]) * 1e-12
    rise_s = pull_up_ohm * capacitance_f * -math.log(1 - limits["input_high_of_supply"])
    states_per_m = 4 * limits["encoder_pulses"] / (limits["wheel_circumference_mm"] / 1000)
    return Edge(rise_s * 1e6, 1e6 / (states_per_m * limits["top_speed_mps"]), limits["encoder_low_v"])


def pulse_rate_hz(limits: dict[str, Any]) -> float:
    """Pulses a second of one channel at top speed."""
    return turns_per_s(limits) * limits["encoder_pulses"]


def turns_per_s(limits: dict[str, Any]) -> float:
    """Turns a second of the measuring wheel at top speed."""
    return limits["top_speed_mps"] / (limits["wheel_circumference_mm"] / 1000)


def load_ma(rig: Rig, board: str, kind: str, rails: tuple[str, ...] = RAILS) -> float:
    """Sum of the currents drawn from 5 V; `kind` is `usual_ma` or `most_ma`."""
    rows = rig.tables["currents"]
    return sum(row[kind] for row in rows if board in row["boards"] and row["rail"] in rails)


@dataclass(frozen=True)
class Supply:
    """Volts that reach the sensors from a bank of a given voltage, at the most current."""

    fused_v: float
    encoder_v: float
    after_board_diode_v: float  # what `fused_v` would be if it came from the microcontroller board's 5V pin


def sensor_supply(rig: Rig, board: str, bank_v: float, encoder_cable_m: float) -> Supply:
    """Bank less its cable and the fuse; the encoder's own cable takes its share of the encoder's current."""
    supply = rig.tables["supply"]
    (encoder_ma,) = (row["most_ma"] for row in rig.tables["currents"] if row["item"] == "encoder")
    socket_v = bank_v - load_ma(rig, board, "most_ma") / 1000 * supply["bank_cable_ohm"]
    fuse_v = load_ma(rig, board, "most_ma", ("5V_F",)) / 1000 * supply["fuse_ohm"]
    cable_v = encoder_ma / 1000 * supply["sensor_cable_ohm_per_m"] * encoder_cable_m
    return Supply(socket_v - fuse_v, socket_v - fuse_v - cable_v, socket_v - supply["board_diode_v"] - fuse_v)


def bridge_v(limits: dict[str, Any]) -> float:
    """What the HX711's own regulator feeds the cell with: reference x (R1 + R2) / R2 (its data sheet)."""
    upper, lower = limits["hx711_divider_kohm"]
    volts: float = limits["hx711_reference_v"] * (upper + lower) / lower
    return volts


def battery_h(rig: Rig, load: float) -> float:
    """Hours that the power bank lasts at a load of `load` mA from 5 V."""
    supply = rig.tables["supply"]
    energy_mwh = supply["battery_mah"] * supply["battery_v"] * supply["converter_efficiency"]
    return energy_mwh / (load * 5)


def arc_minutes(glass: dict[str, Any], from_m: float) -> float:
    """The angle that the run page's number subtends; one digit before the point, as tall as it gets."""
    return 60 * math.degrees(math.atan(number_mm(glass) / 1000 / from_m))


def number_mm(glass: dict[str, Any]) -> float:
    """Height of the run page's number on a glass; its rows are what the drawing code makes of the panel's."""
    height_mm: float = glass["height_mm"] * glass["number_rows"] / glass["pixels"][1]
    return height_mm


def price_eur(rig: Rig, without: bool = False) -> tuple[float, float]:
    """Lowest and highest sum of the one build; `without`: what may be left out is left out."""
    parts = [part for part in rig.parts if not (without and part.get("leave_out"))]
    low, high = (sum(part["price_eur"][i] for part in parts) for i in (0, 1))
    return low, high


def pieces(rig: Rig) -> dict[str, Counter[str]]:
    """Part of the list -> how many of each kind, counted from circuit and headers."""
    refs = [part for part in rig.circuit if part.ref.startswith("R")]
    ohms = Counter(part.value for part in sorted(refs, key=lambda part: figure(part.value)))
    small = [
        entry for name, entry in rig.connectors.items() if name.startswith("J") and name != large_header(rig)
    ]
    poles = Counter(f"{len(entry.pins)} poles" for entry in small)
    contacts = sum(len(entry.pins) for entry in small)
    return {"r": ohms, "xh": Counter({**dict(sorted(poles.items())), "contacts": contacts})}


def figure(value: str) -> float:
    """`2.2 kΩ` -> 2200."""
    number, unit = value.split()
    return float(number) * {"Ω": 1, "kΩ": 1000}[unit]
