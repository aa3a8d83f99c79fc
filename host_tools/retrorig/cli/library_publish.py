"""`retrorig library publish`: this library's part of what many sites publish together."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from retrorig import InputError, Library
from retrorig.cli.options import JsonOption, LibraryOption
from retrorig.cli.output import notify, print_json, print_line, progress
from retrorig.publish import ChangePublisher, PublishResult
from retrorig.publish import publish as publish_library


def _print_sql(wanted: str | None) -> None:
    if wanted is None:
        return
    from retrorig.publish import roles_sql, tables_sql

    texts = {"tables": tables_sql() + ";\n", "roles": roles_sql()}
    if wanted not in texts:
        raise InputError(f"--sql prints tables or roles, not {wanted!r}.")
    print(texts[wanted], end="")
    raise typer.Exit


TargetArgument = Annotated[
    str | None, typer.Argument(metavar="TARGET", help="The database: postgresql://user@host/name.")
]
FilesOption = Annotated[
    str | None,
    typer.Option(
        "--files", metavar="PLACE", help="Folder or bucket for samples; needed the first time alone."
    ),
]
SiteOption = Annotated[
    str | None, typer.Option("--site", metavar="NAME", help="What this library is called there.")
]
NamesOption = Annotated[
    bool | None,
    typer.Option(
        "--names/--no-names",
        help="Whether names of people go there; default: as the time before, at first yes.",
    ),
]
CompactOption = Annotated[
    bool, typer.Option("--compact", help="Also make one file of each rig's month that is over.")
]
FollowOption = Annotated[
    bool, typer.Option("--follow", help="Go on, and publish after each change until Ctrl-C.")
]
SqlOption = Annotated[
    str | None,
    typer.Option(
        "--sql",
        metavar="tables|roles",
        is_eager=True,
        callback=_print_sql,
        help="Print the database's tables, or who may see what in them, as SQL.",
    ),
]


def publish(
    target: TargetArgument = None,
    library: LibraryOption = None,
    files: FilesOption = None,
    site: SiteOption = None,
    names: NamesOption = None,
    compact: CompactOption = False,
    follow: FollowOption = False,
    sql: SqlOption = None,  # noqa: ARG001
    as_json: JsonOption = False,
) -> None:
    """Send what is new or changed to a database and a store of files that many sites share.

    Deleted sets and forgotten people go from there, too. Passwords and keys are read from where PostgreSQL's and the
    store's own programs look for them: PGPASSWORD or .pgpass, AWS_PROFILE and the like.

    Example: retrorig library publish postgresql://coach@db.example/sites --files s3://sites/retrorig
    """
    if target is None:
        raise InputError("Name the database to publish into, like postgresql://user@host/name.")
    options = {"site_name": site, "has_names": names, "is_compacting": compact}
    if follow:
        tell = _tell_line if as_json else _tell
        ChangePublisher(library, target, files, tell=tell, tell_lost=notify, **options).run()
        return
    with Library(library) as opened, progress("publishing") as report:
        result = publish_library(opened, target, files, progress=report, **options)
    if as_json:
        print_json(asdict(result))
    _tell(result)


def _tell_line(result: PublishResult) -> None:
    print_line(asdict(result))


def _tell(result: PublishResult) -> None:
    for notice in result.notices:
        notify(notice)
    made_one = f" Files made one: {result.compacted_n}." if result.compacted_n else ""
    notify(f"Sets sent: {result.sent_n}. Taken away: {result.removed_n}.{made_one}")
