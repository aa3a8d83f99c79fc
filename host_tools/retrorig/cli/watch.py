"""`retrorig watch`: every rig of this computer, pulled by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from retrorig import Library, local
from retrorig.cli.options import JsonOption, LibraryOption
from retrorig.cli.output import notify, print_line
from retrorig.cli.terminal import commanding
from retrorig.watch import EventLog, Watch, WatchEvent, install_unit

PortsOption = Annotated[
    list[str] | None,
    typer.Option("--port", metavar="URL", help="Port of a rig; may be given again. Default: all that come."),
]


def watch(
    library: LibraryOption = None,
    port: PortsOption = None,
    as_json: JsonOption = False,
    install: Annotated[
        bool, typer.Option("--install", help="Only write the systemd unit that runs this at each start.")
    ] = False,
) -> None:
    """Pull every rig that is plugged in, and again after each set, until Ctrl-C.

    Meanwhile `info`, `live` and the desk look at these rigs through it.

    Example: retrorig watch --library sets
    """
    if install:
        path = install_unit(library, port or ())
        notify(f"Wrote {path}: start it now and at each start of the computer with")
        notify("  systemctl --user enable --now retrorig-watch && loginctl enable-linger")
        return
    with Library(library, create=True) as opened:
        log = EventLog(opened.folder)
    with closing(log), _status(as_json) as show:

        def tell(event: WatchEvent) -> None:
            log.write(event)
            print_line(event.as_dict()) if as_json else _print(event)
            show(service.rigs(), event)

        service = Watch(library, port or (), tell)
        notify("Watching; Ctrl-C ends it.")
        service.run()


def _print(event: WatchEvent) -> None:
    """A line for a person; the ids of the sets are in `sets`."""
    rig = f" (rig {event.rig})" if event.rig else ""
    print(f"{local(event.time_utc):%H:%M:%S}  {event.port}{rig}: {event.sentence}", flush=True)


@contextmanager
def _status(as_json: bool) -> Iterator[Callable[[dict[str, str], WatchEvent], None]]:
    """A line on the terminal's foot that says how many rigs answer and how many sets came."""
    if as_json or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda rigs, event: None
        return
    from rich.console import Console  # takes longer to load than most commands run

    sets_n = 0

    def show(rigs: dict[str, str], event: WatchEvent) -> None:
        nonlocal sets_n
        sets_n += len(event.new)
        there_n = sum(map(bool, rigs.values()))
        line.update(f"rigs that answer: {there_n} of {len(rigs)}   sets pulled: {sets_n}")

    with Console(file=commanding(sys.stderr)).status("no rig yet") as line:
        yield show
