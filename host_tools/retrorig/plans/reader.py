"""Reads a plan file (TOML) into what the board keeps; every refusal names the file and the line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from retrorig.errors import InputError
from retrorig.plans.schema import BOARD_NAMES, TARGETS, WrongValue, block_for_board
from retrorig.texts import is_there, parse_toml, read_text, shown
from rigcore.plan import BLOCKS_MAX, BYTES_MAX, NUMBERS, PlanError, check_block, check_rule, checked_plan
from rigcore.vocabulary import DISTANCE, TIME


class FaultyPlanError(InputError):
    """A plan that can't be used. faults: everything that is wrong with it, each a sentence with its line."""

    def __init__(self, faults: Sequence[str]) -> None:
        more = f" So are {len(faults) - 1} more: `retrorig plan check` lists all." if faults[1:] else ""
        super().__init__(faults[0] + more)
        self.faults = tuple(faults)


class _Fault(Exception):
    """Ends the reading of a block that can't be read further; `_Parser._noted` keeps it."""


READY = Path(__file__).parent / "ready"
_TOP = ("schema", "id", "name", "about", "ask", "rule", "block")
SCHEMA = 1
REPEAT = "repeat"
TIMES_MAX = NUMBERS["times"][1]
_HEADER = re.compile(r"\s*\[\[\s*block(\s*\.\s*block)?\s*\]\]")
_ANY_HEADER = re.compile(r"\s*\[")


def ready_made() -> dict[str, Path]:
    """The plans that come with retrorig, by id."""
    return {path.stem: path for path in sorted(READY.glob("*.toml"))}


def board_text(plan: dict[str, Any]) -> str:
    """The plan as the rig is given it."""
    return json.dumps(plan, separators=(",", ":"))


def read_plan(name: str | Path) -> dict[str, Any]:
    """The plan in a file, or the ready-made one of this id, as the board keeps it; FaultyPlanError by line."""
    path = Path(name)
    if not is_there(path):
        path = ready_made().get(str(name), path)
    if not is_there(path):
        known = ", ".join(ready_made())
        raise InputError(f"There is no plan {shown(name)}: give a file, or one of the ready-made {known}.")
    return _Parser(path.name, read_text(path, "plan")).plan()


def read_plan_text(text: str, name: str = "plan.toml") -> dict[str, Any]:
    """The plan that a text in TOML holds, as the board keeps it; FaultyPlanError by line. `name`: as its file's."""
    return _Parser(name, text).plan()


