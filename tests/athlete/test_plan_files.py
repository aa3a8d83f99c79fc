"""What a plan file says is what the rig gets and what a table of it tells; a table of values is the file again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.athlete.test_plan_schema import plans

from retrorig.errors import InputError
from retrorig.plans import (
    AskedSet,
    Band,
    FaultyPlanError,
    asked_of,
    outline,
    place_in,
    plan_table,
    plan_text,
    read_plan_text,
    ready_made,
    steps,
)
from retrorig.plans.reader import board_text
from retrorig.report.units import Units

ON_BOARD = [
    ("kind", "cooldown", "kind", "cooldown"),
    ("times", 7, "times", 7),
    ("rest_s", 61.5, "rest_ms", 61_500),
    ("rest", "until-move", "rest_ms", 0),
    ("still_s", 2.5, "still_ms", 2500),
    ("pause_s", 90, "pause_ms", 90_000),
    ("start", "countdown", "start", "countdown"),
    ("speed_mps", [0.8, 1.25], "speed_mmps", [800, 1250]),
    ("force_n", [150, 200.5], "force_mn", [150_000, 200_500]),
    ("cadence_spm", [90, 100], "cadence_spm", [90, 100]),
    ("pace_mps", 0.9, "pace_mmps", 900),
    ("pace_mps", [0.9, 1], "pace_mmps", [900, 1000]),
    ("speed_max_mps", 2.5, "speed_max_mmps", 2500),
    ("force_max_n", 400, "force_max_mn", 400_000),
    ("load_kg", 12.5, "load_g", 12_500),
    ("side", "left", "side", "left"),
    ("attachment", "hip belt", "attachment", "hip belt"),
    ("over", "end", "over", "end"),
]
"""Each name of a block with a value, and how the rig keeps it."""

TOLD = [
    ({"distance_m": 10}, "target", "10 m", "10.94 yd"),
    ({"time_s": 90}, "target", "90 s", "90 s"),
    ({"steps": 40}, "target", "40 steps", "40 steps"),
    ({}, "target", "open", "open"),
    ({"times": 3}, "sets", 3, 3),
    ({"kind": "warmup"}, "kind", "warmup", "warmup"),
    ({"rest_s": 45.5}, "rest", "45.5 s", "45.5 s"),
    ({}, "rest", "until you move", "until you move"),
    ({"start": "button"}, "start", "button", "button"),
    ({"speed_mps": [0.8, 1.2]}, "band", "0.8 to 1.2 m/s", "2.88 to 4.32 km/h"),
    ({"force_n": [100, 150]}, "band", "100 to 150 N", "22.48 to 33.72 lbf"),
    ({"cadence_spm": [90, 100]}, "band", "90 to 100 steps/min", "90 to 100 steps/min"),
    ({"pace_mps": 0.9}, "band", "pace 0.9 m/s", "pace 3.24 km/h"),
    ({"pace_mps": [0.9, 1]}, "band", "pace 0.9 1 m/s", "pace 3.24 3.6 km/h"),
    ({"speed_mps": [1, 2], "pace_mps": 1.5}, "band", "1 to 2 m/s, pace 1.5 m/s", "3.6 to 7.2 km/h, pace 5.4 km/h"),
    ({}, "band", None, None),
    ({"speed_max_mps": 2}, "limit", "2 m/s", "7.2 km/h"),
    ({"force_max_n": 300}, "limit", "300 N", "67.44 lbf"),
    ({"speed_max_mps": 2, "force_max_n": 300}, "limit", "2 m/s, 300 N", "7.2 km/h, 67.44 lbf"),
    ({}, "limit", None, None),
    ({"load_kg": 12.5, "side": "left", "attachment": "hip"}, "with", "12.5 kg, left, hip", "12.5 kg, left, hip"),
    ({"load_kg": 0}, "with", "0 kg", "0 kg"),
    ({"side": "both"}, "with", "both", "both"),
    ({}, "with", None, None),
]  # fmt: skip
"""Values of a block, a column, and what stands in it in SI and in other units."""


LONG = """
[[block]]
distance_m = 10
rest_s = 61.5
still_s = 2.5
pause_s = 90
start = "countdown"
speed_mps = [0.8, 1.25]
force_n = [150, 200.5]
cadence_spm = [90, 100]
pace_mps = [0.9, 1]
"""
"""So many values that a plan of such blocks is too large for a rig."""


def plan_of(block: dict[str, Any]) -> dict[str, Any]:
    return read_plan_text(plan_text({"name": "P", "block": [block]}))


@pytest.mark.parametrize(("name", "value", "board_name", "kept"), ON_BOARD)
def test_each_name_of_a_block_reaches_the_rig_in_its_units(
    name: str, value: object, board_name: str, kept: object
) -> None:
    (block,) = plan_of({name: value})["blocks"]
    assert block == {board_name: kept, "target": "open"}


@pytest.mark.parametrize(
    ("name", "value", "target", "amount"),
    [("distance_m", 10.5, "distance", 10_500), ("time_s", 61.5, "time", 61_500), ("steps", 40, "steps", 40)],
)
def test_each_target_reaches_the_rig_in_its_units(name: str, value: float, target: str, amount: int) -> None:
    (block,) = plan_of({name: value})["blocks"]
    assert block == {"target": target, "amount": amount}


@pytest.mark.parametrize("name", ["steps", "times"])
@pytest.mark.parametrize("value", [2.5, 0.5, -1, 0, True, "2"])
def test_what_is_counted_is_a_whole_number(name: str, value: object) -> None:
    with pytest.raises(FaultyPlanError, match=f"line 4: {name} "):
        plan_of({name: value})


@pytest.mark.parametrize(("block", "column", "si", "others"), TOLD)
def test_a_block_s_row_tells_what_it_asks(
    block: dict[str, Any], column: str, si: object, others: object
) -> None:
    columns = ("sets", "kind", "target", "rest", "start", "band", "limit", "with")
    for units, expected in ((Units(), si), (Units("yd", "km/h", "lbf"), others)):
        (row,) = steps(plan_of(block), units)
        assert dict(zip(columns, row, strict=True))[column] == expected


@given(plans)
def test_a_plan_s_values_as_a_file_are_the_same_values(plan: dict[str, Any]) -> None:
    assert plan_table(plan_text(plan)) == plan


@pytest.mark.parametrize("value", ['quoted "word"', "back\\slash", "\x7f", "tab\t", "ünïcode", "#", "a'b"])
def test_any_text_survives_the_file(value: str) -> None:
    table = {"name": value, "block": [{"attachment": value}]}
    assert plan_table(plan_text(table)) == table


def test_whole_numbers_are_written_as_people_write_them() -> None:
    text = plan_text({"name": "P", "block": [{"distance_m": 10.0, "load_kg": 2.5, "pace_mps": [1.0, 0.9]}]})
    assert text == 'name = "P"\n\n[[block]]\ndistance_m = 10\nload_kg = 2.5\npace_mps = [1, 0.9]\n'


@pytest.mark.parametrize("plan_id", ready_made())
def test_a_plan_in_a_line_is_its_id_name_sets_and_bytes(plan_id: str) -> None:
    plan = read_plan_text(ready_made()[plan_id].read_text(encoding="utf-8"))
    sets = sum(block.get("times", 1) for block in plan["blocks"])
    assert outline(plan) == (plan_id, plan["name"], sets, len(board_text(plan)))
    assert " " not in board_text({"a": [1, 2], "b": 3}), "the rig's flash is small"


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyPlanError) as raised:
        read_plan_text(text, "mine.toml")
    return raised.value.faults


@pytest.mark.parametrize(("name", "value", "board_name", "kept"), ON_BOARD)
@pytest.mark.parametrize("wrong", ["[[]]", "{}", "true", "1e30", "'x y z and so on, much too long'"])
def test_a_wrong_value_is_told_by_its_name_and_line_and_so_are_those_behind_it(
    name: str, value: object, board_name: str, kept: object, wrong: str
) -> None:
    text = f'name = "P"\n\n[[block]]\n{name} = {wrong}\ncolour = 3\n\n[[block]]\nshade = 4\n'
    lines = sorted(fault.partition(": ")[::2] for fault in faults(text))
    assert [line for line, _ in lines] == [f"mine.toml line {number}" for number in (4, 5, 8)]
    for word, (_, sentence) in zip((name, "colour", "shade"), lines, strict=True):
        assert sentence.startswith(word)
        assert sentence.endswith(".") and not sentence.endswith("..")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('name = "P"\n[[block]]\ntimes = 0\n[[block.block]]\n', 3, "times from 1 to 50"),
        ('name = "P"\n[[block]]\ntimes = 51\n[[block.block]]\n', 3, "times from 1 to 50"),
        ('name = "P"\n[[block]]\ntimes = true\n[[block.block]]\n', 3, "times from 1 to 50"),
        ('name = "P"\n[[block]]\n[[block.block]]\n', 2, "times from 1 to 50"),
        ('name = "P"\n[[block]]\ntimes = 25\n[[block.block]]\n', 2, "at most 24 blocks"),
        ('name = "P"\n[[block]]\ntimes = 13\n[[block.block]]\n[[block.block]]\n', 2, "at most 24 blocks"),
        ('name = "P"\n[[block]]\ntimes = 2\nrest_s = 3\n[[block.block]]\n', 4, "rest_s belongs into a block"),
        ('name = "P"\n[[block]]\ntimes = 2\nkind = "work"\n[[block.block]]\n', 4, "repeat"),
        ('name = "P"\n[[block]]\ntimes = 2\nblock = []\n', 2, "needs blocks"),
        ('name = "P"\nblock = 3\n', 2, "[[block]]"),
        ('name = "P"\nblock = [3]\n', 2, "[[block]]"),
        ('schema = 2\nname = "P"\n[[block]]\n', 1, "update retrorig"),
        ('schema = true\nname = "P"\n[[block]]\n', 1, "update retrorig"),
        ('name = "P"\nabout = 3\n[[block]]\n', 2, "text in quotes"),
        ('name = "P"\n' + LONG * 24, 1, "leave out blocks"),
        ('name = "P"\n[rule]\ngreen = {pain = 2}\n[[block]]\n', 2, "amber"),
    ],
)
def test_what_makes_no_plan_is_told_with_its_line(text: str, line: int, words: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith(f"mine.toml line {line}: ")
    assert words in fault


def test_a_repeat_of_as_many_blocks_as_a_plan_may_have_is_one() -> None:
    plan = read_plan_text('name = "P"\n[[block]]\ntimes = 12\n[[block.block]]\n[[block.block]]\nsteps = 3\n')
    assert [block["target"] for block in plan["blocks"]] == ["open", "steps"] * 12


def test_a_plan_without_an_id_has_that_of_its_file() -> None:
    assert read_plan_text('name = "P"\n[[block]]\n', "week-3.toml")["id"] == "week-3"
    with pytest.raises(InputError, match=r"^mine\.toml line 1: "):
        read_plan_text("name", "mine.toml")


@pytest.mark.parametrize(
    ("value", "band", "limit", "place"),
    [
        (None, (0.8, 1.2), 1.5, ""),
        (1.0, None, None, ""),
        (1.0, None, 1.5, ""),
        (1.5, None, 1.5, ""),
        (1.51, None, 1.5, "over"),
        (1.51, (0.8, 1.2), 1.5, "over"),
        (1.4, (0.8, 1.2), 1.5, "above"),
        (0.79, (0.8, 1.2), None, "below"),
        (0.8, (0.8, 1.2), None, "within"),
        (1.2, (0.8, 1.2), None, "within"),
        (1.21, (0.8, 1.2), None, "above"),
    ],
)
def test_a_value_is_over_a_limit_or_in_its_place_of_a_band(
    value: float | None, band: Band | None, limit: float | None, place: str
) -> None:
    assert place_in(value, band, limit) == place


def test_what_a_set_is_asked_for_is_in_units_and_of_its_own_block() -> None:
    first = {
        "kind": "work", "times": 2, "distance_m": 10, "speed_mps": [0.8, 1.2], "force_n": [150, 200.5],
        "speed_max_mps": 1.5, "force_max_n": 300, "cadence_spm": [90, 100], "pace_mps": [0.9, 1.1],
    }  # fmt: skip
    plan = read_plan_text(plan_text({"name": "P", "block": [first, {"kind": "cooldown", "steps": 20}]}))
    found = [asked_of(plan, index) for index in range(4)]
    bands = (0.8, 1.2), (150.0, 200.5), 1.5, 300.0, (90, 100)
    assert found == [
        AskedSet("work", *bands, pace_mps=0.9),
        AskedSet("work", *bands, pace_mps=1.1),
        AskedSet("cooldown", None, None, None, None),
        None,
    ]
    assert found[0] and found[0].ahead_m(10.0, 10.0) == pytest.approx(1.0)
    assert found[2] and found[2].ahead_m(10.0, 10.0) is None
