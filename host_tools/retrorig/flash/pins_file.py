"""board.py belongs to the builder: an update adds what the new firmware needs, and changes only what `--pins` names."""

from __future__ import annotations

import ast
import difflib
import re
import tomllib
from pathlib import Path

from retrorig.errors import InputError
from retrorig.flash.chip_pins import EXISTS, rule_of

NAME = "board.py"
BOOT = "PIN_BOOT"
_HEAD, _TAIL = "# Set by retrorig flash --pins:", "# End of what --pins set."
_BLOCK = re.compile(rf"\n*{re.escape(_HEAD)}\n.*?{re.escape(_TAIL)}\n*", re.DOTALL)


def kept(theirs: bytes, ours: bytes, version: str) -> bytes:
    """The builder's file, with the names that only our newer one has appended. InputError when it can't be read."""
    try:
        known = set(_assigned(ast.parse(theirs)))
    except (SyntaxError, ValueError) as error:
        raise InputError(
            f"The board's {NAME} has a mistake ({error}): mend it, or delete it on the board."
        ) from None
    text = ours.decode()
    missing = [
        ast.get_source_segment(text, statement)
        for statement in ast.parse(text).body
        if isinstance(statement, ast.Assign)
        and not known & set(_assigned(statement))
        and set(_assigned(statement))
    ]
    if not missing:
        return theirs
    return (
        theirs.rstrip()
        + f"\n\n# Added by retrorig {version}:\n".encode()
        + "\n".join(map(str, missing)).encode()
        + b"\n"
    )


def wishes(path: Path, ours: bytes) -> dict[str, int]:
    """What a file for `--pins` sets, lines such as `PIN_BUZZER = 14`; InputError for a name that board.py has not."""
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise InputError(f"{path} is not of lines such as `PIN_BUZZER = 14`: {error}.") from None
    known = values(ours, "esp32")
    for name, value in found.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            advice = f", did you mean {near[0]}?" if near else "; hardware/pins.md has the names."
            raise InputError(f"{path}: {NAME} has no {name!r}{advice}")
        if type(value) is not type(known[name]):
            kind = "true or false" if isinstance(known[name], bool) else "a whole number"
            raise InputError(f"{path}: {name} must be {kind}, not {value!r}.")
    if not found:
        raise InputError(f"{path} sets nothing: write lines such as `PIN_BUZZER = 14`.")
    return found


def check_pins(wished: dict[str, int], now: bytes, chip: str) -> list[str]:
    """Doubts about the wished pins; `now`: the board's file. InputError for what the chip does not allow."""
    pins = {name: gpio for name, gpio in {**values(now, chip), **wished}.items() if name.startswith("PIN_")}
    doubts = []
    for name in wished.keys() & pins.keys():
        gpio = pins[name]
        if gpio not in EXISTS[chip]:
            raise InputError(f"{name} = {gpio}: this chip has no GPIO{gpio}.")
        other = next((one for one in pins if one != name and pins[one] == gpio), None)
        if other:
            raise InputError(f"{name} = {gpio}: GPIO{gpio} is {other} already.")
        rule = rule_of(chip, gpio)
        if name == BOOT and gpio != 0:
            raise InputError(f"{BOOT} must stay 0: the BOOT button is soldered there.")
        if rule and rule.is_refused and name != BOOT:
            raise InputError(
                f"{name} = {gpio}: GPIO{gpio} {rule.why}. Choose another one, see hardware/pins.md."
            )
        if rule and name != BOOT:
            doubts.append(f"GPIO{gpio} {rule.why}")
    return sorted(doubts)


def changed(theirs: bytes, wished: dict[str, int]) -> bytes:
    """The file with the wishes at its end, in place of earlier ones."""
    before = _BLOCK.sub("\n", theirs.decode()).rstrip()
    lines = "\n".join(f"{name} = {value}" for name, value in wished.items())
    return f"{before}\n\n{_HEAD}\n{lines}\n{_TAIL}\n".encode()


def values(source: bytes, chip: str) -> dict[str, int]:
    """Name -> number as the file sets it on a chip; it is read, never run: it may come from somebody else's board."""
    found: dict[str, int] = {}
    todo = list(ast.parse(source).body)
    while todo:
        statement = todo.pop(0)
        if isinstance(statement, ast.If) and chip == "esp32s3" and "ESP32S3" in ast.unparse(statement.test):
            todo = [*statement.body, *todo]
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            value = statement.value.value
            if isinstance(value, int):
                found.update(dict.fromkeys(_assigned(statement), value))
    return found


def _assigned(tree: ast.AST) -> list[str]:
    return [
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
