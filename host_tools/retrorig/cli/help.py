"""The help of all commands: who uses each, its first sentence in full, and its arguments by their names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context
    from typer._click.formatting import HelpFormatter

SECTIONS = {
    "Builder: a rig, or one without parts": (
        "flash", "selftest", "doctor", "info", "calibrate", "tare", "config", "sim", "replay",
    ),
    "Athlete: a session": ("plan", "live", "day", "trend"),
}  # fmt: skip
"""Commands under headings; those of no heading are the coach's, who has the whole library."""

COACH = "Coach: many sets and people"
SENTENCE_MAX = 1000
"""Characters; a first sentence is shorter."""


class EveryCommand(TyperGroup):
    """The command line as a whole."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands by who uses them, each with its first sentence."""
        left = dict.fromkeys(self.list_commands(ctx))
        for heading, names in SECTIONS.items():
            self._write(formatter, heading, [name for name in names if name in left])
            left = {name: None for name in left if name not in names}
        self._write(formatter, COACH, list(left))

    def _write(self, formatter: HelpFormatter, heading: str, names: list[str]) -> None:
        rows = [(name, self.commands[name].get_short_help_str(SENTENCE_MAX)) for name in names]
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)


class OneCommand(TyperCommand):
    """A command; its help names an argument SET, where Typer would write SET <list[str]>."""

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write arguments and options."""
        for each in self.params:
            if isinstance(each, TyperArgument):
                each.display_type_rich = _no_type
        super().format_options(ctx, formatter)


def _no_type(ctx: Context) -> None:
    """In place of an argument's type: its name and sentence say what to give."""
