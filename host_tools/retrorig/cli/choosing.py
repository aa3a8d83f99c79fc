"""One way to choose sets: the words and options that every command which takes sets has."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_type_hints

import typer

from retrorig import Choice, InputError, Library, SetRow

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SET",
        help="An id, enough letters of one, last, last-2 (two before the last), today, or A..B for a range.",
    ),
]


def _option(name: str, metavar: str, text: str) -> Any:
    return Annotated[str | None, typer.Option(name, metavar=metavar, help=text)]


FILTERS = {
    "athlete": _option("--athlete", "NAME", "Whose sets: a name or a label, in any case."),
    "on": _option("--on", "DATE", "Sets of this day: 2026-11-22, today or yesterday."),
    "since": _option("--since", "DATE", "Sets from this day or moment on."),
    "until": _option("--until", "DATE", "Sets up to this moment, or with this day."),
    "machine": _option("--machine", "MACHINE", "Sets on a treadmill or a sled."),
    "kind": _option("--kind", "KIND", "Free, warmup, work or cooldown sets."),
    "tag": _option("--tag", "TAG", "Sets with this tag."),
    "rig": _option("--rig", "ID", "Sets of this rig."),
    "quality": _option("--quality", "A|B|C", "Sets of this quality."),
}
NAME_ALL = (
    "Name the sets, or choose them with --on, --athlete or the other options: `retrorig sets` lists them."
)


@dataclass(frozen=True)
class Chosen:
    """What was given to choose sets by."""

    words: tuple[str, ...]
    choice: Choice

    @property
    def is_everything(self) -> bool:
        """Whether nothing was given."""
        return not self.words and self.choice.is_everything

    @property
    def has_day(self) -> bool:
        """Whether sets or days were named, so that a command need not take the last day."""
        choice = self.choice
        return bool(self.words) or any(day is not None for day in (choice.on, choice.since, choice.until))

    def only(self, **filters: Any) -> Chosen:
        """The same with other filters."""
        return replace(self, choice=replace(self.choice, **filters))

    def ids(self, library: Library, must_name: bool = False) -> list[str]:
        """The ids; with `must_name` InputError when nothing was given, or nothing was found."""
        if must_name and self.is_everything:
            raise InputError(NAME_ALL)
        found = library.choose(self.words, self.choice)
        if must_name and not found:
            raise InputError("No set is like that: ask `retrorig sets` with the same options.")
        return found

    def rows(self, library: Library) -> list[SetRow]:
        """The rows, in the order of the list or of the words."""
        if not self.words:
            return library.sets(self.choice)
        return [library.set(set_id) for set_id in self.ids(library)]

    def each_row(self, library: Library) -> Iterator[SetRow]:
        """The same one by one, for when they are many."""
        return iter(self.rows(library)) if self.words else library.each_set(self.choice)

    def athlete(self, rows: Sequence[SetRow]) -> str | None:
        """The person asked for, as the library writes the name."""
        return rows[0].athlete if rows and self.choice.athlete else self.choice.athlete


def choosing(
    words: bool = True, renamed: dict[str, Sequence[str]] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the words and options above, and what was chosen as its parameter `chosen`.

    renamed: filters whose options have other names here, as where the command has an option of its own of that name.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        own = [
            parameter.replace(annotation=hints[name])
            for name, parameter in inspect.signature(command).parameters.items()
            if name != "chosen"
        ]
        added = {"words": Words} if words else {}
        added |= {
            f"by_{name}": _renamed(option, (renamed or {}).get(name)) for name, option in FILTERS.items()
        }

        @functools.wraps(command)
        def chosen_command(**given: Any) -> None:
            named = tuple(given.pop("words", None) or ())
            choice = Choice(**{name: given.pop(f"by_{name}") for name in FILTERS})
            command(chosen=Chosen(named, choice), **given)

        parameters = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
            for name, option in added.items()
        ]
        own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        signature = inspect.Signature([*parameters, *own])
        chosen_command.__signature__ = signature  # type: ignore[attr-defined]
        chosen_command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        return chosen_command

    return decorate


def _renamed(option: Any, names: Sequence[str] | None) -> Any:
    if names is None:
        return option
    kind, info = option.__args__[0], option.__metadata__[0]
    return Annotated[kind, typer.Option(*names, metavar=info.metavar, help=info.help)]
