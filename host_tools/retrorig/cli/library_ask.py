"""`retrorig library ask`: a question in SQL to the samples of all sites."""

from __future__ import annotations

import os
from datetime import date
from typing import Annotated, Any

import typer

from retrorig import InputError
from retrorig.cli.options import FILES_VARIABLE, JsonOption, ReadLibraryOption
from retrorig.cli.output import print_json
from retrorig.cli.tables import print_rows, print_table

QuestionArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="QUESTION",
        help="One that is shipped, or a file that ends in .sql; without it, they are listed.",
    ),
]


def ask(
    question: QuestionArgument = None, library: ReadLibraryOption = None, as_json: JsonOption = False
) -> None:
    """What DuckDB answers to a question about the samples of all sites that you may see.

    A file holds one SELECT from the view `samples`: site, rig, month, date, set_id, athlete (a label), t_utc, time_s,
    distance_m, speed_mps, force_n, power_w.

    Example: retrorig library ask weekly_load --library postgresql://coach@db.example/sites
    """
    from retrorig.publish import ask as ask_all
    from retrorig.publish import question_of, questions

    if question is None:
        print_rows(("question", "what it asks"), list(questions().items()))
        return
    sql = question_of(question)
    if not isinstance(library, str):
        raise InputError("Questions go to what is published: give --library postgresql://user@host/name.")
    found = ask_all(library, sql, os.environ.get(FILES_VARIABLE))
    if as_json:
        print_json([dict(zip(found.columns, map(_plain, row), strict=True)) for row in found.rows])
    else:
        rows = [[_plain(value) for value in row] for row in found.rows]
        digits = [
            3 if any(isinstance(row[i], float) for row in rows) else None for i in range(len(found.columns))
        ]
        print_table(list(zip(found.columns, digits, strict=True)), rows)


def _plain(value: Any) -> Any:
    """A value as JSON and tables show it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
