"""The rig's settings, kept in a small file; what they may be says rigcore/settings_schema.py."""

from rigcore import TYPE_CHECKING

from .transient import transient_import

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


FILE = "/settings.json"


class Settings:
    """`get(name)`; `change({name: value, ...})` writes the file, so only at standstill."""

    def __init__(self) -> None:
        self._values = transient_import("rigcore.settings_schema").loaded(
            transient_import("app.store").load(FILE)
        )

    def get(self, name: str) -> "Any":
        return self._values.get(name)

    def all(self) -> "dict[str, Any]":
        """Every setting by name."""
        return dict(self._values)

    def change(self, changes: "dict[str, Any]", wait: "Callable[[], None]") -> None:
        """Store all of these, which the schema has checked, or with an OSError none. `wait()`: as in store.save."""
        values = self.all()
        values.update(changes)
        transient_import("app.store").save(FILE, values, wait)
        self._values = values
