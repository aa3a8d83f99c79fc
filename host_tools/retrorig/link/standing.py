"""Requests that a rig grants only while its belt stands and no set runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from retrorig.errors import RigRefusedError
from retrorig.link.client import RigClient
from rigcore.protocol import ERR_BUSY, ERR_MOVING

Granted = TypeVar("Granted")

STAND_MAX_S = 120.0
"""Longer than a set of most plans; who waits can break off."""

LOOK_AGAIN_S = 0.5


def no_word() -> None:
    """The `on_wait` of callers that show nothing."""


def when_it_stands(
    client: RigClient, ask: Callable[[], Granted], on_wait: Callable[[], None] = no_word
) -> Granted:
    """What `ask` gives once the rig is not busy, which is waited for up to STAND_MAX_S; `on_wait` is called once."""
    until_s = client.monotonic() + STAND_MAX_S
    while True:
        try:
            return ask()
        except RigRefusedError as error:
            if error.code not in (ERR_MOVING, ERR_BUSY) or client.monotonic() > until_s:
                raise
        on_wait()
        on_wait = no_word
        client.listen(LOOK_AGAIN_S)
