"""Reads the fields of a sent form: texts, numbers, values of a set."""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.datastructures import FormData

from retrorig.desk.wording import SaidError

NUMBERS = ("load_kg", "rpe", "pain", "trim_start_s", "trim_end_s")


class Form:
    """The fields of one form; files are none."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """A field's text without blanks around it, "" when it is missing."""
        found = self._data.get(name, "")
        return found.replace("\r\n", "\n").strip() if isinstance(found, str) else ""

    def json(self, name: str) -> Any:
        """The JSON value of a hidden field."""
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise SaidError("odd") from None

    def texts(self, name: str) -> list[str]:
        """Every text of a field that may come several times."""
        return [text for text in self._data.getlist(name) if isinstance(text, str)]

    def value(self, name: str, key: str) -> str | float | None:
        """A field as the value of a key of a set; None for an empty one."""
        return value_of(key, self.text(name))


def value_of(key: str, text: str) -> str | float | None:
    """What was typed for a key: a number where the key has one."""
    return number(text) if key in NUMBERS else text or None


def number(text: str) -> float | None:
    """A number written with a point or a comma; None for nothing, InputError for what is none."""
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise SaidError("no_number", text)
    return found
