"""What changed in sets, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from retrorig.cli.output import NO_VALUE, notify, print_json
from retrorig.cli.tables import print_table

if TYPE_CHECKING:
    from retrorig.library import Change

_COLUMNS = (("set", None), ("what", None), ("was", None), ("is", None))
_WORDS_MAX = 60


def print_changes(changes: Sequence[Change], as_json: bool) -> None:
    """Print the old and new value of each quantity that changed; the table leaves out derived keys."""
    shown = [c for c in changes if not isinstance(c.new, dict) and c.key != "edited"]
    if as_json:
        print_json([asdict(change) for change in changes])
    elif shown:
        print_table(_COLUMNS, ([c.set_id, c.key, _words(c.old), _words(c.new)] for c in shown))
    else:
        notify("Nothing changed.")


def _words(value: Any) -> str:
    if value is None or value == []:
        return NO_VALUE
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    text = " ".join(str(value).split())
    return text if len(text) <= _WORDS_MAX else text[: _WORDS_MAX - 3] + "..."
