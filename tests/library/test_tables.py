"""Tables of the command line: digits of each quantity, room on a narrow screen, numbers written as people do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from retrorig.cli import tables
from retrorig.cli.numbers import wrong_number
from retrorig.cli.set_table import COLUMNS, _columns
from retrorig.cli.tables import print_rows, print_table, with_interval
from retrorig.cli.width import clipped
from retrorig.errors import InputError

DIGITS = {
    "duration_s": 1, "backward_m": 2, "load_kg": 1, "rpe": 0, "pain": 0, "mean_speed_mps": 2, "peak_speed_mps": 2,
    "mean_force_n": 1, "peak_force_n": 1, "work_j": 1, "mean_power_w": 1, "forward_m": 2,
}  # fmt: skip
"""Seconds, kilograms, newtons, joules and watts to a tenth, metres and metres a second to a hundredth."""

ROWS = [["a", 12.34, "x"], ["long one", None, "y"], ["b", "n/a", None]]
TEXTS = {"set_id", "athlete", "started_utc", "side", "quality", "end_reason"}


def test_each_column_of_the_list_has_its_digits_and_unit() -> None:
    assert {column.key: column.digits for column in COLUMNS} == {**DIGITS, **dict.fromkeys(TEXTS)}
    units = {"_s": "s", "_m": "m", "_kg": "kg", "_mps": "m/s", "_n": "N", "_j": "J", "_w": "W"}
    for column in COLUMNS:
        if column.key in DIGITS and "_" in column.key:
            assert column.heading.split(" ")[-1] == units["_" + column.key.rpartition("_")[2]]


def test_a_key_that_is_asked_for_has_the_digits_of_its_kind() -> None:
    asked = _columns("impulse_ns, steps,rig_id,backward_m,steps")
    assert [(column.heading, column.key, column.digits) for column in asked] == [
        ("impulse_ns", "impulse_ns", 2),
        ("steps", "steps", 0),
        ("rig_id", "rig_id", None),
        ("back m", "backward_m", 2),
    ]
    with pytest.raises(InputError, match=r"--columns 'colour' is no key of a set: choose of set_id, "):
        _columns("steps,colour")


@pytest.mark.parametrize(
    ("value", "pm", "digits", "text"),
    [
        (1.234, 0.05, 2, "1.23 +-0.05"),
        (1.25, None, 1, "1.2"),
        (-0.04, 0.0, 1, "0.0 +-0.0"),
        (None, 0.5, 1, None),
        (12.0, 3.4, 0, "12 +-3"),
    ],
)
def test_a_value_stands_with_its_interval(
    value: float | None, pm: float | None, digits: int, text: str | None
) -> None:
    assert with_interval(value, pm, digits) == text


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_numbers_stand_to_the_right_and_texts_to_the_left(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(
        [("what", None), ("m", 1), ("note", None)],
        [["a", 12.34, "x"], ["long one", None, "y"], ["b", "n/a", None]],
    )
    assert printed(capsys) == [
        "what         m  note",
        "a         12.3  x",
        "long one     -  y",
        "b          n/a  -",
    ]
    print_rows(["name", "n"], [["a", 1], ["b", 23]])
    assert printed(capsys) == ["name   n", "a      1", "b     23"]
    print_rows(["name", "n"], [["a", "1"], ["b", "23"]])
    assert printed(capsys) == ["name  n", "a     1", "b     23"]


@pytest.mark.parametrize("width", range(24, 60))
def test_a_line_fits_its_screen_and_no_word_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    monkeypatch.setattr(tables, "room", lambda: width)
    words = "some words that go on and on for a while"
    print_table([("set", None), ("work J", 1), ("note", None)], [["a1", 1234.5, words], ["b", 2.0, "short"]])
    out = printed(capsys)
    assert all(len(line) <= width for line in out)
    notes = [word for line in out for word in line.split() if word in words.split()]
    assert notes == words.split(), "each word once, in order"
    assert out[0].startswith("set") and "note" in out[0]


def test_a_word_that_is_longer_than_its_room_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address or an id can be copied."""
    monkeypatch.setattr(tables, "room", lambda: 24)
    print_table([("a", None), ("note", None)], [["x", "short https://example.org/along/way/indeed"]])
    assert printed(capsys)[1:] == ["x  short", "   https://example.org/along/way/indeed"]


class Wrong(Exception):
    """As typer's, for an option --load of a kind of number."""

    def __init__(self, kind: str) -> None:
        self.param = SimpleNamespace(opts=["--load", "-l"])
        self._kind = kind

    def format_message(self) -> str:
        return f"unable to parse string as {self._kind}"


FLOAT, WHOLE = "a number", "an integer"


@pytest.mark.parametrize(
    ("kind", "arguments", "sentence"),
    [
        (FLOAT, ["--load", "2,5"], "--load '2,5' is no number, write it with a point, as 2.5"),
        (FLOAT, ["--load=,5"], "--load ',5' is no number, write it with a point, as 0.5"),
        (FLOAT, ["-l", "20kg"], "--load '20kg' is no number, write it without a unit, as 20"),
        (FLOAT, ["-l", "2,5 kg"], "--load '2,5 kg' is no number, write it without a unit, as 2.5"),
        (FLOAT, ["--load", "7", "--load", "much"], "--load 'much' is no number"),
        (WHOLE, ["--load", "2,5"], "--load '2,5' is no whole number"),
        (WHOLE, ["--load", "20kg"], "--load '20kg' is no whole number, write it without a unit, as 20"),
        (WHOLE, ["--load", "2,5kg"], "--load '2,5kg' is no whole number"),
        (FLOAT, ["--other", "x"], None),
    ],
)
def test_a_number_in_another_form_is_answered_with_the_form_that_is_read(
    kind: str, arguments: list[str], sentence: str | None
) -> None:
    assert wrong_number(cast("Any", Wrong(kind)), arguments) == sentence


def test_other_errors_are_not_about_numbers() -> None:
    error = SimpleNamespace(format_message=lambda: "no such option", param=SimpleNamespace(opts=["--load"]))
    assert wrong_number(cast("Any", error), ["--load", "x"]) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a" * 16, "a" * 16),
        ("a" * 17, "a" * 14 + ".."),
        ("é" * 16, "é" * 16),
        ("é" * 17, "é" * 14 + ".."),
        ("漫" * 8, "漫" * 8),
        ("漫" * 9, "漫" * 7 + ".."),
        ("a" + "漫" * 8, "a" + "漫" * 6 + ".."),
    ],
)
def test_a_name_is_cut_to_sixteen_places_whatever_its_letters_take(name: str, shown: str) -> None:
    assert clipped(name) == shown
