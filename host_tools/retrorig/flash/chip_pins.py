"""What each chip allows its pins to be used for; hardware/pins.md says the same with more words.

From the chips' data sheets. A refused pin stops the command; a doubtful one is told and allowed.
"""

from __future__ import annotations

from typing import NamedTuple

_STRAPPING = "is read at reset and decides how the chip starts"


class Rule(NamedTuple):
    """Some pins, why they are a bad choice, and whether that is an impossible one."""

    gpio: tuple[int, ...]
    why: str
    is_refused: bool = True


EXISTS = {
    "esp32": frozenset({*range(20), 21, 22, 23, 25, 26, 27, *range(32, 40)}),
    "esp32s3": frozenset({*range(22), *range(26, 49)}),
}

RULES = {
    "esp32": (
        Rule(tuple(range(6, 12)), "belongs to the chip's own flash"),
        Rule((34, 35, 36, 37, 38, 39), "is an input only and has no pull-up"),
        Rule((0, 2, 5, 12, 15), _STRAPPING),
        Rule((1, 3), "is the USB serial port"),
        Rule((16, 17), "is taken on WROVER modules; free on WROOM", is_refused=False),
    ),
    "esp32s3": (
        Rule(tuple(range(26, 33)), "belongs to the module's flash and memory"),
        Rule((0, 3, 45, 46), _STRAPPING),
        Rule((43, 44), "is the serial port"),
        Rule((19, 20), "is the chip's own USB port"),
        Rule(tuple(range(33, 38)), "is taken on modules with eight-line memory (R8)", is_refused=False),
        Rule((38, 48), "drives the board's coloured LED", is_refused=False),
        Rule((39, 40, 41, 42), "is JTAG, for a debugger", is_refused=False),
    ),
}


def rule_of(chip: str, gpio: int) -> Rule | None:
    """The rule that speaks against a pin."""
    return next((rule for rule in RULES[chip] if gpio in rule.gpio), None)
