"""Packages that not everyone needs: asked for in one sentence where they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from retrorig.errors import InputError


def require(module: str, extra: str) -> ModuleType:
    """The module, imported now; InputError names the extra of this package that brings it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise InputError(
            f"This needs the package {error.name}: pip install 'retrorig[{extra}]' brings it."
        ) from None
