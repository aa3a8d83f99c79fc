"""Survivors that a person has judged: no user could tell such a mutant from the program, and why (equivalent.toml)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_suffix(".toml")


class Mutant(NamedTuple):
    """A source, and its lines before and after, without what stands around them."""

    file: str
    was: str
    now: str


def mutant_of(diff: str) -> Mutant:
    lines = diff.splitlines()
    file = next((line.partition("/")[2] for line in lines if line.startswith("+++ ")), "")
    return Mutant(file.strip(), _marked(lines, "-"), _marked(lines, "+"))


def _marked(lines: list[str], mark: str) -> str:
    """The lines of a diff that begin with this mark, apart from its head."""
    return " ".join(line[1:].strip() for line in lines if line[:1] == mark and line[:3] != 3 * mark)


@lru_cache(maxsize=1)
def reasons() -> dict[Mutant, str]:
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["same"]
    return {Mutant(one["file"], one["was"], one["now"]): one["why"] for one in entries}


def is_equivalent(diff: str) -> bool:
    return mutant_of(diff) in reasons()
