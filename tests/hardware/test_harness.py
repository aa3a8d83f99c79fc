"""The harness, followed wire by wire from each part to the microcontroller's pin."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hardware.derive.source import SOURCE, Cable, SourceError, load
from tests.hardware.netlist import Netlist

RIG = load()
COPPER = Netlist(RIG)
SIGNAL_PATH = Netlist(RIG, through=("F1", "R3", "R4"))

# What the parts' makers say must be connected where: pin of a part -> pin of the board, or of the converter.
WANTED = {
    "E1.+5V": "X3.V+", "E1.0V": "MCU.GND", "E1.A": "MCU.ENC_A", "E1.B": "MCU.ENC_B", "E1.screen": "MCU.GND",
    "U2.VDD": "MCU.3V3", "U2.VCC": "X3.V+", "U2.DAT": "MCU.ADC_DOUT", "U2.CLK": "MCU.ADC_SCK", "U2.GND": "MCU.GND",
    "LC1.E+": "U2.RED", "LC1.E-": "U2.BLK", "LC1.S-": "U2.WHT", "LC1.S+": "U2.GRN", "LC1.screen": "U2.YLW",
    "DS1.VCC": "MCU.3V3", "DS1.GND": "MCU.GND", "DS1.SCL": "MCU.OLED_SCL", "DS1.SDA": "MCU.OLED_SDA",
    "DS2.VCC": "MCU.3V3", "DS2.GND": "MCU.GND", "DS2.SCL": "MCU.OLED_SCL", "DS2.SDA": "MCU.OLED_SDA",
    "DS2.RES": "MCU.RESET", "DS2.DC": "MCU.TFT_DC", "DS2.CS": "MCU.GND", "DS2.BL": "MCU.TFT_BL",
    "S1.1": "MCU.BTN_START", "S2.1": "MCU.BTN_RPE", "S3.1": "MCU.BTN_PAIN",
    "S1.2": "MCU.GND", "S2.2": "MCU.GND", "S3.2": "MCU.GND", "BZ1.+": "X3.V+", "X3.GND": "MCU.GND", "BZ1.-": "BUZZ_C",
}  # fmt: skip
PARTS = ("X3", "E1", "U2", "LC1", "DS1", "DS2", "S1", "S2", "S3", "BZ1")


@pytest.mark.parametrize(("point", "wanted"), WANTED.items())
def test_part_reaches_its_pin(point: str, wanted: str) -> None:
    assert SIGNAL_PATH.joined(point, wanted)


def test_every_pin_of_every_part_was_looked_at() -> None:
    pins = {f"{name}.{pin}" for name in PARTS for pin in RIG.connectors[name].pins}
    assert pins <= WANTED.keys() | set(WANTED.values())


def test_nothing_is_shorted() -> None:
    nets = [
        *RIG.connectors["MCU"].pins,
        "5V_F",
        "ENC_A_IN",
        "ENC_B_IN",
        "BUZZ_B",
        "BUZZ_C",
        "U2.RED",
        "U2.BLK",
    ]
    shorts = [pair for pair in combinations(nets, 2) if COPPER.joined(*pair)]
    assert not shorts


LARGE = [cable for cable in RIG.cables.values() if cable.instead_of]
SMALL = [cable for cable in RIG.cables.values() if not cable.instead_of]
REPLACED = {cable.instead_of for cable in LARGE}
ONLY_LARGE = {"DS2", "J6"}


@pytest.mark.parametrize(
    ("cables", "absent"),
    [(SMALL, ONLY_LARGE), ([c for c in RIG.cables.values() if c.name not in REPLACED], {"DS1"})],
    ids=["small display", "large display"],
)
def test_each_pin_has_one_wire_and_unused_ones_none(cables: list[Cable], absent: set[str]) -> None:
    wired = Counter(str(end) for cable in cables for wire in cable.wires for end in (wire.start, wire.stop))
    for name, connector in RIG.connectors.items():
        for pin in connector.pins:
            is_free = pin in connector.unused or name in absent
            assert wired[f"{name}.{pin}"] == (0 if is_free else 1), f"{name}.{pin}"


def test_what_is_built_in_instead_takes_all_wires_of_what_it_replaces() -> None:
    for cable in LARGE:
        replaced = RIG.cables[cable.instead_of]
        ends = {(wire.colour, wire.start, wire.stop.pin) for wire in cable.wires}
        assert ends > {(wire.colour, wire.start, wire.stop.pin) for wire in replaced.wires}
    assert {c.instead_of for c in RIG.connectors.values()} == {"", "DS1"}


def test_a_wire_into_the_void_is_refused(tmp_path) -> None:
    broken = tmp_path / "rig.toml"
    broken.write_text(SOURCE.read_text(encoding="utf-8").replace('"E1.B"]', '"E1.C"]'), encoding="utf-8")
    with pytest.raises(SourceError, match=r"E1\.C"):
        load(broken)


def test_plugs_fit_their_own_socket_only() -> None:
    poles = {socket: len(RIG.connectors[socket].pins) for socket, _ in RIG.mates}
    assert len(set(poles.values())) == len(poles)
    for socket, plug in RIG.mates:
        assert RIG.connectors[socket].pins == RIG.connectors[plug].pins


def test_wires_of_one_colour_in_a_cable_are_one_net() -> None:
    for cable in RIG.cables.values():
        for one, other in combinations(cable.wires, 2):
            assert one.colour != other.colour or COPPER.joined(str(one.start), str(other.start)), cable.name


def test_no_input_is_pulled_to_5_v() -> None:
    for signal in RIG.signals.keys() & set(RIG.connectors["MCU"].pins):
        for part in RIG.circuit:
            near = [net for net in part.legs.values() if SIGNAL_PATH.joined(net, f"MCU.{signal}")]
            assert not (near and {"5V", "5V_F"} & set(part.legs.values())), f"{part.ref} ties {signal} to 5 V"


def test_diodes_point_from_ground_to_the_supply() -> None:
    diodes = [part for part in RIG.circuit if part.ref.startswith("D")]
    assert len(diodes) == 6
    for part in diodes:
        if part.ref == "D6":
            continue  # in the line to the board, see below
        assert part.legs["cathode"] in ("3V3", "5V_F") or part.legs["anode"] == "GND"
        assert part.legs["cathode"] != "GND" and part.legs["anode"] not in ("3V3", "5V", "5V_F")


def test_both_encoder_inputs_are_pulled_up_clamped_and_limited() -> None:
    for phase in ("ENC_A", "ENC_B"):
        kinds = {
            (part.ref[0], frozenset(part.legs.values()))
            for part in RIG.circuit
            if phase in str(part.legs.values())
        }
        assert kinds == {
            ("R", frozenset({"3V3", f"{phase}_IN"})), ("R", frozenset({f"{phase}_IN", phase})),
            ("D", frozenset({"3V3", phase})), ("D", frozenset({phase, "GND"})),
        }  # fmt: skip


def test_all_that_leaves_the_box_on_5_v_is_fused() -> None:
    for name in ("J1", "J2", "J5"):
        assert not {"5V", "5V_IN"} & set(RIG.connectors[name].nets) and "5V_F" in RIG.connectors[name].nets


def test_sensors_are_fed_before_any_diode_and_the_board_behind_one() -> None:
    fused = Netlist(RIG, through=("F1",))
    for sensor in ("E1.+5V", "U2.VCC"):
        assert fused.joined(sensor, "X3.V+") and not fused.joined(sensor, "MCU.5V")
    (feed,) = (part for part in RIG.circuit if "5V" in part.legs.values())
    assert feed.ref == "D6" and feed.legs == {"anode": "5V_IN", "cathode": "5V"}
