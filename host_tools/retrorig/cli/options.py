"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="RETRORIG_LIBRARY",
        show_envvar=False,
        help="Folder of the library; default: RETRORIG_LIBRARY, or your user data.",
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
