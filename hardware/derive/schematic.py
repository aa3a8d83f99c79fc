"""The carrier's circuit as a drawing, by schemdraw (the environment of `make drawings` has it)."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

import schemdraw
import schemdraw.elements as elm
from hardware.derive.source import Component, Rig

UNIT = 2.2  # length of a lead-to-lead part, drawing units
RAIL_LETTERS = 40  # of a line with pins of a supply: a longer one ends beyond the sheet


class Sheet:
    """Drawing helpers that know the parts' names and values; each block starts at its own origin."""

    def __init__(self, rig: Rig, drawing: schemdraw.Drawing) -> None:
        self._parts: dict[str, Component] = {part.ref: part for part in rig.circuit}
        self._drawing = drawing
        self.drawn: set[str] = set()

    def part(self, ref: str, element: elm.Element, nets: set[str], side: str = "top") -> elm.Element:
        """Add a part with its name and value.

        Raises:
            ValueError: the source connects it to other nets than the drawing does.
        """
        if set(self._parts[ref].legs.values()) != nets:
            raise ValueError(
                f"{ref} is drawn between {sorted(nets)}, but rig.toml says {self._parts[ref].legs}."
            )
        self.drawn.add(ref)
        return self._drawing.add(element.label(f"{ref}\n{self._parts[ref].value}", loc=side, fontsize=11))

    def add(self, element: elm.Element) -> elm.Element:
        return self._drawing.add(element)

    def terminal(self, at: tuple[float, float], text: str, side: str) -> None:
        self.add(elm.Dot(open=True).at(at).label(text, loc=side, fontsize=11))

    def down_to_ground(self, ref: str, element: elm.Element, at: tuple[float, float], net: str) -> None:
        self.add(elm.Dot().at(at))
        foot = (at[0], at[1] - UNIT)
        self.part(ref, element.endpoints(at, foot), {net, "GND"}, "bottom")
        self.add(elm.Ground().at(foot))

    def up_to(self, ref: str, element: elm.Element, at: tuple[float, float], net: str, rail: str) -> None:
        self.add(elm.Dot().at(at))
        head = (at[0], at[1] + UNIT)
        self.part(ref, element.endpoints(at, head), {net, rail})
        self.add(elm.Vdd().at(head).label(rail, fontsize=11))

    def wire(self, start: tuple[float, float], stop: tuple[float, float]) -> None:
        self.add(elm.Line().at(start).to(stop))

    def title(self, at: tuple[float, float], text: str) -> None:
        self.add(elm.Label().at(at).label(text, halign="left", fontsize=13))


def draw(rig: Rig, path: Path) -> None:
    """Write the SVG; every part of the circuit is on it."""
    schemdraw.use("svg")
    drawing = schemdraw.Drawing(show=False)
    drawing.config(unit=UNIT, fontsize=11, margin=0.3, bgcolor="white")
    sheet = Sheet(rig, drawing)
    _supply(sheet, 0, 0)
    _encoder(sheet, 0, -8.5, "A", ("R1", "R3", "D1", "D2"))
    _encoder(sheet, 15, -8.5, "B", ("R2", "R4", "D3", "D4"))
    _converter(sheet, 15, 0)
    _buzzer(sheet, 0, -17)
    _rails(sheet, rig, 13, -15)
    missing = {part.ref for part in rig.circuit} - sheet.drawn
    if missing:
        raise ValueError(f"The drawing lacks {sorted(missing)}: add them to {__name__}.")
    drawing.save(str(path))


def _supply(sheet: Sheet, x: float, y: float) -> None:
    sheet.title((x, y + 3.6), "5 V: power bank to sensors, and through D6 to the board")
    sheet.terminal((x, y), "J7 + (5V_IN)", "left")
    sheet.add(elm.Dot().at((x + 0.5, y)))
    sheet.wire((x, y), (x + 0.5, y))
    sheet.wire((x + 0.5, y), (x + 0.5, y + 1.5))
    sheet.part("D6", elm.Schottky().at((x + 0.5, y + 1.5)).right().length(UNIT), {"5V_IN", "5V"})
    sheet.terminal((x + 0.5 + UNIT, y + 1.5), "5V (board)", "right")
    sheet.part("F1", elm.Fuse().at((x + 0.5, y)).right().length(UNIT), {"5V_IN", "5V_F"}, "bottom")
    sheet.wire((x + 0.5 + UNIT, y), (x + 10, y))
    sheet.down_to_ground("D5", elm.Zener().reverse(), (x + 3.2, y), "5V_F")
    sheet.down_to_ground("C1", elm.Capacitor(polar=True), (x + 6, y), "5V_F")
    sheet.down_to_ground("C2", elm.Capacitor(), (x + 8.6, y), "5V_F")
    sheet.terminal((x + 10, y), "5V_F", "right")


