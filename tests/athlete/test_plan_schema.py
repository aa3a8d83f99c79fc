"""The published schema of a plan file and the reader accept and refuse the same files."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from retrorig.cli import run
from retrorig.errors import InputError
from retrorig.plans import read_plan, ready_made
from retrorig.plans.published import FILE, plan_schema, schema_text
from retrorig.plans.reader import _Parser

VALIDATOR = Draft202012Validator(plan_schema())


def toml(value: Any) -> str:
    """A value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value).replace("NaN", "nan").replace("Infinity", "inf")


def is_read(plan: dict[str, Any]) -> bool:
    text = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in plan.items())
    try:
        _Parser("plan.toml", text).plan()
    except InputError:
        return False
    return True


def thousandths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 1000), round(high * 1000)).map(lambda whole: whole / 1000)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


bands = st.tuples(thousandths(0, 5), thousandths(0.001, 5)).map(lambda found: [found[0], found[0] + found[1]])
targets = st.one_of(
    st.just({}),
    st.builds(lambda metres: {"distance_m": metres}, thousandths(0.5, 10_000)),
    st.builds(lambda seconds: {"time_s": seconds}, thousandths(1, 14_400)),
    st.builds(lambda steps: {"steps": steps}, st.integers(1, 10_000)),
)
fields = optional(
    kind=st.sampled_from(["warmup", "work", "cooldown"]), times=st.integers(1, 3), rest_s=thousandths(0, 3600),
    pause_s=thousandths(1, 600), start=st.sampled_from(["movement", "button", "countdown"]), speed_mps=bands,
    force_n=bands, speed_max_mps=thousandths(0.05, 12), force_max_n=thousandths(1, 2000),
    pace_mps=thousandths(0.02, 12) | st.lists(thousandths(0.02, 12), min_size=1, max_size=4),
    cadence_spm=st.integers(20, 299).map(lambda low: [low, low + 1]),
    over=st.sampled_from(["warn", "end"]), load_kg=thousandths(0, 500), side=st.sampled_from(["left", "both"]),
    attachment=st.text("abc ", min_size=1, max_size=24),
)  # fmt: skip
blocks = st.builds(lambda target, rest: {**target, **rest}, targets, fields)
repeats = st.builds(
    lambda times, inner: {"times": times, "block": inner},
    st.integers(1, 3),
    st.lists(blocks, min_size=1, max_size=2),
)
rules = st.builds(
    lambda green, amber, rest: {"green": {"pain": green}, "amber": {"rpe": amber}, **rest},
    st.integers(0, 10),
    st.integers(0, 10),
    optional(red=st.sampled_from(["warn", "stop"]), red_text=st.text("xyz", max_size=32)),
)
plans = st.builds(
    lambda first, rest: {**first, **rest},
    st.fixed_dictionaries(
        {
            "name": st.text("Plan ", min_size=1, max_size=24),
            "block": st.lists(blocks | repeats, min_size=1, max_size=3),
        }
    ),
    optional(
        schema=st.just(1),
        id=st.just("p-1"),
        about=st.text("ab"),
        ask=st.lists(st.sampled_from(["rpe", "pain"])),
        rule=rules,
    ),
)
JUNK = (
    -1,
    0,
    0.5,
    61.5,
    1e9,
    float("inf"),
    True,
    "",
    "x",
    "work",
    "x" * 40,
    [],
    [1],
    [2, 3, 4],
    ["rpe"],
    {},
    {"times": 2},
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every entry of nested tables and lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, entry in pairs for way in ((*path, key), *places(entry, (*path, key)))]


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A good plan in which one thing is changed, added or gone."""
    plan = json.loads(json.dumps(draw(plans)))
    within_bands = {"speed_mps", "force_n"}  # that their ends are in order no schema can say
    *way, last = draw(st.sampled_from([way for way in places(plan) if not within_bands & set(way[:-1])]))
    table: Any = plan
    for key in way:
        table = table[key]
    kind = draw(st.sampled_from(["change", "go", "add"]))
    if kind == "go":
        del table[last]
    elif kind == "add" and isinstance(table, dict):
        table[draw(st.sampled_from(["steps", "time_s", "block", "kind", "colour", "rest"]))] = draw(
            st.sampled_from(JUNK)
        )
    else:
        table[last] = draw(st.sampled_from(JUNK))
    return plan


@given(plans)
def test_a_good_plan_is_good_to_both(plan):
    assert is_read(plan) and VALIDATOR.is_valid(plan)


@given(spoilt())
def test_a_spoilt_plan_is_bad_to_both_or_good_to_both(plan):
    assert is_read(plan) == VALIDATOR.is_valid(plan)


@pytest.mark.parametrize("path", ready_made().values(), ids=list(ready_made()))
def test_every_ready_made_plan_has_the_published_form(path):
    VALIDATOR.validate(tomllib.loads(path.read_text(encoding="utf-8")))


def test_the_file_in_the_package_is_up_to_date_and_a_schema():
    Draft202012Validator.check_schema(plan_schema())
    assert FILE.read_text(encoding="utf-8") == schema_text()


def test_what_the_schema_cannot_say_the_reader_does(tmp_path):
    long = {"name": "P", "block": [{"times": 24, "block": [{"steps": 1}, {"steps": 2}]}]}
    upside_down = {"name": "P", "block": [{"speed_mps": [2, 1]}]}
    many = {"name": "P", "block": [{"times": 50}] * 5}
    full = {
        "attachment": "x" * 24,
        "speed_mps": [1.001, 1.002],
        "force_n": [500, 600],
        "pause_s": 55,
        "steps": 10,
    }
    heavy = {"name": "P", "block": [{**full, "rest_s": 100, "speed_max_mps": 3.5, "force_max_n": 900}] * 23}
    no_number = {"name": "P", "block": [{"distance_m": float("nan")}]}  # TOML has it, JSON has not
    for plan in (long, upside_down, many, heavy, no_number):
        assert VALIDATOR.is_valid(plan) and not is_read(plan)


def test_check_list_and_schema_speak(capsys, tmp_path):
    assert run(["plan", "check", "gentle-knee", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [read_plan("gentle-knee")]
    assert run(["plan", "check", "load-velocity"]) == 0 and "10 m" in capsys.readouterr().out
    assert run(["plan", "list", "--json"]) == 0
    assert {each["id"] for each in json.loads(capsys.readouterr().out)} == set(ready_made())
    assert run(["plan", "schema"]) == 0 and json.loads(capsys.readouterr().out) == plan_schema()
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "P"\n[[block]]\nload_kg = 900\n')
    assert run(["plan", "check", str(bad)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "line 3" in told.err and "0 to 500" in told.err and told.err.count("\n") == 1
    bad.write_text('name = "P"\n[[block]]\nload_kg = 900\n[[block]]\ndistance_m = -1\nrest_s = "long"\n')
    assert run(["plan", "check", str(bad)]) == 2
    told = capsys.readouterr().err
    assert all(f"line {number}" in told for number in (3, 5, 6)), "every fault, each with its line"
