"""Numbers that were written in another form than the options take."""

from __future__ import annotations

import re
from collections.abc import Sequence

import typer

_NOT_PARSED = "unable to parse string as a"
_WITH_COMMA = re.compile(r"([+-]?\d*),(\d+)\s*%?")
_WITH_UNIT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*[^\d\s.,]+")


def wrong_number(error: typer.TyperException, arguments: Sequence[str]) -> str | None:
    """A sentence with the right form in place of one about strings; None for another error."""
    option = getattr(error, "param", None)
    message = error.format_message()
    if option is None or _NOT_PARSED not in message:
        return None
    given = _given(option.opts, arguments)
    if given is None:
        return None
    is_whole = "as an integer" in message
    return f"{option.opts[0]} {given!r} is no {'whole ' * is_whole}number{_advice(given, is_whole)}"


def _given(names: Sequence[str], arguments: Sequence[str]) -> str | None:
    """What was given to an option, the first time that it is no number."""
    pairs = zip(arguments, arguments[1:])
    found = [value for name, value in pairs if name in names]
    found += [value for name, _, value in (each.partition("=") for each in arguments) if name in names]
    return next((value for value in found if not _is_number(value)), None)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _advice(given: str, is_whole: bool) -> str:
    """The form that was meant, where that is clear."""
    with_comma, with_unit = _WITH_COMMA.fullmatch(given), _WITH_UNIT.fullmatch(given)
    if with_comma and not is_whole:
        return f", write it with a point, as {with_comma[1] or 0}.{with_comma[2]}"
    if with_unit and not (is_whole and "," in given):
        return f", write it without a unit, as {with_unit[1].replace(',', '.')}"
    return ""
