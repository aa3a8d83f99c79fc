"""Loads a module for a moment and forgets it: the board's memory is small."""

import sys

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_collect: "list[Callable[[], None] | None]" = [None]


def collect_by(collect: "Callable[[], None] | None") -> None:
    """Have garbage collected by this function from now on; None while the rig starts, when a threshold collects."""
    _collect[0] = collect


def collect_now() -> None:
    """Before something is made that stays: it shall lie where there was room, not behind what is about to go."""
    collect = _collect[0]
    if collect:
        collect()


def transient_import(path: str) -> "Any":
    """The module "package.name" or "name", which nobody but the caller keeps."""
    collect_now()
    module = __import__(path, None, None, (path,))
    forget(path)
    return module


def forget(path: str) -> None:
    """Remove a module that a transient one has imported, if it has."""
    if path not in sys.modules:
        return
    del sys.modules[path]
    package, _, name = path.rpartition(".")
    if package:
        delattr(sys.modules[package], name)