def _encoder(sheet: Sheet, x: float, y: float, phase: str, refs: tuple[str, str, str, str]) -> None:
    pull_up, series, clamp_up, clamp_down = refs
    net = f"ENC_{phase}"
    sheet.title((x, y + 4.2), f"encoder phase {phase}")
    sheet.terminal((x, y), f"J1 {phase}", "left")
    sheet.wire((x, y), (x + 2, y))
    sheet.up_to(pull_up, elm.Resistor(), (x + 1.2, y), f"{net}_IN", "3V3")
    sheet.part(series, elm.Resistor().at((x + 2, y)).right().length(UNIT), {f"{net}_IN", net})
    sheet.wire((x + 2 + UNIT, y), (x + 6.5, y))
    sheet.up_to(clamp_up, elm.Schottky(), (x + 5.4, y), net, "3V3")
    sheet.down_to_ground(clamp_down, elm.Schottky().reverse(), (x + 5.4, y), net)
    sheet.terminal((x + 6.5, y), f"{net} (board)", "right")


def _converter(sheet: Sheet, x: float, y: float) -> None:
    sheet.title((x, y + 4.2), "load-cell converter")
    sheet.terminal((x, y), "J2 DAT", "left")
    sheet.wire((x, y), (x + 6.5, y))
    sheet.up_to("R6", elm.Resistor(), (x + 1.8, y), "ADC_DOUT", "3V3")
    sheet.terminal((x + 6.5, y), "ADC_DOUT (board)", "right")
    low = y - 1.2
    sheet.terminal((x, low), "J2 CLK", "left")
    sheet.wire((x, low), (x + 6.5, low))
    sheet.down_to_ground("R5", elm.Resistor(), (x + 4.4, low), "ADC_SCK")
    sheet.terminal((x + 6.5, low), "ADC_SCK (board)", "right")


def _buzzer(sheet: Sheet, x: float, y: float) -> None:
    sheet.title((x, y + 4.2), "buzzer")
    sheet.terminal((x, y), "BUZZER (board)", "left")
    sheet.part("R7", elm.Resistor().at((x, y)).right().length(UNIT), {"BUZZER", "BUZZ_B"})
    sheet.wire((x + UNIT, y), (x + 4, y))
    sheet.down_to_ground("R8", elm.Resistor(), (x + 3, y), "BUZZ_B")
    symbol = elm.BjtNpn(circle=True).at((x + 4, y)).anchor("base").right()
    transistor = sheet.part("Q1", symbol, {"BUZZ_C", "BUZZ_B", "GND"}, "right")
    sheet.add(elm.Ground().at(transistor.emitter))
    column = tuple(transistor.collector)
    top = (column[0], column[1] + 0.6)
    sheet.wire(column, top)
    sheet.up_to("R9", elm.Resistor(), top, "BUZZ_C", "5V_F")
    sheet.wire(top, (top[0] + 2.5, top[1]))
    sheet.terminal((top[0] + 2.5, top[1]), "J5 -", "right")


def _rails(sheet: Sheet, rig: Rig, x: float, y: float) -> None:
    """Which plugs' pins hang on the supplies, as text: as lines they would hide the rest."""
    row = 0.0
    for rail in ("5V_F", "3V3", "GND"):
        pins = [
            f"{name}\u00a0{pin}"
            for name, connector in rig.connectors.items()
            for pin, net in zip(connector.pins, connector.nets)
            if net == rail and name != "CAR"
        ]
        for line in wrap(f"{rail}: {', '.join(pins)}", RAIL_LETTERS):
            sheet.title((x, y - row), line)
            row += 0.6
        row += 0.3
