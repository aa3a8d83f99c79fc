"""The words of the pages in the reader's language, and sentences that are put into words only where they are shown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request

from retrorig import InputError
from retrorig.report import SI, Units

LANGUAGES = ("en", "de")
Words = dict[str, Any]

IN_UNITS = {
    ("columns",): {"backward_m": "m", "mean_speed_mps": "m/s", "mean_force_n": "N"},
    ("set",): {"speed": "m/s", "force": "N", "distance": "m"},
    ("live",): {"speed": "m/s", "force": "N"},
    ("athlete", "head"): {"metres": "m", "speed": "m/s", "best": "m/s", "last_stretch": "m/s"},
}
"""Words that end in a unit which may be another."""


@cache
def words_in(language: str, units: Units = SI) -> Words:
    """Every word of the pages in one language, by page and name."""
    words = _words(language)
    for path, keys in IN_UNITS.items():
        table = words
        for name in path:
            table = table[name]
        for key, unit in keys.items():
            table[key] = table[key].removesuffix(unit) + units.name(unit)
    return {**words, "units": units, "patterns": _patterns(words["phrases"])}


def _patterns(phrases: dict[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Phrases with places for numbers and names, `{}`, as patterns; in a translation these are in the same order."""
    return [
        (re.compile(re.escape(text).replace(r"\{\}", "(.+?)")), told)
        for text, told in phrases.items()
        if "{}" in text
    ]


def _words(language: str) -> Words:
    text = files("retrorig.desk").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def language_of(request: Request) -> str:
    """The first language that the browser asks for and that there is; else English."""
    for wanted in request.headers.get("accept-language", "").split(","):
        language = wanted.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


@dataclass(frozen=True)
class Phrase:
    """A phrase of the Python API, such as the name of a quantity or the reason of a grade."""

    text: str

    def told(self, words: Words) -> str:
        """In a language; one that is not known stays English. Whole sentences are known without capital and stop."""
        found = _known(self.text, words)
        if found is None and self.text.endswith("."):
            inner = self.text[:-1]
            found = _known(inner[:1].lower() + inner[1:], words)
            found = found and f"{found[:1].upper()}{found[1:]}."
        return found or self.text


class Reasons(Phrase):
    """Several phrases in one place."""

    def __init__(self, texts: Iterable[str]) -> None:
        super().__init__("; ".join(texts))

    def told(self, words: Words) -> str:
        """Each in a language."""
        return "; ".join(Phrase(each).told(words) for each in self.text.split("; "))


def _known(text: str, words: Words) -> str | None:
    if text in words["phrases"]:
        return words["phrases"][text]
    for pattern, told in words["patterns"]:
        if found := pattern.fullmatch(text):
            return told.format(*found.groups())
    return None


class Said:
    """A sentence of the desk by its key in the words' table `said`, with what is put into it."""

    def __init__(self, key: str, *parts: object) -> None:
        self.key, self.parts = key, parts

    def told(self, words: Words) -> str:
        """In a language."""
        return words["said"][self.key].format(*(in_words(part, words) for part in self.parts))


def in_words(thing: object, words: Words) -> object:
    """A sentence or phrase in a language; anything else as it is."""
    return thing.told(words) if isinstance(thing, Said | Phrase) else thing


def phrase_in(text: object, words: Words) -> object:
    """A phrase of the Python API in a language, anything else as it is."""
    return Phrase(text).told(words) if isinstance(text, str) else text


class SaidError(InputError):
    """What can't be done at the desk; its text is English, `said` has it in every language."""

    def __init__(self, key: str, *parts: object) -> None:
        self.said = Said(key, *parts)
        super().__init__(self.said.told(words_in(LANGUAGES[0])))
