"""The carrier on perforated board: the circuit's nets, each joined, none touching another."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hardware.derive.perfboard import Hole, Layout, layout, socket_rows
from hardware.derive.source import load

RIG = load()
LAYOUTS = [layout(RIG, board, has_large) for board in RIG.boards.values() for has_large in (False, True)]
# Length along the legs and width, from the makers' drawings (1/4 W resistor, DO-35, DO-41, DO-15, disc, can, TO-92).
BODY_MM = {
    "R": (6.5, 2.5), "D": (4.3, 1.9), "D6": (5.2, 2.7), "D5": (7.6, 3.6), "F1": (8.0, 3.1),
    "C1": (6.3, 6.3), "C2": (4.0, 2.5), "Q": (5.2, 4.2),
}  # fmt: skip
LEAD_MM = 27.0  # of a resistor or diode, each side

every_layout = pytest.mark.parametrize(
    "made", LAYOUTS, ids=lambda made: made.board.key + (" large" if made.has_large else "")
)


def ends(made: Layout) -> list[tuple[str, str, Hole]]:
    """Everything that is pushed into a hole: what, its net as the circuit has it, the hole."""
    parts = {part.ref: part for part in RIG.circuit}
    found = [(f"MCU.{pin}", pin, at) for pin, at in made.sockets.items()]
    for name, holes in made.headers.items():
        connector = RIG.connectors[name]
        found += [
            (f"{name}.{pin}", net, at)
            for pin, net, at in zip(connector.pins, connector.nets, holes, strict=True)
        ]
    for ref, legs in made.legs.items():
        assert legs.keys() == parts[ref].legs.keys()
        found += [(f"{ref}.{leg}", parts[ref].legs[leg], at) for leg, at in legs.items()]
    for run in (*made.bridges, *made.wires):
        found += [(f"wire {run.net}", run.net, run.holes[0]), (f"wire {run.net}", run.net, run.holes[-1])]
    return found


def joined(made: Layout) -> dict[Hole, set[Hole]]:
    """Hole -> all holes that copper joins to it, flooded from each; independent of the nets' names."""
    beside: dict[Hole, set[Hole]] = defaultdict(set)
    for run in made.tracks:
        steps = run.steps()
        for one, other in zip(steps, steps[1:]):
            beside[one].add(other)
            beside[other].add(one)
    for run in (*made.bridges, *made.wires):
        beside[run.holes[0]].add(run.holes[-1])
        beside[run.holes[-1]].add(run.holes[0])
    groups: dict[Hole, set[Hole]] = {}
    for _, _, start in ends(made):
        reached, todo = {start}, [start]
        while todo:
            new = beside[todo.pop()] - reached
            reached |= new
            todo += new
        groups[start] = reached
    return groups


@every_layout
def test_every_part_and_header_of_the_circuit_is_placed(made: Layout) -> None:
    assert made.legs.keys() == {part.ref for part in RIG.circuit}
    wanted = {name for name, entry in RIG.connectors.items() if entry.nets and name != "CAR"}
    assert made.headers.keys() == wanted - (set() if made.has_large else {"J6"})


@every_layout
def test_a_hole_takes_one_end_and_lies_on_the_board(made: Layout) -> None:
    table = RIG.tables["perfboard"]
    taken = Counter(at for _, _, at in ends(made))
    assert not [str(at) for at, n in taken.items() if n > 1]
    for at in [*taken, *(step for run in made.tracks for step in run.steps())]:
        assert 1 <= at.row <= table["rows_n"] and 1 <= at.column <= table["columns_n"], at


@every_layout
def test_each_net_is_joined_and_touches_no_other(made: Layout) -> None:
    groups = joined(made)
    for (one, net, at), (other, another, there) in combinations(ends(made), 2):
        assert (there in groups[at]) == (net == another), f"{one} {net} at {at}, {other} {another} at {there}"


@every_layout
def test_no_two_tracks_of_different_nets_share_a_hole(made: Layout) -> None:
    through: dict[Hole, str] = {}
    for run in made.tracks:
        for step in run.steps():
            assert through.setdefault(step, run.net) == run.net, f"{run.net} meets {through[step]} at {step}"
    for what, net, at in ends(made):
        assert through.get(at, net) == net, f"a track of {through[at]} passes {what} at {at}"


@every_layout
def test_legs_are_long_enough_and_bodies_fit_between_them(made: Layout) -> None:
    for ref, legs in made.legs.items():
        if ref[0] not in "RD":
            continue
        one, other = legs.values()
        apart_mm = 2.54 * (abs(one.row - other.row) + abs(one.column - other.column))
        body_mm = BODY_MM[ref if ref in BODY_MM else ref[0]][0]
        assert apart_mm < 3 or body_mm + 2 <= apart_mm <= 2 * LEAD_MM + body_mm - 6, ref


@every_layout
def test_parts_do_not_stand_in_each_others_place_nor_under_the_board(made: Layout) -> None:
    bodies = {ref: _body_mm(ref, list(legs.values())) for ref, legs in made.legs.items()}
    for (one, a), (other, b) in combinations(bodies.items(), 2):
        assert a[0] >= b[1] or b[0] >= a[1] or a[2] >= b[3] or b[2] >= a[3], f"{one} and {other} collide"
    lowest = socket_rows(RIG, made.board)[1]
    assert all(at.row > lowest for legs in made.legs.values() for at in legs.values())


def _body_mm(ref: str, holes: list[Hole]) -> tuple[float, float, float, float]:
    """Left, right, top, bottom of a part's body; an upright one stands over its first leg."""
    first, last = holes[0], holes[-1]
    is_upright = ref[0] == "R" and abs(first.row - last.row) + abs(first.column - last.column) == 1
    middle = [first] if is_upright else [first, last]
    x, y = (2.54 * sum(at[i] for at in middle) / len(middle) for i in (1, 0))
    along, across = (2.5, 2.5) if is_upright else BODY_MM[ref if ref in BODY_MM else ref[0]]
    wide, high = (along, across) if first.row == last.row else (across, along)
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