class _Parser:
    """One file: finds the line of what is wrong, because the TOML reader forgets lines."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._lines = name, text.splitlines()
        self._block_lines = [i for i, line in enumerate(self._lines) if _HEADER.match(line)]
        self._text = text
        self._block_n = 0
        self._faults: list[str] = []

    def plan(self) -> dict[str, Any]:
        """The plan as the board keeps it; FaultyPlanError with all that is wrong."""
        data = parse_toml(self._text, self._name, "plan")
        self._check_top(data)
        plan = {key: data[key] for key in ("id", "name", "ask", "rule") if key in data}
        plan.setdefault("id", Path(self._name).stem)
        with self._noted():
            self._check_rule(data)
        with self._noted():
            plan["blocks"] = list(self._blocks(data.get("block", [])))
        if not self._faults:
            with self._noted():
                self._check_whole(plan)
        if self._faults:
            raise FaultyPlanError(self._faults)
        return plan

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """A fault inside is noted, and the reading goes on after it."""
        try:
            yield
        except _Fault as fault:
            self._faults.append(str(fault))

    def _check_top(self, data: dict[str, Any]) -> None:
        for key in data:
            with self._noted():
                if key not in _TOP:
                    self._refuse(self._line_of(key), f"{key} is not known here; known are {', '.join(_TOP)}")
        with self._noted():
            if data.get("schema", SCHEMA) != SCHEMA or data.get("schema") is True:
                self._refuse(
                    self._line_of("schema"), f"schema {data['schema']} is not {SCHEMA}: update retrorig"
                )
        with self._noted():
            if not isinstance(data.get("about", ""), str):
                self._refuse(self._line_of("about"), "about is text in quotes")

    def _check_whole(self, plan: dict[str, Any]) -> None:
        try:
            size = len(board_text(checked_plan(plan)))
        except PlanError as error:
            self._refuse(self._line_of(str(error.args[0]).split(" ", 1)[0]), str(error.args[0]))
        if size > BYTES_MAX:
            self._refuse(
                0, f"the plan takes {size} bytes of the rig, {BYTES_MAX} are there: leave out blocks"
            )

    def _check_rule(self, data: dict[str, Any]) -> None:
        try:
            check_rule(data["rule"]) if "rule" in data else None
        except PlanError as error:
            self._refuse(self._header_line("rule"), str(error.args[0]))

    def _blocks(self, tables: Any) -> Iterator[dict[str, Any]]:
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._refuse(self._header_line("block"), "write each block as [[block]]")
        for table in tables:
            at = self._block_lines[self._block_n] if self._block_n < len(self._block_lines) else 0
            self._block_n += 1
            with self._noted():
                yield from self._blocks_of(table, at)

    def _blocks_of(self, table: dict[str, Any], at: int) -> list[dict[str, Any]]:
        """The block of one table, or those of a repeat as often as they come."""
        if "block" not in table:
            return [self._block(dict(table), at)]
        inner = list(self._blocks(table["block"]))
        times = self._times(table, at)
        if len(inner) * times > BLOCKS_MAX:
            self._refuse(at, f"a plan has at most {BLOCKS_MAX} blocks, a repeat written out")
        return inner * times

    def _times(self, table: dict[str, Any], at: int) -> int:
        """How often the blocks within a repeat come."""
        for key in table:
            if key not in ("times", "block", "kind"):
                self._refuse(self._line_of(key, at), f"{key} belongs into a block within the repeat")
        if table.get("kind", REPEAT) != REPEAT:
            self._refuse(self._line_of("kind", at), f"kind of blocks that hold others is {REPEAT}")
        if not table["block"]:
            self._refuse(at, "a repeat needs blocks")
        times = table.get("times")
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= TIMES_MAX:
            self._refuse(self._line_of("times", at), "a repeat needs times from 1 to 50")
        return times

    def _block(self, table: dict[str, Any], at: int) -> dict[str, Any]:
        """One block; after a wrong value the others are looked at, too."""
        try:
            return self._checked_block(table, at)
        except WrongValue as error:
            name, why = error.args[1], f"{error.args[1]} {error.args[0]}"
        line = self._line_of(name, at)
        if name not in table:
            self._refuse(line, why)
        with self._noted():
            self._refuse(line, why)
        del table[name]
        return self._block(table, at)

    def _checked_block(self, table: dict[str, Any], at: int) -> dict[str, Any]:
        """The block as the board keeps it; WrongValue names what the file says."""
        block = block_for_board(table)
        try:
            check_block(block)
        except PlanError as error:
            board_name, _, rest = str(error.args[0]).partition(" ")
            name = _target_name(table) if board_name == "amount" else BOARD_NAMES.get(board_name, board_name)
            unit_of = block["target"] if board_name == "amount" else board_name
            why = _in_file_units(unit_of, rest)
            if name in table:
                raise WrongValue(why, name) from None
            self._refuse(at, f"{name} {why}")
        return block

    def _line_of(self, key: str, start: int = 0) -> int:
        """Index of the line that sets `key`, from `start` to the next table; `start` if there is none."""
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        for i in range(start, len(self._lines)):
            if pattern.match(self._lines[i]):
                return i
            if i > start and _ANY_HEADER.match(self._lines[i]) and "=" not in self._lines[i]:
                break
        return start

    def _header_line(self, name: str) -> int:
        pattern = re.compile(rf"\s*\[*\s*{name}\b")
        return next((i for i, line in enumerate(self._lines) if pattern.match(line)), 0)

    def _refuse(self, line: int, sentence: str) -> NoReturn:
        raise _Fault(f"{self._name} line {line + 1}: {sentence.rstrip('.')}.")


def _target_name(table: dict[str, Any]) -> str:
    return next((name for name in TARGETS if name in table), "open")


def _in_file_units(board_name: str, rest: str) -> str:
    """Ranges in the units that the file uses: the board counts in thousandths."""
    if board_name.endswith(("_ms", "_mmps", "_mn", "_g")) or board_name in (DISTANCE, TIME):
        rest = re.sub(r"\d+", lambda found: f"{int(found[0]) / 1000:g}", rest)
    return rest.replace("is a whole number", "is a number")
