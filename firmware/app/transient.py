"""Loads a module for a moment and forgets it: the board's memory is small."""

import sys

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _leave_it() -> None:
    """While the rig starts, a threshold collects."""


_collect = [_leave_it]


def collect_by(collect: "Callable[[], None]") -> None:
    """Have garbage collected by this function from now on."""
    _collect[0] = collect


def transient_import(path: str) -> "Any":
    """The module "package.name" or "name", which nobody but the caller keeps."""
    _collect[0]()
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
