"""Choosing whose sets come next: names come from the library, the rig gets a short label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label


class AthleteScreen(ModalScreen[str | None]):
    """Asks for a name; gives it back, "" for nobody, None when left with Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave as it is")]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        known = ", ".join(self._names[:12]) + (" ..." if len(self._names) > 12 else "")
        with Vertical(id="ask"):
            yield Label("Whose sets come next? Enter alone: nobody's. Escape: as before.")
            yield Input(
                placeholder="Name", suggester=SuggestFromList(self._names, case_sensitive=False), id="name"
            )
            yield Label(f"In your library: {known}" if known else "Nobody is in your library yet.")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
