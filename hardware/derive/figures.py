"""Figures that the pages state, computed from the source: edges, loads on the supply, hours on a battery, prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

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


def price_eur(rig: Rig, cheapest: bool = False) -> tuple[float, float]:
    """Lowest and highest sum over the parts; `cheapest`: with the cheaper of part and alternatives."""
    low = high = 0.0
    for part in rig.parts:
        ranges = [part["price_eur"], *(other["price_eur"] for other in part["alternative"])]
        chosen = min(ranges) if cheapest else ranges[0]
        low, high = low + chosen[0], high + chosen[1]
    return low, high
