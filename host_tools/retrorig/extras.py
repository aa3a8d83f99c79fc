"""Packages that not everyone needs: asked for in one sentence where they are missing."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import requires
from pathlib import Path
from types import ModuleType

from retrorig.errors import MissingPackageError


def require(module: str, extra: str) -> ModuleType:
    """The module, imported now; MissingPackageError tells what brings it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise MissingPackageError(
            f"This needs the package {error.name}: `{bringing(extra)}` brings it."
        ) from None


def bringing(extra: str, prefix: Path = Path(sys.prefix), program: str = sys.executable) -> str:
    """The command that adds the packages of an extra to this installation, by the installer that made it.

    Double quotes are right for sh, PowerShell and cmd.exe alike.
    """
    packages = " ".join(f'"{package}"' for package in _packages(extra))
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx inject retrorig {packages}"
    if (prefix / "uv-receipt.toml").exists():
        return f'uv pip install --python "{program}" {packages}'
    return f'"{program}" -m pip install {packages}'


def _packages(extra: str) -> list[str]:
    """What the package declares for the extra, without the platforms."""
    declared = [line.partition(";") for line in requires("retrorig") or ()]
    return [name.strip() for name, _, marker in declared if f"extra == '{extra}'" in marker.replace('"', "'")]
