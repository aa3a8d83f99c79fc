"""Takes sets out of the lists and back, for `retrorig delete` and `retrorig hide`."""

from __future__ import annotations

from pathlib import Path

from retrorig import Library
from retrorig.cli.choosing import Chosen
from retrorig.cli.output import notify
from retrorig.library import DELETED


def take_out(chosen: Chosen, library: Path | None, how: str, done: str) -> None:
    """Delete or hide sets, as `how` says, and tell by `done` which."""
    with Library(library) as opened:
        set_ids = chosen.ids(opened, must_name=True)
        (opened.delete if how == DELETED else opened.hide)(set_ids)
    notify(done.format(", ".join(set_ids)))


def bring_back(chosen: Chosen, library: Path | None, how: str) -> None:
    """Bring sets back that were taken out in that way."""
    with Library(library) as opened:
        set_ids = chosen.only(removed=how).ids(opened, must_name=True)
        opened.restore(set_ids)
    notify(f"Back in the lists: {', '.join(set_ids)}.")
