"""The converter model against what a logic analyser saw on real ones (tests/recordings/hx711)."""

from __future__ import annotations

import re
import zipfile
from array import array
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from retrorig.virtual.clock import Clock
from retrorig.virtual.parts.hx711 import Hx711

CAPTURES = Path(__file__).parents[1] / "recordings" / "hx711"
CLEAN = [("hx711-rp2040-pio", 1350953), ("hx711-stm32f405-feather-gpio", 35417)]
FAILING = ["hx711-nrf52840-feather", "hx711-nrf52840-feather-post-41831e6"]
SPURIOUS = 2097151  # what the failing ones read: three zeros, then ones


class Pulse(NamedTuple):
    """One clock of a capture, ns; DOUT just before it fell."""

    rise_ns: int
    fall_ns: int
    bit: int


def pulses(name: str) -> tuple[list[Pulse], int]:
    """The clocks of a capture's first read, and how often DOUT changed while the clock was low in between."""
    with zipfile.ZipFile(CAPTURES / f"{name}.sr") as file:
        samples = array("H", file.read("logic-1-1"))
        rate = re.search(r"samplerate=(\d+) MHz", file.read("metadata").decode())
    assert rate
    step_ns = 1000 // int(rate[1])
    found: list[Pulse] = []
    rise, low_changes = 0, 0
    for i in range(1, len(samples)):
        before, now = samples[i - 1], samples[i]
        if now & 2 and not before & 2:
            rise = i
        elif before & 2 and not now & 2:
            found.append(Pulse(rise * step_ns, i * step_ns, before & 1))
        elif found and not now & 2 and now != before:
            low_changes += 1
        if len(found) == 25:
            break
    return found, low_changes


def replay(clocks: list[Pulse], code: int) -> tuple[list[int], bool]:
    """DOUT just before each clock fell, from the model with `code` ready; and whether it kept its power."""
    clock = Clock()
    chip = Hx711(clock, Random(1), lambda at_ns: 0.0, lambda force, gain: code, 80.0, lambda level: None)
    chip.power_on()
    while chip.level():
        clock.advance(1000)
    start_ns = clock.now_ns + 1000 - clocks[0].rise_ns
    bits = []
    for pulse in clocks:
        clock.advance_to(start_ns + pulse.rise_ns)
        chip.set_clock(1)
        clock.advance_to(start_ns + pulse.fall_ns)
        bits.append(chip.level())
        chip.set_clock(0)
    return bits, chip.powered


def value(bits: list[int]) -> int:
    return int("".join(map(str, bits[:24])), 2)


@pytest.mark.parametrize(("name", "code"), CLEAN)
def test_the_model_answers_the_captured_clock_as_the_chip_did(name: str, code: int) -> None:
    clocks, _ = pulses(name)
    captured = [pulse.bit for pulse in clocks]
    assert len(clocks) == 25
    assert value(captured) == code
    assert captured[24] == 1
    assert replay(clocks, code) == (captured, True)


@pytest.mark.parametrize("name", FAILING)
def test_the_failing_captures_are_not_failures_of_the_clock(name: str) -> None:
    clocks, low_changes = pulses(name)
    captured = [pulse.bit for pulse in clocks]
    assert value(captured) == SPURIOUS
    assert max(pulse.fall_ns - pulse.rise_ns for pulse in clocks) < 50_000, "within the datasheet's limit"
    assert low_changes > 0, "DOUT changed while the clock was low, which no clock can cause"
    assert replay(clocks, 1350953)[0] != captured, "a healthy chip would have answered this clock"
    assert value(replay(clocks, 1350953)[0]) == 1350953


def test_a_late_25th_clock_alone_does_no_harm() -> None:
    clocks, _ = pulses(FAILING[0])
    assert clocks[24].rise_ns - clocks[23].fall_ns > 100_000
    bits, powered = replay(clocks, 35417)
    assert (value(bits), bits[24], powered) == (35417, 1, True)


def test_a_25th_clock_held_high_over_60_us_loses_the_power() -> None:
    clocks, _ = pulses(CLEAN[0][0])
    held = [*clocks[:24], clocks[24]._replace(fall_ns=clocks[24].rise_ns + 61_000)]
    clock = Clock()
    chip = Hx711(clock, Random(1), lambda at_ns: 0.0, lambda force, gain: 7.0, 80.0, lambda level: None)
    chip.power_on()
    while chip.level():
        clock.advance(1000)
    start_ns = clock.now_ns
    for pulse in held:
        clock.advance_to(start_ns + pulse.rise_ns)
        chip.set_clock(1)
        clock.advance_to(start_ns + pulse.fall_ns)
        chip.set_clock(0)
    clock.advance(45_000_000)
    assert chip.level() == 1, "settling anew: nothing within four conversions"
    clock.advance(10_000_000)
    assert chip.level() == 0
