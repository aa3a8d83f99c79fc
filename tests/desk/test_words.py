"""The pages' words: every language has them all, German has no English left, the API's fixed phrases are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request

from retrorig.calibration import TITLES
from retrorig.config import listed
from retrorig.desk.wording import IN_UNITS, LANGUAGES, Phrase, Said, SaidError, language_of, words_in
from retrorig.plans import STEP_COLUMNS
from retrorig.report import Units, words
from retrorig.vocabulary import PHASES
from rigcore.vocabulary import MACHINES, STARTS

SAME = {"live", "rpe", "start", "name", "pdf", "toml", "band", "format", "rig", "block", "a, % (95 %)"}
"""Words that German has, too."""


def leaves(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        elif isinstance(value, str):
            yield f"{above}{key}", value


def test_every_language_has_every_word_with_the_same_places() -> None:
    english, *others = (dict(leaves(words_in(language))) for language in LANGUAGES)
    assert len(english) > 450
    for other in others:
        assert set(other) == set(english)
        places = {key: text.count("{") for key, text in english.items()}
        assert {key: text.count("{") for key, text in other.items()} == places
        assert all(text.strip() for text in other.values())


def test_german_has_no_english_left() -> None:
    english, german = (dict(leaves(words_in(language))) for language in ("en", "de"))
    left = {key: text for key, text in english.items() if german[key] == text and any(map(str.islower, text))}
    assert {key: text for key, text in left.items() if not is_german_too(text)} == {}


def is_german_too(text: str) -> bool:
    return text.lower() in SAME or len(text) <= 2


def test_words_with_a_unit_end_in_it_and_follow_the_user_s() -> None:
    for language in LANGUAGES:
        for path, keys in IN_UNITS.items():
            for key, unit in keys.items():
                shown = []
                for units in (Units(), Units("yd", "km/h", "lbf")):
                    table = words_in(language, units)
                    for name in path:
                        table = table[name]
                    shown.append(table[key])
                assert shown[0].endswith(unit) and shown[1].endswith(Units("yd", "km/h", "lbf").name(unit))


@pytest.mark.parametrize(
    "phrases",
    [
        [name for name, *_ in words.QUANTITIES.values()],
        list(words.DETAILS.values()),
        list(PHASES.values()),
        STEP_COLUMNS,
        list(TITLES.values()),
        [setting.help for setting in listed({})],
        [*MACHINES, *STARTS],
    ],
)
def test_the_api_s_fixed_phrases_are_in_every_language(phrases: list[str]) -> None:
    assert set(phrases) <= set(words_in("de")["phrases"])


def test_sentences_keep_their_numbers_in_another_language() -> None:
    german = words_in("de")
    assert Phrase("set 2 of 5").told(german) == "Serie 2 von 5"
    told = Phrase("The slack line read 3.1 N: tare with the line slack.").told(german)
    assert told.startswith("Das schlaffe Seil zeigte 3.1 N") and told.endswith(".")
    assert Phrase("what nobody has translated").told(german) == "what nobody has translated"
    assert (
        Said("next", "Anna", "a1").told(german)
        == "Die nächsten Serien sind von Anna; das Gerät erfährt nur a1."
    )
    assert "no number" in str(SaidError("no_number", "x")) and "keine Zahl" in SaidError(
        "no_number", "x"
    ).said.told(german)


@pytest.mark.parametrize(
    ("asked", "language"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr,en;q=0.5", "en"), ("", "en"), ("fr, de", "de")],
)
def test_the_browser_s_first_known_language_is_spoken(asked: str, language: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", asked.encode())]})
    assert language_of(request) == language
