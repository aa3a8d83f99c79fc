"""The person at the rig: asked to do something, told what was found."""

from __future__ import annotations

from typing import Protocol

from retrorig.errors import InputError


class Guide(Protocol):
    """What a procedure needs of whoever carries it out."""

    def say(self, sentence: str) -> None:
        """Tell something that needs no answer."""
        ...

    def ask(self, prompt: str) -> str:
        """Wait until it is done; what was typed. InputError when nobody is there any more."""
        ...


class GoneError(InputError):
    """No person answers any more: the old calibration stays."""

    def __init__(self) -> None:
        super().__init__("The answers ended before the calibration did; the old one stays in force.")
