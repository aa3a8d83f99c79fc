"""board.py and the pin tables agree, and no pin is one that the chip needs for itself."""

from __future__ import annotations

import pytest
from hardware.derive.source import Board, load
from tests.hardware import boards

RIG = load()
BOARDS = list(RIG.boards.values())

# From the chips' data sheets, written down apart from rig.toml.
EXISTS = {
    "esp32": {*range(20), 21, 22, 23, 25, 26, 27, *range(32, 40)},
    "esp32s3": {*range(22), *range(26, 49)},
}
FLASH = {"esp32": set(range(6, 12)), "esp32s3": set(range(26, 38))}
STRAPPING = {"esp32": {0, 2, 5, 12, 15}, "esp32s3": {0, 3, 45, 46}}
SERIAL = {"esp32": {1, 3}, "esp32s3": {19, 20, 43, 44}}
INPUT_ONLY = {"esp32": set(range(34, 40)), "esp32s3": set()}


@pytest.mark.parametrize(("machine", "key"), boards.MACHINES.items())
def test_board_file_holds_the_pins_of_the_source(machine: str, key: str) -> None:
    found = {name: value for name, value in boards.constants(machine).items() if name.startswith("PIN_")}
    assert found == {f"PIN_{signal}": gpio for signal, gpio in RIG.boards[key].pins.items()}


def test_geometry_does_not_depend_on_the_board() -> None:
    seen = [
        {name: value for name, value in boards.constants(machine).items() if not name.startswith("PIN_")}
        for machine in boards.MACHINES
    ]
    assert all(names == seen[0] for names in seen)


def test_geometry_is_that_of_the_recommended_parts() -> None:
    names = boards.constants("linux")
    limits = RIG.tables["limits"]
    assert names["COUNTS_PER_REV"] == 4 * limits["encoder_pulses"]
    assert names["CIRCUMFERENCE_UM"] == limits["wheel_circumference_mm"] * 1000


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_no_pin_twice(board: Board) -> None:
    assert len(set(board.pins.values())) == len(board.pins)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_no_pin_that_the_chip_needs_itself(board: Board) -> None:
    wired = {signal: gpio for signal, gpio in board.pins.items() if signal != "BOOT"}
    taken = FLASH[board.key] | STRAPPING[board.key] | SERIAL[board.key] | INPUT_ONLY[board.key]
    assert set(wired.values()) <= EXISTS[board.key] - taken


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_safe_mode_is_on_the_boot_button(board: Board) -> None:
    assert board.pins["BOOT"] == 0


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_pins_to_avoid_are_explained_and_avoided(board: Board) -> None:
    explained = {gpio for entry in board.avoid for gpio in entry["gpio"] if entry["why"]}
    assert FLASH[board.key] | STRAPPING[board.key] | SERIAL[board.key] <= explained
    assert not explained & {gpio for signal, gpio in board.pins.items() if signal != "BOOT"}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_every_wired_pin_is_on_a_header_once(board: Board) -> None:
    labels = [*board.left, *board.right]
    for pin in RIG.connectors["MCU"].pins:
        assert pin in ("5V", "3V3", "GND") or labels.count(board.label(pin)) == 1
        assert board.place(pin)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_headers_carry_only_pins_of_the_chip(board: Board) -> None:
    numbers = [int(label[2:]) for label in (*board.left, *board.right) if label.startswith("IO")]
    assert set(numbers) <= EXISTS[board.key] and len(set(numbers)) == len(numbers)


def test_every_signal_is_described_and_wired() -> None:
    for board in BOARDS:
        assert board.pins.keys() == RIG.signals.keys()
    without_wire = RIG.signals.keys() - set(RIG.connectors["MCU"].pins)
    assert without_wire == {"ADC_SPI_CLK", "BOOT"}
