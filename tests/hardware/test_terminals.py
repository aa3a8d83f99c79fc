"""The carrier's circuit on clamps: each net joined, none touching, every screw able to hold its ends."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hardware.derive import terminals
from hardware.derive.source import load

RIG = load()
MADE = terminals.clamps(RIG)
TABLE = RIG.tables["terminals"]
SMALL = [cable for cable in RIG.cables.values() if not cable.instead_of]
# What a part's legs reach, bent and with 6 mm under each screw, from the makers' drawings.
REACH_MM = {"R": 48.0, "D": 46.0, "C": 18.0, "F": 16.0, "Q": 20.0}


def net_of(end: str) -> str:
    """The net of a leg (`R1.a`) or of a header's pin (`J1.A`, `CAR.3V3`) as the circuit has it."""
    name, _, pin = end.partition(".")
    if name in RIG.connectors:
        connector = RIG.connectors[name]
        return connector.nets[connector.pins.index(pin)]
    (part,) = (part for part in RIG.circuit if part.ref == name)
    return part.legs[pin]


def test_every_leg_and_wire_is_under_a_clamp_of_its_net() -> None:
    held = [(clamp, end) for clamp, ends in MADE.held.items() for end in ends if end != "bridge"]
    for clamp, end in held:
        assert net_of(end) == MADE.nets[clamp], f"{end} under {clamp}"
    ends = [end for _, end in held]
    assert len(ends) == len(set(ends))
    legs = {f"{part.ref}.{leg}" for part in RIG.circuit for leg in part.legs}
    assert legs <= set(ends)


def test_each_header_pin_ends_at_a_clamp_or_at_the_boards_own_screw() -> None:
    ends = {end for held in MADE.held.values() for end in held}
    strips = set(MADE.nets.values())
    on_board = {str(wire.start.pin) for wire in RIG.cables["W1"].wires}
    for cable in SMALL:
        for wire in cable.wires:
            connector = RIG.connectors[wire.start.connector]
            if not connector.nets:
                continue
            net = connector.nets[connector.pins.index(wire.start.pin)]
            assert (str(wire.start) in ends) == (net in strips), wire.start
            assert net in strips or net in on_board
    for net in strips & on_board:
        assert f"CAR.{net}" in ends, f"{net} is not joined to the microcontroller board"


def test_clamps_of_a_net_are_bridged_and_no_bridge_joins_two_nets() -> None:
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in TABLE["bridges"]:
        assert MADE.nets[one] == MADE.nets[other]
        beside[one].add(other)
        beside[other].add(one)
    for net in set(MADE.nets.values()):
        clamps = {clamp for clamp, of in MADE.nets.items() if of == net}
        reached, todo = set(), [min(clamps)]
        while todo:
            at = todo.pop()
            reached.add(at)
            todo += beside[at] - reached
        assert reached == clamps, net


@pytest.mark.parametrize("clamp", MADE.nets)
def test_a_clamp_holds_its_ends(clamp: str) -> None:
    assert 1 < len(MADE.held[clamp]) <= TABLE["ends_most_n"]


@pytest.mark.parametrize("ref", MADE.legs)
def test_legs_are_long_enough(ref: str) -> None:
    places = [terminals.place_mm(RIG, clamp) for clamp in MADE.legs[ref].values()]
    furthest = max(math.dist(one, other) for one in places for other in places)
    between_strips = len({clamp[0] for clamp in MADE.legs[ref].values()}) > 1
    assert furthest - (9 if between_strips else 0) <= REACH_MM[ref[0]]
