"""A training plan as the board keeps it: whole numbers under names with units, checked by host and board alike.

The board loads this file only while a plan is being pushed.

    {"id": "light-sled", "name": "Light sled", "ask": ["rpe", "pain"], "rule": {...},
     "blocks": [{"kind": "work", "times": 5, "target": "distance", "amount": 10000, "rest_ms": 60000, ...}]}

amount is in mm, ms or steps, as the target says. rest_ms follows each set of the block; 0 is "until you
move". over tells what crossing a limit does. The rule is the coach's: the highest pain and effort that
leave the next set green, and amber; beyond is red.
"""
# pyright: standard
# (a plan is what anybody may give until it is checked here)

from . import TYPE_CHECKING
from .plan_progress import DEFAULTS, DISTANCE, OPEN, STEPS, TIME, sets_n

if TYPE_CHECKING:
    from typing import Any


SETS_MAX = 200
BLOCKS_MAX = 24
NAME_MAX = 24
TEXT_MAX = 32
BYTES_MAX = 4000  # of a plan as JSON: one flash block

AMOUNT = {  # target: (smallest, largest)
    DISTANCE: (500, 10_000_000),
    TIME: (1000, 14_400_000),
    STEPS: (1, 10_000),
    OPEN: (0, 0),
}
KINDS = ("warmup", "work", "cooldown")
STARTS = ("movement", "button", "countdown")
QUESTIONS = ("rpe", "pain")
WORDS = {
    "kind": KINDS,
    "target": tuple(AMOUNT),
    "start": STARTS,
    "over": ("warn", "end"),
    "side": (None, "left", "right", "both"),
}
NUMBERS = {  # optional numbers of a block: (smallest, largest)
    "times": (1, 50),
    "rest_ms": (0, 3_600_000),
    "pause_ms": (1000, 600_000),
    "still_ms": (2000, 10_000),
    "speed_max_mmps": (50, 12_000),
    "force_max_mn": (1000, 2_000_000),
    "load_g": (0, 500_000),
    "pace_mmps": (
        20,
        12_000,
    ),  # what the display's metres ahead or behind are held against; or a list, set by set
}
BANDS = {"speed_mmps": (0, 12_000), "force_mn": (0, 2_000_000), "cadence_spm": (20, 300)}
_RULE = ("green", "amber", "red", "amber_text", "red_text")


class PlanError(Exception):
    """A plan that cannot be used; the message is a sentence."""


def checked_plan(plan: "Any") -> "dict[str, Any]":
    """The plan itself if it can be used, else PlanError."""
    _expect(isinstance(plan, dict), "A plan is a table of names and values")
    _expect_label(plan.get("id"))
    name = plan.get("name", "")
    _expect(_is_text(name, 1, NAME_MAX), "name has 1 to %d characters", NAME_MAX)
    asked = plan.get("ask", ())
    _expect(isinstance(asked, (list, tuple)), "ask is a list")
    for question in asked:
        _expect(question in QUESTIONS, "ask knows only rpe and pain")
    blocks = plan.get("blocks")
    _expect(
        isinstance(blocks, list) and 1 <= len(blocks) <= BLOCKS_MAX, "a plan has 1 to %d blocks", BLOCKS_MAX
    )
    for block in blocks:
        check_block(block)
    _expect(sets_n(plan) <= SETS_MAX, "a plan has at most %d sets", SETS_MAX)
    if "rule" in plan:
        check_rule(plan["rule"])
    return plan


def check_block(block: "Any") -> None:
    _expect(isinstance(block, dict), "a block is a table of names and values")
    for key in block:
        _expect(key in DEFAULTS, "a block knows no '%s'", key)
    for key in WORDS:
        if block.get(key, DEFAULTS[key]) not in WORDS[key]:
            raise PlanError("%s is one of %s" % (key, ", ".join([word for word in WORDS[key] if word])))
    low, high = AMOUNT[block.get("target", OPEN)]
    _expect_number("amount", block.get("amount", 0), low, high)
    for key, (low, high) in NUMBERS.items():
        found = block.get(key)
        is_list = key == "pace_mmps" and isinstance(found, (list, tuple))
        _expect(not is_list or len(found) > 0, "%s has a number for each set", key)
        for value in found if is_list else () if found is None else (found,):
            _expect_number(key, value, low, high)
    for key, (low, high) in BANDS.items():
        if block.get(key) is not None:
            _check_band(key, block[key], low, high)
    attachment = block.get("attachment")
    _expect(
        attachment is None or _is_text(attachment, 1, NAME_MAX),
        "attachment has 1 to %d characters",
        NAME_MAX,
    )


def check_rule(rule: "Any") -> None:
    _expect(isinstance(rule, dict), "rule is a table of names and values")
    for key in rule:
        _expect(key in _RULE, "a rule knows no '%s'", key)
    for colour in ("green", "amber"):
        limits = rule.get(colour)
        _expect(isinstance(limits, dict) and len(limits) >= 1, "a rule needs %s with rpe or pain", colour)
        for question in limits:
            _expect(question in QUESTIONS, "a rule asks only rpe and pain")
            _expect_number(question, limits[question], 0, 10)
    _expect(rule.get("red", "warn") in ("warn", "stop"), "red is warn or stop")
    for key in ("amber_text", "red_text"):
        _expect(_is_text(rule.get(key, ""), 0, TEXT_MAX), "%s has up to %d characters", key, TEXT_MAX)


def _check_band(key: str, band: "Any", low: int, high: int) -> None:
    _expect(isinstance(band, (list, tuple)) and len(band) == 2, "%s is a pair: lowest, highest", key)
    for value in band:
        _expect_number(key, value, low, high)
    _expect(band[0] < band[1], "%s has its lower end first", key)


def _is_text(value: "Any", least: int, most: int) -> bool:
    """Whether it is a text of so many characters, none of them a control character."""
    if not isinstance(value, str) or not least <= len(value) <= most:
        return False
    return not any(c < " " or "\x7f" <= c < "\xa0" for c in value)


def _expect_label(label: "Any") -> None:
    good = isinstance(label, str) and 1 <= len(label) <= NAME_MAX
    _expect(
        good and all(ord(c) < 128 and (c.isalpha() or c.isdigit() or c in "-_") for c in label),
        "id has 1 to %d letters, digits, - or _",
        NAME_MAX,
    )


def _expect_number(key: str, value: "Any", low: int, high: int) -> None:
    _expect(
        isinstance(value, int) and not isinstance(value, bool) and low <= value <= high,
        "%s is a whole number from %d to %d",
        key,
        low,
        high,
    )


def _expect(holds: bool, sentence: str, *words: "Any") -> None:
    """The sentence is put together only when it is needed: a long plan left 50 KB of them."""
    if not holds:
        raise PlanError(sentence % words if words else sentence)
