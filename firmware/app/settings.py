"""The rig's settings, which are kept; what they may be says rigcore/settings_schema.py."""

import json

from rigcore import TYPE_CHECKING

from .transient import collect_now, transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


NAME = "settings"


class Settings:
    """`stored`: what was kept. `get(name)`; `change({name: value, ...})` keeps them."""

    def __init__(self, stored: "dict[str, Any]") -> None:
        self._values = transient_import("rigcore.settings_schema").loaded(stored)

    def get(self, name: str) -> "Any":
        return self._values.get(name)

    def all(self) -> "dict[str, Any]":
        """Every setting by name."""
        return dict(self._values)

    def change(self, changes: "dict[str, Any]", keep: "Callable[[str, bytes], None]") -> None:
        """Keep all of these, which the schema has checked, or with an OSError none. `keep`: PlanStore.keep."""
        values = self.all()
        values.update(changes)
        text = json.dumps(values)
        keep(NAME, text.encode())
        collect_now()  # they stay, what changed them goes
        self._values = json.loads(text)
