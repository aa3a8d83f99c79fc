"""Modules that are seldom needed are loaded for the moment and forgotten: the board's memory is small."""

import gc
import sys

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def transient_import(path: str) -> "Any":
    """The module "package.name" or "name"; it goes when its user lets go of it."""
    gc.collect()
    module = __import__(path, None, None, (path,))
    forget(path)
    return module


def forget(path: str) -> None:
    """Let a module go that a borrowed one has brought along."""
    del sys.modules[path]
    package, _, name = path.rpartition(".")
    if package:
        delattr(sys.modules[package], name)
