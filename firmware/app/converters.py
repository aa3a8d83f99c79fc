"""The load cell's converter that the setting "converter" names; all sit on the same three wires.

Needed at the start alone: wiring.py forgets it afterwards.
"""

import time

import machine
from machine import Pin

# Constants alone, which the build puts into the code: the modules themselves are loaded below.
from drivers.ads1220 import DELAY_CONV10
from drivers.ads1220 import SETTLING_N as ADS1220_SETTLING_N
from drivers.ads1220 import SPI_BAUD as ADS1220_BAUD
from drivers.hx711 import SETTLING_N
from drivers.twowire import SPI_BAUD
from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from typing import Any

    from machine import SPI


def converter(board: "Any", kind: str, rate_sps: int) -> "tuple[Any, int, int, int]":
    """(driver, conversions to discard after a start, nominal rate in mHz, delay in tenths of a conversion)."""
    if kind == "ads1220":
        ads1220 = transient_import("drivers.ads1220")
        rate_sps = ads1220.rate_for(rate_sps)
        chip = ads1220.Ads1220(_spi(board, ADS1220_BAUD, 1), time.sleep_us, rate_sps)
        chip.restart()
        return chip, ADS1220_SETTLING_N, rate_sps * 1000, DELAY_CONV10
    wire = transient_import("drivers.twowire").SpiWire(_spi(board, SPI_BAUD, 0))
    chip = transient_import("drivers.hx711").Hx711(wire, board.ADC_GAIN_PULSES)
    return chip, SETTLING_N, rate_sps * 1000, board.ADC_DELAY_CONV10


def _spi(board: "Any", baud: int, phase: int) -> "SPI":
    return machine.SPI(
        board.ADC_SPI_ID,
        baudrate=baud,
        polarity=0,
        phase=phase,
        sck=Pin(board.PIN_ADC_SPI_CLK),
        mosi=Pin(board.PIN_ADC_SCK),
        miso=Pin(board.PIN_ADC_DOUT, Pin.IN),
    )
