"""`retrorig desk`: everything a coach does, in the browser of this laptop."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from retrorig import InputError
from retrorig.cli.options import PortOption, ReadLibraryOption, copied
from retrorig.cli.output import notify
from retrorig.desk import make_shortcut, open_desk

if TYPE_CHECKING:
    from retrorig.desk import Started


def desk(
    library: ReadLibraryOption = None,
    port: PortOption = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address; open it yourself.")
    ] = False,
    http_port: Annotated[
        int,
        typer.Option("--http-port", metavar="N", min=0, max=65535, help="Of the page; default: a free one."),
    ] = 0,
    share: Annotated[
        bool,
        typer.Option("--share", help="Show the live page, without names, to others on this network, too."),
    ] = False,
    shortcut: Annotated[
        bool, typer.Option("--shortcut", help="Only make a file on the desktop that opens this page.")
    ] = False,
) -> None:
    """Open the coach's page in the browser: pull, look, note, compare. It runs until Ctrl-C.

    The address that it prints lets one browser in, once. Nothing leaves this computer.

    Example: retrorig desk
    """
    if shortcut:
        if isinstance(library, str):
            raise InputError(
                "--shortcut opens a library in a folder: a file must not hold a way into a database."
            )
        notify(f"Made {make_shortcut(library, port)}: a double click opens the desk.")
        return

    def announce(started: Started) -> None:
        print(started.address, flush=True)
        if started.shared:
            print(started.shared, flush=True)
            notify("The live page is open to whoever on this network has the second address, without names.")
        notify(
            "A desk of this library runs already: this is its page."
            if started.is_joined
            else "Ctrl-C ends the desk."
        )
        if not no_browser:
            webbrowser.open(started.address)

    with copied(library) as published:
        open_desk(library, port, http_port, announce, share, published)
