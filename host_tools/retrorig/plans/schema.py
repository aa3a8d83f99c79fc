"""The names a plan file may use, and how each becomes what the board keeps (rigcore/plan.py has the ranges)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rigcore.vocabulary import DISTANCE, OPEN, PLAN_KINDS, SIDES, STARTS, STEPS, TIME

UNTIL_MOVE = "until-move"


class WrongValue(Exception):
    """A value that can't be used; the message continues a sentence that begins with its name."""


@dataclass(frozen=True)
class Field:
    """One name of a block: where its value goes on the board, and how; `text` is for people."""

    board: str
    convert: Callable[[Any], Any]
    text: str


def _number(scale: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue("must be a number")
        if not abs(value) <= 1e6:
            raise WrongValue("is far too large")
        return round(value * scale)

    return convert


def _whole(value: Any) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise WrongValue("must be a whole number")
    return _number(1)(value)


def _pair(scale: int, example: str) -> Callable[[Any], list[int]]:
    def convert(value: Any) -> list[int]:
        if not isinstance(value, list) or len(value) != 2:
            raise WrongValue(f"must be a pair like {example}, lowest first")
        return [_number(scale)(part) for part in value]

    return convert


def _paces(value: Any) -> int | list[int]:
    if isinstance(value, list):
        return [_number(1000)(part) for part in value]
    return _number(1000)(value)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValue("must be a word in quotes")
    return value


def _rest(value: Any) -> int:
    if value != UNTIL_MOVE:
        raise WrongValue(f'can only be "{UNTIL_MOVE}"; a fixed rest is rest_s')
    return 0


def _one_of(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


TARGETS = {  # name in the file: (target, units a whole)
    "distance_m": (DISTANCE, 1000),
    "time_s": (TIME, 1000),
    "steps": (STEPS, 1),
}
BLOCK = {
    "kind": Field("kind", _word, _one_of(PLAN_KINDS)),
    "times": Field("times", _whole, "how many sets, 1 to 50"),
    "rest_s": Field("rest_ms", _number(1000), "rest after each set, seconds"),
    "rest": Field("rest_ms", _rest, '"until-move"'),
    "still_s": Field(
        "still_ms", _number(1000), "a stand of so many seconds without new ground ends or pauses the set"
    ),
    "pause_s": Field("pause_ms", _number(1000), "standing still for longer ends the set, seconds"),
    "start": Field("start", _word, _one_of(STARTS)),
    "speed_mps": Field("speed_mmps", _pair(1000, "[0.8, 1.2]"), "target band, m/s"),
    "force_n": Field("force_mn", _pair(1000, "[150, 200]"), "target band, newtons"),
    "cadence_spm": Field("cadence_spm", _pair(1, "[90, 100]"), "target band, steps a minute; can be ticked"),
    "pace_mps": Field(
        "pace_mmps",
        _paces,
        "pace against which the display shows metres ahead or behind, m/s; or a list, set by set, whose last goes on",
    ),
    "speed_max_mps": Field("speed_max_mmps", _number(1000), "limit, m/s"),
    "force_max_n": Field("force_max_mn", _number(1000), "limit, newtons"),
    "load_kg": Field("load_g", _number(1000), "load of the sled, kg; goes into the set"),
    "side": Field("side", _word, f"{_one_of(SIDES)}; goes into the set"),
    "attachment": Field("attachment", _word, "where the line is attached; goes into the set"),
    "over": Field("over", _word, "what crossing a limit does: warn or end"),
}
BOARD_NAMES = {field.board: name for name, field in BLOCK.items() if name != "rest"}


def block_for_board(table: dict[str, Any]) -> dict[str, Any]:
    """The block as the board keeps it; WrongValue has (half a sentence, name)."""
    block: dict[str, Any] = {}
    for name, value in table.items():
        try:
            if name in TARGETS:
                _set_target(block, name, value)
            elif name in BLOCK:
                block[BLOCK[name].board] = BLOCK[name].convert(value)
            else:
                raise WrongValue(f"is not known here; known are {', '.join([*TARGETS, *BLOCK])}")
        except WrongValue as error:
            raise WrongValue(error.args[0], name) from None
    block.setdefault("target", OPEN)
    return block


def _set_target(block: dict[str, Any], name: str, value: Any) -> None:
    if "target" in block:
        raise WrongValue("is a second target: a set has one of distance_m, time_s and steps")
    target, scale = TARGETS[name]
    block["target"], block["amount"] = target, _whole(value) if scale == 1 else _number(scale)(value)
