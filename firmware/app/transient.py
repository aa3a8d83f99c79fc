"""Loads a module for a moment and forgets it: the board's memory is small."""

import gc
import sys

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def transient_import(path: str) -> "Any":
    """The module "package.name" or "name", which nobody but the caller keeps."""
    gc.collect()
    module = __import__(path, None, None, (path,))
    forget(path)
    return module


def forget(path: str) -> None:
    """Remove a module that a transient one has imported."""
    del sys.modules[path]
    package, _, name = path.rpartition(".")
    if package:
        delattr(sys.modules[package], name)
