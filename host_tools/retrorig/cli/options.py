"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrorig import InputError, Library
from retrorig.publish import is_address

if TYPE_CHECKING:
    from retrorig.publish import PublishedCopy

FILES_VARIABLE = "RETRORIG_FILES"
"""Where published files are from here, if not where the database says."""


def _folder(text: str) -> Path:
    """The folder of a library that may be changed."""
    if is_address(text):
        raise InputError(
            "What is published in a database is read by sets, show, export, report, day, trend, sides, fatigue, "
            "quality, drag, profile, desk and calibrate (list, show, compare, certificate); this command needs "
            "--library with a folder."
        )
    return Path(text)


def _place(text: str) -> Path | str:
    """A folder, or the address of a database in which libraries are published."""
    return text if is_address(text) else Path(text)


@contextmanager
def reading(place: Path | str | None) -> Iterator[Library]:
    """The library of a ReadLibraryOption, open for the block."""
    if isinstance(place, str):
        from retrorig.publish import published

        with published(place, os.environ.get(FILES_VARIABLE)) as library:
            yield library
    else:
        with Library(place) as library:
            yield library


@contextmanager
def copied(place: Path | str | None) -> Iterator[PublishedCopy | None]:
    """What is published at the address of a ReadLibraryOption, for the block; None for a folder."""
    if isinstance(place, str):
        from retrorig.publish import published_copy

        with published_copy(place, os.environ.get(FILES_VARIABLE)) as copy:
            yield copy
    else:
        yield None


def _library_option(parser: Callable[[str], Path | str], told: str) -> Any:
    return typer.Option(
        "--library", metavar="DIR", envvar="RETRORIG_LIBRARY", show_envvar=False, parser=parser, help=told
    )


LibraryOption = Annotated[
    Path | None,
    _library_option(_folder, "Folder of the library; default: RETRORIG_LIBRARY, or your user data."),
]
ReadLibraryOption = Annotated[
    Path | None,
    _library_option(
        _place,
        "Folder of the library, or postgresql://... where many are published; default: RETRORIG_LIBRARY, or your "
        "user data.",
    ),
]
PortOption = Annotated[
    str | None, typer.Option("--port", metavar="URL", help="Port of the rig; default: the one rig found.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON alone on stdout.")]
RigFileOption = Annotated[
    Path | None, typer.Option("--rig", metavar="RIG.toml", help="What the virtual rig is made of.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Everything random follows from it.")]
