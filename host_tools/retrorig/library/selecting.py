"""Resolves words such as `last` and parts of ids to sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from retrorig.errors import InputError
from retrorig.library.catalogue import Catalogue
from retrorig.library.query import TODAY, Choice
from retrorig.library.raw_sets import no_set
from retrorig.local_time import local

RANGE = ".."
_LAST = re.compile(r"last(?:-(\d{1,6}))?")
_SHOWN_N = 4

Starts = dict[str, str | None]
"""Ids in the order of the list, each with its date."""


def chosen_ids(catalogue: Catalogue, words: Sequence[str], choice: Choice) -> list[str]:
    """The ids that words mean among the sets of a choice, each once; without words, the whole choice."""
    if not words:
        return catalogue.ids(choice)
    starts = None
    found: dict[str, None] = {}
    for word in words:
        if choice.is_everything and (row := catalogue.find(word)) is not None and row.removed != "deleted":
            found[row.set_id] = None  # a whole id, the quickest and the commonest in scripts
            continue
        starts = starts or dict(catalogue.ids_and_starts(choice))
        found.update(dict.fromkeys(_meant(word.strip(), starts)))
    return list(found)


def _meant(word: str, starts: Starts) -> list[str]:
    """The ids of one word."""
    if word.lower() == TODAY:
        return _today(starts)
    first, is_range, last = word.partition(RANGE)
    if not is_range:
        return [_one(word, starts)]
    order = list(starts)
    ends = sorted(order.index(_one(end, starts)) for end in (first, last))
    return order[ends[0] : ends[1] + 1]


def _today(starts: Starts) -> list[str]:
    day = date.today()
    found = [set_id for set_id, start in starts.items() if start and local(start).date() == day]
    if not found:
        raise InputError(
            "There is no set of today here: `retrorig sets` lists all, `--on DATE` those of a day."
        )
    return found


def _one(word: str, starts: Starts) -> str:
    """The one set that a word means."""
    if is_last := _LAST.fullmatch(word.lower()):
        return _last(int(is_last[1] or 0), starts)
    for fits in _ways(word.lower()):
        found = list(filter(fits, starts))
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(found[:_SHOWN_N]) + (", ..." if len(found) > _SHOWN_N else "")
            raise InputError(
                f"{word!r} may be any of {len(found)} sets ({shown}): give more letters of the id."
            )
    raise no_set(word)


def _last(before_n: int, starts: Starts) -> str:
    """The newest set, or the one so many before it; sets without a date count only if no set has one."""
    order = [set_id for set_id, start in starts.items() if start] or list(starts)
    if before_n >= len(order):
        raise InputError(f"There is no set last-{before_n}: of these sets there are {len(order)}.")
    return order[-1 - before_n]


def _ways(word: str) -> list[Callable[[str], bool]]:
    """How letters may stand for an id: the most particular way first."""
    ways: list[Callable[[str], bool]] = [lambda set_id: set_id.lower() == word]
    if word.isascii() and word.isdigit():
        ways.append(lambda set_id: set_id.rpartition("-")[2].lstrip("0") == word.lstrip("0"))
    if word:
        ways += [
            lambda set_id: set_id.lower().startswith(word),
            lambda set_id: set_id.lower().endswith(word),
            lambda set_id: word in set_id.lower(),
        ]
    return ways
