"""Colour bands of resistors (IEC 60062): two digits and the number of zeros."""

from __future__ import annotations

from hardware.derive.figures import figure

DIGITS = (
    "#111",
    "#6b3a16",
    "#c92a2a",
    "#e8590c",
    "#f2cc0c",
    "#2f9e44",
    "#1c6fd0",
    "#7048b0",
    "#868e96",
    "#f8f9fa",
)
NAMES = ("black", "brown", "red", "orange", "yellow", "green", "blue", "violet", "grey", "white")


def digits(value: str) -> tuple[int, int, int]:
    """`2.2 kΩ` -> (2, 2, 2): 22 with two zeros."""
    text = str(round(figure(value)))
    return int(text[0]), int(text[1]), len(text) - 2


def bands(value: str) -> list[str]:
    return [DIGITS[digit] for digit in digits(value)]


def names(value: str) -> str:
    """`red red red gold`, for a resistor of 5 %."""
    return " ".join([*(NAMES[digit] for digit in digits(value)), "gold"])
